"""What all the studying adds up to: minutes, days, streak, scores, and how far each course is."""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from lms_tui.commands import STUDY, bindings
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.opening import open_outline
from lms_tui.views.nodes import Study
from lms_tui.views.words import counted, day_or_time, minutes, score
from lms_tui.widgets.course_rows import CourseRows
from lms_tui.widgets.heat_strip import LEGEND, SHORT_LEGEND, heat_strip
from lms_tui.widgets.own_keys import keymap_of

_NUMBERS_WIDTH = 24
_WEEKS = 53  # a year and the days until today


class Figures(Widget):
    """The numbers, and the last weeks: beside each other where there is room."""

    _study = Study()
    _today = date.min

    def show(self, study: Study, today: date) -> None:
        """These numbers, as they stand today."""
        self._study, self._today = study, today
        self.refresh(layout=True)

    def render(self) -> Content:
        study, width = self._study, self.content_size.width
        facts = (
            ("studied", minutes(study.active_seconds)),
            ("today", minutes(study.active_seconds_today)),
            ("streak", counted(study.streak_days, "day")),
            ("average score", score(study.average_score) or "none yet"),
            ("sections done", str(study.sections_completed)),
            ("courses done", str(study.courses_completed)),
        )
        numbers = [Content.assemble((f"{name:<15}", "$quiet"), (value, "bold")).pad_right(2) for name, value in facts]
        room = width - _NUMBERS_WIDTH
        weeks = max(4, min(_WEEKS, (room - 5) // 2))
        strip = heat_strip(study.days, weeks, self._today)
        numbers += [Content("")] * (len(strip) - len(numbers))
        lines = [Content.assemble(number.truncate(_NUMBERS_WIDTH, pad=True), line) for number, line in zip(numbers, strip, strict=True)]
        legend = Content.styled(" " * _NUMBERS_WIDTH + (LEGEND if len(LEGEND) <= room else SHORT_LEGEND), "$quiet")
        return Content("\n").join(line.truncate(max(1, width), ellipsis=True) for line in (*lines, legend))


class StudyScreen(LibraryScreen):
    """A person's progress; Enter opens the selected course."""

    HERE = STUDY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(STUDY)]
    AUTO_FOCUS = "CourseRows"

    def compose_body(self) -> ComposeResult:
        with Vertical(id="main"):
            yield Figures()
            yield Static("Courses", id="courses-title", markup=False)
            yield CourseRows(id="courses")
            keymap = keymap_of(self)
            home = f"{keymap.key('go')} {keymap.key('go.home')}"
            yield Static(f"No course begun yet. Press {home} for home, and Enter there begins one.", id="nothing", markup=False)

    def reread(self) -> None:
        study = self.library.study()
        self.heading("lms-tui", "Progress", right=f"as of {day_or_time(study.as_of, self.library.now())}" if study.as_of else "")
        self.query_one(Figures).show(study, self.library.today())
        rows = self.query_one(CourseRows)
        rows.show(study.courses)
        rows.display = bool(study.courses)
        self.query_one("#nothing").display = not study.courses

    @on(CourseRows.Clicked)
    def _clicked(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """The outline of the selected course."""
        course = self.query_one(CourseRows).selected
        if course is not None:
            open_outline(self, course.ref)
