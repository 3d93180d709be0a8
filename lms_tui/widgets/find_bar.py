"""The line that asks what to find in a text, and then says how to go from match to match."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from lms_tui.commands import FIND, bindings
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import keymap_of


class FindBar(Horizontal):
    """Hidden until it is opened; its ``Input`` tells what was asked for, ``Widened`` that it is to be looked for elsewhere, too."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FIND)]

    @dataclass
    class Widened(Message):
        """The text is to be looked for in the whole course."""

        text: str

    def compose(self) -> ComposeResult:
        yield Label("find", markup=False)
        yield Input(placeholder="text in this section", compact=True)
        yield Static("Enter finds · Tab searches the course", id="ways", markup=False)
        yield Static(id="matches")

    def on_mount(self) -> None:
        self.display = False

    def open(self) -> None:
        """Shows it and takes the keys."""
        self._ask(True)
        self.screen.set_focus(self.query_one(Input))

    def action_widen(self) -> None:
        """Looks further than this page."""
        self.post_message(self.Widened(self.query_one(Input).value))

    def found(self, text: str) -> None:
        """The text is marked in the page; this line says which keys go on from there."""
        self._ask(False)
        keymap = keymap_of(self)
        keys = ((keymap.key("reader.find_next"), "next"), (keymap.key("reader.find_previous"), "previous"), ("Esc", "ends"))
        entries = [Content.assemble((key, "bold $accent"), " ", (word, "$quiet")) for key, word in keys]
        room = max(8, self.size.width - 46)
        self.query_one("#matches", Static).update(Content("   ").join([foreign(f"“{text}”").truncate(room, ellipsis=True), *entries]))

    def _ask(self, asks: bool) -> None:
        self.display = True
        self.query_one(Input).display = asks
        self.query_one("#ways").display = asks
        self.query_one("#matches").display = not asks
