"""A list that is drawn by line: rows are made when they come into sight, however many there are."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from lms_tui.commands import ROWS, bindings
from lms_tui.widgets.own_keys import bind_own_keys


class Rows(ScrollView, can_focus=True):
    """Rows of one height with a cursor. What a row looks like is said by ``draw_row``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}
    COMMANDS = ROWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ROWS)]
    MARK = "▌"

    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, rows: "Rows", index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> "Rows":
            return self.rows

    class Clicked(Moved):
        """A row was clicked, which opens it."""

    def __init__(self, *, row_height: int = 1, below_another: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.row_height = row_height
        self.count = 0
        self._below_another = below_another

    def on_mount(self) -> None:
        bind_own_keys(self)

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        """The lines of a row, each at most ``width`` cells."""
        raise NotImplementedError

    @property
    def shows_cursor(self) -> bool:
        """Whether the cursor is drawn: where the keys go to this list."""
        return self.has_focus

    def set_count(self, count: int) -> None:
        """There are now so many rows, and all may look different."""
        self.count = count
        self.cursor = self.validate_cursor(self.cursor)
        self._fit()
        self.refresh()

    def first_in_sight(self, cursor: int) -> int:
        """The row that should be seen with the one under the cursor, where there is room: its title, for one that has a title."""
        return cursor

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, cursor: int) -> None:
        self.refresh()
        self.bring_into_sight()
        self.post_message(self.Moved(self, cursor))

    def bring_into_sight(self) -> None:
        """Scrolls to the row under the cursor."""
        for row in (self.first_in_sight(self.cursor), self.cursor):
            self.scroll_to_region(Region(0, row * self.row_height, 1, self.row_height), animate=False, force=True)

    def on_resize(self) -> None:
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, self.count * self.row_height)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index, line = divmod(y + self.scroll_offset.y, self.row_height)
        here = index == self.cursor
        active = here and self.shows_cursor
        if index >= self.count or width < 4:
            return Strip.blank(max(0, width), self.visual_style.rich_style)
        lines = self.draw_row(index, width - 3)
        style = self.get_visual_style("rows--cursor") if active and line < len(lines) else self.visual_style
        text = lines[line] if line < len(lines) else Content("")
        content = Content.assemble(
            (f"{self.MARK} ", "$accent") if active and line < len(lines) else "  ", text.truncate(width - 3, ellipsis=True, pad=True), " "
        )
        return Visual.to_strips(self, content, width, 1, style)[0]

    def action_cursor(self, by: int) -> None:
        """Moves the cursor; above the first row is the widget before this one, where there is one."""
        if self.cursor + by < 0 and self._below_another:
            self.screen.focus_previous()
        else:
            self.cursor += by

    def action_page(self, by: int) -> None:
        """Moves the cursor by what is in sight."""
        self.cursor += by * max(1, self.size.height // self.row_height - 1)

    def action_cursor_to(self, index: int) -> None:
        """Moves the cursor to a row; -1 is the last."""
        self.cursor = index if index >= 0 else self.count - 1

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) // self.row_height
        if index < self.count:
            self.focus()
            self.cursor = index
            self.post_message(self.Clicked(self, index))
