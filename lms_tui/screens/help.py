"""What can be done on the screen beneath, and where one can go: two small screens made from the commands."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from lms_tui.commands import EVERYWHERE, GO, Command, bindings
from lms_tui.widgets.own_keys import bind_own_keys, keymap_of, usable_keys

CLOSING = ("back", "help")
"""What closes the help screen, besides Enter: what goes back, and what opened it."""


class HelpScreen(ModalScreen[None]):
    """The keys of a screen, from its commands, and those of the part that has the cursor: only what works there now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(None)", "Close", show=False),
        *(Binding(command.keys, "dismiss(None)", "Close", show=False, id=command.id) for command in EVERYWHERE if command.id in CLOSING),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, commands: Sequence[Command], focused: Widget | None) -> None:
        super().__init__()
        self._commands = commands
        self._focused = focused

    def on_mount(self) -> None:
        bind_own_keys(self)

    def compose(self) -> ComposeResult:
        keymap = keymap_of(self)
        everywhere = {command.id for command in EVERYWHERE}
        usable = self._usable(self._commands)
        here = [command for command in usable if command.id not in everywhere]
        moving: Sequence[Command] = getattr(self._focused, "COMMANDS", ())
        go = next((command.key for command in usable if command.id == "go" and command.keys), "")
        with VerticalScroll() as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            yield from _part("On this screen", here)
            yield from _part("Where the cursor is", self._usable(map(keymap.of, moving)))
            yield from _part("Everywhere", (command for command in usable if command.id in everywhere))
            yield from _part(f"After {go}", map(keymap.of, GO if go else ()))
            yield Static("Ctrl+C and Ctrl+Q leave the app from anywhere. Settings can give each command other keys.", classes="part last")

    def _usable(self, commands: Iterable[Command]) -> list[Command]:
        """Commands with those of their keys that do not write into the field with the cursor."""
        return [replace(command, keys=usable_keys(self._focused, command.keys)) for command in commands]


def _part(title: str, commands: Iterable[Command]) -> ComposeResult:
    """Commands that have a key, under a title."""
    with_keys = [command for command in commands if command.keys]
    if with_keys:
        yield Static(Content.styled(title, "$quiet"), classes="part")
    for command in with_keys:
        yield Static(_row(command.all_keys, command.title))
        yield Static(command.sentence, classes="sentence", markup=False)


def _row(keys: str, title: str) -> Content:
    return Content.assemble((f"{keys:<11} ", "bold $accent"), (title, "bold"))


class GoScreen(ModalScreen[None]):
    """After ``g`` one letter goes. It goes before the next key is looked at, so that ``g p q`` leaves the progress screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GO),
        *(Binding(command.keys, "stay", "Stay", show=False, id=command.id) for command in EVERYWHERE if command.id in ("back", "go")),
    ]

    def __init__(self, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go

    def on_mount(self) -> None:
        bind_own_keys(self)

    def action_to(self, place: str) -> None:
        """Goes there."""
        if self.is_active:
            self.app.pop_screen()
            self._go(place)

    def action_stay(self) -> None:
        """Closes this line."""
        if self.is_active:
            self.app.pop_screen()

    def compose(self) -> ComposeResult:
        entries = [_entry(command.key, command.hint, command.action) for command in map(keymap_of(self).of, GO)]
        line = Static(Content("  ").join([Content.styled("go to", "$quiet"), *entries, _entry("Esc", "stay", "stay")]))
        line.auto_links = False
        yield line


def _entry(key: str, word: str, action: str) -> Content:
    return Content.assemble((key, "bold $accent"), f" {word}").stylize(Style.from_meta({"@click": f"screen.{action}"}))
