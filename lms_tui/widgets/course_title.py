"""A course's title, with the word for one that is not shown to the institution yet."""

from textual.content import Content

from lms_tui.views.nodes import CourseNode
from lms_tui.views.words import draft
from lms_tui.widgets.foreign import foreign


def course_title(course: CourseNode, width: int, style: str = "") -> Content:
    """The title in that width; where it is cut, the word stays."""
    mark = Content.styled("".join(f" · {word}" for word in draft(course)), "$quiet")
    title = foreign(course.title).stylize(style).truncate(max(1, width - mark.cell_length), ellipsis=True)
    return Content.assemble(title, mark)
