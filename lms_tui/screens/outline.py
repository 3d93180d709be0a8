"""A course's lessons and sections, with what is done, begun and not begun."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from lms_tui.commands import OUTLINE, Command, bindings
from lms_tui.model.course import SectionType
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.opening import PRACTISED, open_section
from lms_tui.views.attempting import under_way
from lms_tui.views.nodes import SectionNode
from lms_tui.widgets.details import Details
from lms_tui.widgets.outline_rows import OutlineRows, course_standing

if TYPE_CHECKING:
    from lms_tui.library import Library

_EMPTY = "There is nothing in this course yet."


class OutlineScreen(LibraryScreen):
    """Enter opens what is under the cursor. Raises ``NotFound`` when made for a course that is not there."""

    HERE = OUTLINE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(OUTLINE)]
    AUTO_FOCUS = "OutlineRows"

    def __init__(self, library: "Library", course: str, section: str = "") -> None:
        super().__init__(library)
        self.course = course
        self._at = section
        self._outline = library.outline(course)

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            yield OutlineRows()
            yield Static(_EMPTY, id="empty", markup=False)
            yield Details()

    def on_mount(self) -> None:
        if not self._at and (card := self.library.next_up(self.course)):
            self._at = card.section.id
        if self.library.personal and not self._outline.course.enrolled:
            self.work(self._enrol())

    async def _enrol(self) -> None:
        await self.library.enrol(self._outline.course.ref)

    def course_here(self) -> str:
        return self._outline.course.ref

    def reread(self) -> None:
        self._outline = self.library.outline(self.course)
        rows = self.query_one(OutlineRows)
        rows.show(self._outline, self._at)
        self._at = ""
        rows.display = bool(self._outline.lessons)
        self.query_one("#empty").display = not rows.display
        self.heading(self._outline.course.title, right=course_standing(self._outline))
        self._show_details()

    def _show_details(self) -> None:
        row = self.query_one(OutlineRows).selected
        assessed = isinstance(row, SectionNode) and row.type is SectionType.ASSESSMENT
        entry = self.library.entry(row.id) if row is not None and assessed else None
        self.query_one(Details).show(self._outline, row, under_way(entry, self.library.now()), self.library.zone)
        self.refresh_bindings()

    def minutes_go_by(self) -> None:
        super().minutes_go_by()
        if self.is_active:
            self.or_leave(self._show_details)

    @on(OutlineRows.Moved)
    def _moved(self) -> None:
        self.or_leave(self._show_details)

    @on(OutlineRows.Clicked)
    def _clicked(self) -> None:
        self.action_open()

    def commands(self) -> tuple[Command, ...]:
        """A course is taken once: of one that is, its key only says so."""
        return tuple(command for command in super().commands() if command.action != "enrol" or not self._outline.course.enrolled)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the learner finishes can be marked, in a course that counts; what its answers finish cannot."""
        return action != "done" or not self.is_mounted or self._to_mark() is not None

    def _to_mark(self) -> SectionNode | None:
        """The section under the cursor, where it can be marked as done."""
        if not self.library.counts_in(self._outline.course):
            return None
        row = self.query_one(OutlineRows).selected
        return row if isinstance(row, SectionNode) and row.type not in PRACTISED and row.progress.completed_at is None else None

    def action_open(self) -> None:
        """Opens the section under the cursor; of a lesson, its first unfinished one."""
        row = self.query_one(OutlineRows).selected
        if row is not None:
            open_section(self, row.ref)

    def action_next_up(self) -> None:
        """Opens the first unfinished section of the course."""
        open_section(self, self._outline.course.ref)

    def action_enrol(self) -> None:
        """Takes the course; of one that is taken, says so."""
        course = self._outline.course
        if not course.enrolled:
            self.work(self._enrol())
        else:
            because = ": in a library of your own, opening a course takes it" if self.library.personal else ""
            self.say(f"You take “{course.title}” already{because}.")

    def action_done(self) -> None:
        """Marks the section under the cursor as done; the tick is drawn when the library has it."""
        row = self._to_mark()
        if row is not None:
            self.work(self._done(row.ref))

    async def _done(self, ref: str) -> None:
        await self.library.done([ref])
