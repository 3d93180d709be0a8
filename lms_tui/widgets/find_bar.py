"""The line that asks what to find in a text."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label


class FindBar(Horizontal):
    """Hidden until it is opened; its ``Input`` tells what was asked for."""

    def compose(self) -> ComposeResult:
        yield Label("find", markup=False)
        yield Input(placeholder="text in this section; Enter finds, n and N go on, Esc closes", compact=True)

    def on_mount(self) -> None:
        self.display = False

    def open(self) -> None:
        """Shows it and takes the keys."""
        self.display = True
        self.query_one(Input).focus()
