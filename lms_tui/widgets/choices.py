"""The options of a question, chosen by number, by cursor or by click."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lms_tui.commands import CHOICES, bindings
from lms_tui.widgets.own_keys import bind_own_keys
from lms_tui.widgets.prose import Prose


class Choice(Horizontal):
    """One option: its mark and number, and its text as Markdown."""

    class Picked(Message):
        """The option was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, number: int, markdown: str, multiple: bool, digits: int = 1) -> None:
        super().__init__()
        self.number = number
        self._markdown = markdown
        self._written = f"{number:<{digits}}"
        self._marks = ("[ ]", "[x]") if multiple else ("( )", "(•)")

    def compose(self) -> ComposeResult:
        yield Static(self._label(False, False), classes="mark")
        yield Prose(self._markdown)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Picked(self.number))

    @property
    def is_in_sight(self) -> bool:
        """Whether some of it is on the screen and not scrolled away."""
        return self.is_on_screen and bool(self.screen.find_widget(self).visible_region)

    def show(self, chosen: bool, here: bool) -> None:
        """Whether it is chosen, and whether the cursor is on it."""
        self.set_class(chosen, "-chosen")
        self.set_class(here, "-here")
        self.query_one(".mark", Static).update(self._label(chosen, here))

    def _label(self, chosen: bool, here: bool) -> Content:
        return Content(f"{'▌' if here else ' '}{self._marks[chosen]} {self._written} ")


class Choices(Vertical, can_focus=True):
    """One or several of up to many options; 1 to 9 choose, the arrows and Space as well."""

    COMMANDS = CHOICES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CHOICES)]

    class Changed(Message):
        """Another set of options is chosen."""

    def __init__(self, options: Sequence[str], *, multiple: bool, chosen: Sequence[int]) -> None:
        super().__init__()
        self._options = options
        self._multiple = multiple
        self.chosen = [number for number in chosen if 1 <= number <= len(options)]
        self._here = self.chosen[0] if self.chosen else 1

    def compose(self) -> ComposeResult:
        for number, option in enumerate(self._options, 1):
            yield Choice(number, option, self._multiple, len(str(len(self._options))))

    def on_mount(self) -> None:
        bind_own_keys(self)
        self._show()

    def _show(self) -> None:
        for choice in self.query(Choice):
            choice.show(choice.number in self.chosen, choice.number == self._here and not self.disabled)

    def watch_disabled(self, disabled: bool) -> None:
        super().watch_disabled(disabled)
        self._show()

    def choose(self, number: int) -> None:
        """Chooses an option; of several, chooses or drops it."""
        if not 1 <= number <= len(self._options):
            return
        self._here = number
        if not self._multiple:
            self.chosen = [number]
        elif number in self.chosen:
            self.chosen.remove(number)
        else:
            self.chosen = sorted([*self.chosen, number])
        self._show()
        self._scroll_here()
        self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789":
            event.stop()
            self.choose(int(event.character))

    def action_move(self, by: int) -> None:
        """Moves the cursor; where it was scrolled out of sight, to the first option that is in sight, or the last."""
        in_sight = [choice.number for choice in self.query(Choice) if choice.is_in_sight]
        if in_sight and self._here not in in_sight:
            self._here = in_sight[0 if by > 0 else -1]
        else:
            self._here = max(1, min(self._here + by, len(self._options)))
        self._show()
        self._scroll_here()

    def _scroll_here(self) -> None:
        for choice in self.query(Choice):
            if choice.number == self._here:
                choice.scroll_visible(animate=False)

    def action_choose_here(self) -> None:
        """Chooses what the cursor is on."""
        self.choose(self._here)

    @on(Choice.Picked)
    def _picked(self, message: Choice.Picked) -> None:
        message.stop()
        self.focus()
        self.choose(message.number)
