"""A window on the catalogue, a course a line. At a side where there is more, a line says that it is coming."""

from collections.abc import Sequence
from typing import Literal

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message

from lms_tui.views.catalog import Window
from lms_tui.views.nodes import CourseNode
from lms_tui.views.words import MARKS, counted, minutes, state
from lms_tui.widgets.course_title import course_title
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.rows import Rows

_COLOURS = {"done": "$success", "begun": "$accent", "not begun": "$quiet"}
_HERE = "↓"
_WHEEL = 3


class CatalogRows(Rows):
    """Rows of a window: the cursor stays on its course, at its height, while pages come and go around it."""

    class Wanted(Message):
        """The first or the last page of the catalogue is to be shown."""

        def __init__(self, end: Literal["first", "last"]) -> None:
            super().__init__()
            self.end = end

    def __init__(self) -> None:
        super().__init__()
        self._courses: tuple[CourseNode, ...] = ()
        self._before = self._after = False

    def show(self, window: Window, at: Literal["here", "first", "last"] = "here") -> None:
        """This window, with the cursor on the course that it was on, or at an end."""
        here = self.selected.id if self.selected and at == "here" else ""
        line = self.cursor - self.scroll_offset.y
        self._courses = window.courses
        self._before, self._after = window.previous is not None, window.next is not None
        count = len(self._courses)
        index = next((index for index, course in enumerate(self._courses) if course.id == here), None)
        if index is None:
            index = {"here": self.cursor - self._lead, "first": 0, "last": count - 1}[at]
        self.count = count + self._lead + self._after
        self._fit()
        self.cursor = index + self._lead
        if at == "here":
            self.scroll_to(y=self.cursor - line, animate=False, immediate=True, force=True)
        self.refresh()

    @property
    def _lead(self) -> int:
        return int(self._before)

    @property
    def selected(self) -> CourseNode | None:
        """The course under the cursor."""
        return self._courses[self._place] if self._courses else None

    @property
    def _place(self) -> int:
        return max(0, min(self.cursor - self._lead, len(self._courses) - 1))

    @property
    def room(self) -> tuple[int, int]:
        """How many courses the window has above the cursor, and below it."""
        return self._place, len(self._courses) - 1 - self._place

    def validate_cursor(self, cursor: int) -> int:
        return max(self._lead, min(cursor, self._lead + len(self._courses) - 1))

    def watch_cursor(self, cursor: int) -> None:
        super().watch_cursor(cursor)
        if cursor == self._lead and self._before:  # what is coming is seen to be coming
            self.scroll_to_region(Region(0, 0, 1, 1), animate=False, force=True)
        elif cursor == self.count - 2 and self._after:
            self.scroll_to_region(Region(0, self.count - 1, 1, 1), animate=False, force=True)

    def action_cursor_to(self, index: int) -> None:
        """To the first course of the catalogue, or to the last: they may be far from here."""
        self.post_message(self.Wanted("first" if index == 0 else "last"))

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        place = index - self._lead
        if not 0 <= place < len(self._courses):
            return (Content.styled("  … more courses are coming", "$quiet"),)
        return (_line(self._courses[place], width),)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.prevent_default().stop()
        self.action_cursor(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.prevent_default().stop()
        self.action_cursor(-_WHEEL)

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y + self.scroll_offset.y - self._lead < len(self._courses):
            super().on_click(event)


def _line(course: CourseNode, width: int) -> Content:
    """Mark and title, and at the right as much as fits of category, level, length, standing, and whether it is on this machine."""
    standing = state(course.progress)
    mark = Content.styled(f"{MARKS[standing]} ", _COLOURS[standing]) if course.enrolled else Content("  ")
    cells = [(f"{course.progress.percent} %" if course.enrolled else "", 7), (_HERE if course.available_offline else "", 2)]
    if width >= 66:
        cells = [((course.difficulty or "").lower(), 14), (minutes(course.minutes * 60) if course.minutes else "", 11), *cells]
    if width >= 100:
        cells = [(counted(course.lesson_count, "lesson") if course.lesson_count else "", 12), *cells]
    right = [Content(" ") + foreign(course.category or "").truncate(19, ellipsis=True, pad=True)] if width >= 100 else []
    right += [Content(f"{text:>{room}}") if room == 7 else Content(f" {text:<{room - 1}}") for text, room in cells]
    room = max(1, width - sum(part.cell_length for part in right))
    title = Content.assemble(mark, course_title(course, room - 2)).truncate(room, ellipsis=True, pad=True)
    return Content.assemble(title, *(part.stylize("$quiet") for part in right))
