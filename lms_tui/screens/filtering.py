"""Which courses of the catalogue: one list of all that can be chosen, narrowed by typing."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lms_tui.model.catalog import Facets, Filters
from lms_tui.model.course import Difficulty
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.rows import Rows

Choice = tuple[str, str]  # the filter's name, and its value


class _Choices(Rows):
    """What can be chosen, each with its kind; what is chosen has a tick."""

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self._filters = filters
        self._choices: Sequence[Choice] = ()

    @property
    def shows_cursor(self) -> bool:
        """Always: the field above has the keys, and hands on those that move."""
        return True

    def show(self, choices: Sequence[Choice]) -> None:
        """These."""
        self._choices = choices
        self.set_count(len(choices))

    @property
    def selected(self) -> Choice | None:
        """The one under the cursor."""
        return self._choices[self.cursor] if self._choices else None

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        name, value = self._choices[index]
        mark = "✓ " if getattr(self._filters, name) == value else "  "
        return (Content.assemble((mark, "$success"), (f"{name:<12}", "$quiet"), foreign(value.lower() if name == "difficulty" else value)),)


class FilterScreen(ModalScreen[Filters | None]):
    """Enter chooses, or gives up what was chosen; typing narrows the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("enter", "choose", "Choose", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, facets: Facets, filters: Filters) -> None:
        super().__init__()
        self._filters = filters
        self._all = [
            *(("difficulty", level.value) for level in Difficulty),
            *(("category", value) for value in facets.categories),
            *(("tag", value) for value in facets.tags),
        ]

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Show only"
            box.border_subtitle = "Enter chooses, Esc closes"
            yield Input(placeholder="type to narrow the list", select_on_focus=False)
            yield _Choices(self._filters)
            yield Static(id="none", markup=False)

    def on_mount(self) -> None:
        self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        found = [choice for choice in self._all if all(word in " ".join(choice).casefold() for word in wanted)]
        choices, none = self.query_one(_Choices), self.query_one("#none", Static)
        choices.show(found)
        choices.display, none.display = bool(found), not found
        none.update(Content.assemble("Nothing to choose has ", foreign(f"“{text}”").stylize("bold"), " in it."))

    def action_move(self, by: int) -> None:
        """Moves the cursor, while the text can be typed on."""
        self.query_one(_Choices).action_cursor(by)

    def action_page(self, by: int) -> None:
        """Moves the cursor by what is in sight."""
        self.query_one(_Choices).action_page(by)

    @on(_Choices.Clicked)
    def action_choose(self) -> None:
        """Takes what is under the cursor; what was taken already is given up."""
        choice = self.query_one(_Choices).selected
        if choice is not None:
            name, value = choice
            self.dismiss(replace(self._filters, **{name: None if getattr(self._filters, name) == value else value}))
