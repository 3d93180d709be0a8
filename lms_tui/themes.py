"""Colours: a dark and a light theme of our own, and the terminal's own colours."""

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="lms-dark",
    primary="#7aa2d6",
    secondary="#8fa3bf",
    accent="#e0b26a",
    success="#83c08a",
    warning="#e5a05a",
    error="#e07a7a",
    foreground="#d8dce3",
    background="#15181d",
    surface="#1b1f26",
    panel="#242a33",
    dark=True,
    variables={
        "quiet": "#929cac",
        "boost": "#23272c",
        "scrollbar": "#566071",
        "scrollbar-hover": "#6d7889",
        "scrollbar-background": "#15181d",
    },
)
LIGHT = Theme(
    name="lms-light",
    primary="#2f5f9e",
    secondary="#51607a",
    accent="#7d5200",
    success="#186a2c",
    warning="#934900",
    error="#b3261e",
    foreground="#22262c",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e6e3da",
    dark=False,
    variables={
        "quiet": "#585d66",
        "boost": "#ecebe8",
        "scrollbar": "#a39f93",
        "scrollbar-hover": "#85817a",
        "scrollbar-background": "#fbfaf7",
    },
)
THEMES = (DARK, LIGHT)
CHOICES = {
    "Dark": DARK.name,
    "Light": LIGHT.name,
    "Terminal colours on dark": BUILTIN_THEMES["ansi-dark"].name,
    "Terminal colours on light": BUILTIN_THEMES["ansi-light"].name,
}


def known(name: str) -> str:
    """The name of a theme that can be chosen, or that of our dark one."""
    return name if name in CHOICES.values() else DARK.name


def quiet_of(theme: Theme) -> str:
    """The colour of what is said beside the matter, in a theme that names none."""
    if not theme.ansi:
        return "#808a99"
    return "ansi_white" if theme.dark else "ansi_bright_black"  # bright black cannot be read on many dark terminals
