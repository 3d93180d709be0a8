"""A draft is told from a course that everybody sees, wherever a course is named."""

from lms_tui.views.nodes import CourseNode, Outline
from lms_tui.widgets.course_title import course_title
from lms_tui.widgets.outline_rows import course_standing

DRAFT = CourseNode(id="1", ref="tides", title="Tides [b]for[/b] Beginners", published=False)


def test_the_word_stays_where_the_title_is_cut() -> None:
    assert course_title(DRAFT, 60).plain == "Tides [b]for[/b] Beginners · draft"
    assert course_title(DRAFT, 16).plain == "Tides [… · draft"
    assert course_title(CourseNode(id="1", ref="tides", title="Tides"), 60).plain == "Tides"


def test_an_outline_says_it() -> None:
    assert course_standing(Outline(course=DRAFT)) == "draft · 0 %"
