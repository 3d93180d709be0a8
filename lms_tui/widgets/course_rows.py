"""A person's courses, two lines each: the title, and how far it is as a shape and as a number."""

from collections.abc import Sequence

from textual.content import Content

from lms_tui.views.nodes import CourseNode
from lms_tui.views.words import MARKS, bar, course_line, minutes, score, state
from lms_tui.widgets.course_title import course_title
from lms_tui.widgets.rows import Rows

_BAR_WIDTH = 20
_TIGHT = 10  # lines; where there are fewer, courses stand close


class CourseRows(Rows):
    """Courses with progress bars."""

    def __init__(self, *, below_another: bool = False, id: str | None = None) -> None:
        super().__init__(row_height=3, below_another=below_another, id=id)
        self.courses: tuple[CourseNode, ...] = ()

    def show(self, courses: tuple[CourseNode, ...]) -> None:
        """These courses; the cursor stays on the course that it was on."""
        here = self.selected.id if self.selected else None
        self.courses = courses
        self.set_count(len(courses))
        self.cursor = next((index for index, course in enumerate(courses) if course.id == here), self.cursor)

    def on_resize(self) -> None:
        self.row_height = 2 if self.size.height < _TIGHT else 3
        super().on_resize()

    @property
    def selected(self) -> CourseNode | None:
        """The course under the cursor."""
        return self.courses[self.cursor] if self.courses else None

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        course = self.courses[index]
        standing = state(course.progress)
        title = Content.assemble((f"{MARKS[standing]} ", _COLOURS[standing]), course_title(course, width - 2, "bold"))
        return title, Content("  ") + self._how_far(course, min(_BAR_WIDTH, width // 3))

    def _how_far(self, course: CourseNode, width: int) -> Content:
        progress = course.progress
        parts = [progress_bar(progress.percent, width)]
        if progress.score is not None:
            parts.append(Content.styled(f"score {score(progress.score)}", "$quiet"))
        about = minutes(progress.active_seconds) if progress.active_seconds else course_line(course)
        parts.append(Content.styled(about, "$quiet"))
        return Content.styled(" · ", "$quiet").join(parts)


_COLOURS = {"done": "$success", "begun": "$accent", "not begun": "$quiet"}


def progress_bar(percent: int, width: int) -> Content:
    """A share as a line and as a number: ``━━━╌╌╌  42 %``."""
    filled, empty = bar(percent, width)
    return Content.assemble((filled, "$success" if percent == 100 else "$accent"), (empty, "$quiet"), f" {percent:>3} %")
