"""What there is to know of a course before it is taken."""

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.nodes import CourseNode, Outline
from lms_tui.views.words import counted, draft, minutes
from lms_tui.widgets.course_rows import progress_bar
from lms_tui.widgets.foreign import foreign


class CourseCard(Widget):
    """Title, summary and facts of a course; with its outline also what one will learn, by whom, and under which licence.

    Where it is two lines high, it is the summary alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._course: CourseNode | None = None
        self._outline: Outline | None = None

    def show(self, course: CourseNode | None, outline: Outline | None = None) -> None:
        """This course."""
        self._course, self._outline = course, outline
        self.refresh(layout=True)

    def render(self) -> Content:
        course, width = self._course, max(1, self.content_size.width)
        if course is None:
            return Content("")
        if self.content_size.height < 3:
            first, *rest = foreign(course.summary or ", ".join(_facts(course))).stylize("$quiet").wrap(width) or [Content("")]
            return Content("\n").join([first, *(Content(" ").join(rest).truncate(width, ellipsis=True) for _ in rest[:1])])
        lines = [foreign(course.title).stylize("bold")]
        if course.enrolled:
            lines.append(progress_bar(course.progress.percent, max(1, min(24, width - 8))))
        lines += [Content.styled(" · ".join(_facts(course)), "$quiet")]
        if course.summary:
            lines += [Content(""), foreign(course.summary)]
        if course.tags:
            lines += [Content(""), foreign("Tags: " + ", ".join(course.tags)).stylize("$quiet")]
        if course.category:
            lines.append(foreign(f"Category: {course.category}").stylize("$quiet"))
        if course.available_offline:
            lines.append(Content.styled("↓ On this machine", "$quiet"))
        return Content("\n").join([*lines, *self._from_outline()])

    def _from_outline(self) -> list[Content]:
        outline = self._outline
        if outline is None:
            return []
        lines: list[Content] = []
        learned = [objective for lesson in outline.lessons for objective in lesson.objectives]
        if learned:
            lines += [Content(""), Content.styled("You will learn", "bold"), *(Content("• ") + foreign(text) for text in learned)]
        if outline.authors:
            lines += [Content(""), foreign("By " + ", ".join(outline.authors)).stylize("$quiet")]
        if outline.license:
            lines.append(foreign(f"Licence {outline.license}").stylize("$quiet"))
        return lines


def _facts(course: CourseNode) -> list[str]:
    parts = [*draft(course)]
    if course.lesson_count:
        parts.append(counted(course.lesson_count, "lesson"))
    if course.section_count:
        parts.append(counted(course.section_count, "section"))
    if course.minutes:
        parts.append(minutes(course.minutes * 60))
    if course.difficulty:
        parts.append(course.difficulty.lower())
    return parts
