"""What can be done on the screen beneath, and where one can go: two small screens made from the commands."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from lms_tui.commands import Command

_MOVING = (
    ("↑ ↓ PgUp PgDn", "Move", "j and k move as well; Home and End go to the ends."),
    ("Tab", "Next part", "Goes to the next thing that takes keys; Shift+Tab to the one before."),
)


class HelpScreen(ModalScreen[None]):
    """The keys of a screen, from its commands."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss(None)", "Close", show=False)]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__()
        self._rows = [(command.all_keys, command.title, command.sentence) for command in commands]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys of this screen"
            box.border_subtitle = "Esc closes"
            for keys, title, sentence in (*self._rows, *_MOVING):
                yield Static(
                    Content.assemble((f"{keys:<14} ", "bold $accent"), (title, "bold"), "\n", (sentence, "$text-muted")), classes="key"
                )


class GoScreen(ModalScreen[str]):
    """After ``g`` one letter goes; the result is where to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "dismiss('home')", "Home", show=False),
        Binding("p", "dismiss('progress')", "Progress", show=False),
        Binding("escape,q,g", "dismiss('')", "Stay", show=False),
    ]

    def compose(self) -> ComposeResult:
        places = (("h", "home", "home"), ("p", "progress", "progress"), ("Esc", "stay", ""))
        entries = [
            Content.assemble((key, "bold $accent"), f" {name}").stylize(Style.from_meta({"@click": f"screen.dismiss('{result}')"}))
            for key, name, result in places
        ]
        yield Static(Content("   ").join([Content.styled("go to", "$text-muted"), *entries]))
