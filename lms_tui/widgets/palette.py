"""Inks to colours: each ink of a line is a component class of the reader, so that themes and style sheets decide."""

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from lms_tui.widgets.lines import Ink

INKS = (
    "heading-1", "heading-2", "heading-3", "heading-4", "heading-rule", "strong", "emphasis", "code", "strike", "key", "image", "html",
    "link", "faint", "bullet", "table-head", "quote-bar", "box-note", "box-warning", "box-task", "box-help", "code-block", "code-bar",
    "code-comment", "code-keyword", "code-string", "code-number", "code-name", "code-variable", "found", "found-here", "stop", "stop-bar",
)  # fmt: skip
COMPONENTS = frozenset(f"reader--{ink}" for ink in INKS)


class Palette:
    """The styles of inks for a widget under its theme; asked anew when the theme changes."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[Ink, Style] = {}

    def forget(self) -> None:
        """Drops what was asked."""
        self._styles.clear()

    def style(self, ink: Ink) -> Style:
        """The style of an ink: the widget's own with each part of the ink over it."""
        found = self._styles.get(ink)
        if found is None:
            found = self._styles[ink] = self._mixed(ink)
        return found

    def _mixed(self, ink: Ink) -> Style:
        _, _, ground, colour = self._widget.colors
        text = self._widget.styles.text_style
        automatic = False
        for name in ink:
            styles = self._widget.get_component_styles(f"reader--{name}")
            if styles.has_rule("background"):
                ground = _over(ground, styles.background)
            if styles.has_rule("color"):
                colour, automatic = styles.color, styles.auto_color
            text += styles.text_style
        if automatic:
            colour = ground.get_contrast_text(colour.a)
        if colour.a < 1 and (colour.ansi is not None or ground.ansi is not None):  # the terminal's own colours cannot be mixed
            text += Style(dim=True)
        else:
            colour = _over(ground, colour)
        return text + Style(color=colour.rich_color, bgcolor=ground.rich_color)


def _over(ground: Color, colour: Color) -> Color:
    """A colour over a ground; one that would have to be mixed with a colour of the terminal's own leaves the ground."""
    if colour.a == 1 or (colour.ansi is None and ground.ansi is None):
        return ground + colour
    return ground
