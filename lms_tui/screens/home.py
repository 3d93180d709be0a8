"""The first screen: where to go on, and the person's courses."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from lms_tui.commands import HOME, bindings
from lms_tui.screens.base import WIDE, LibraryScreen
from lms_tui.screens.opening import open_outline, open_section
from lms_tui.views.nodes import Home
from lms_tui.widgets.continue_card import Continue
from lms_tui.widgets.course_rows import CourseRows
from lms_tui.widgets.glance import Glance


class HomeScreen(LibraryScreen):
    """Painted from the cache; Enter goes on."""

    HERE = HOME
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HOME)]
    AUTO_FOCUS = "Continue"
    _home = Home()

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            with Vertical(id="main"):
                yield Continue()
                yield Static(id="courses-title", markup=False)
                yield CourseRows(below_another=True, id="courses")
            yield Glance()

    def reread(self) -> None:
        home, status = self.library.home(), self.library.status()
        self._home = home
        self.heading("lms-tui", "Home")
        self.query_one(Continue).show(home, status, self.library.now())
        rows = self.query_one(CourseRows)
        rows.show(home.courses)
        title = self.query_one("#courses-title", Static)
        title.update(_courses_title([course.enrolled for course in home.courses]))
        rows.display = title.display = bool(home.courses)
        self.refresh_bindings()
        self._show_glance()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._show_glance()

    def _show_glance(self) -> None:
        if self.app.size.width >= WIDE:  # elsewhere it is not to be seen, and it takes counting
            self.query_one(Glance).show(self.library.study(), self.library.today())

    def minutes_go_by(self) -> None:
        super().minutes_go_by()
        if self.is_active and self._home.entry is not None and self._home.entry.under_way is not None:
            self.or_leave(self.reread)

    def status_changed(self) -> None:
        if self._home.card is None:  # what the library is doing stands on the card
            self.reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What Enter does depends on where the cursor is; where there is nothing yet, nothing can be opened."""
        among_courses = isinstance(self.focused, CourseRows)
        match action:
            case "open" | "outline":
                return self._home.card is not None and not among_courses
            case "open_course":
                return bool(self._home.courses) and among_courses
            case "to_courses":
                return bool(self._home.courses) and not among_courses
            case "back":
                return among_courses
            case _:
                return True

    def action_to_courses(self) -> None:
        """From the card to the first course."""
        if self._home.courses:
            self.set_focus(self.query_one(CourseRows))

    def action_open(self) -> None:
        """Goes on where the card says."""
        if self._home.card is not None:
            open_section(self, self._home.card.section.ref)

    def action_open_course(self) -> None:
        """The outline of the selected course."""
        course = self.query_one(CourseRows).selected
        if course is not None:
            open_outline(self, course.ref)

    def action_outline(self) -> None:
        """The outline of the card's course."""
        if self._home.card is not None:
            open_outline(self, self._home.card.course.ref)

    def action_progress(self) -> None:
        """The progress screen."""
        self.open_place("progress")

    def action_catalog(self) -> None:
        """The catalogue."""
        self.open_place("catalog")

    def action_back(self) -> None:
        """To the card. There is nothing behind the home screen but the door, and that has a key of its own."""
        self.set_focus(self.query_one(Continue))

    def action_leave_app(self) -> None:
        """Leaves."""
        self.app.exit()

    @on(Continue.Clicked)
    def _card_clicked(self) -> None:
        self.action_open()

    @on(CourseRows.Clicked)
    def _course_clicked(self) -> None:
        self.action_open_course()


def _courses_title(enrolled: list[bool]) -> str:
    if all(enrolled):
        return "Your courses"
    return "Courses, yours first" if any(enrolled) else "Courses to begin with"
