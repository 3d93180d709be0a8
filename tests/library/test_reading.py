"""What the cache knows, as views."""

from datetime import timedelta

from lms_tui.cache.store import Cache
from lms_tui.library import Library
from lms_tui.library.profile import load
from lms_tui.model.course import Course, Lesson, Section
from lms_tui.model.events import EventKind
from tests.screens.sample import ident


def many_courses(count: int, last: int) -> None:
    """So many courses that the person takes; the one of a number was studied last."""
    folder, kept = load("personal")
    cache = Cache.open(folder, kept.person)
    now = cache.clock.now()
    for number in range(count):
        section = Section(slug="page", title="Page", id=ident(f"{number}/page"), body="Text.")
        lesson = Lesson(slug="lesson", title="Lesson", id=ident(f"{number}/lesson"), sections=(section,))
        course_id = ident(f"course {number}")
        cache.content.put(Course(slug=f"c{number:03}", title=f"Course {number:03}", id=course_id, lessons=(lesson,)), content_version=1)
        at = now - timedelta(hours=0 if number == last else number + 1)
        opened = cache.event(EventKind.OPENED, course=course_id, section=ident(f"{number}/page"), at=at)
        cache.outbox.record([cache.event(EventKind.ENROLLED, course=course_id, at=at), opened])
    cache.close()


def test_the_course_studied_last_is_where_one_goes_on_however_many_there_are() -> None:
    many_courses(70, last=69)
    home = Library.open(offline=True).home()
    assert home.card is not None
    assert home.card.course.title == "Course 069"
    assert [course.title for course in home.courses[:3]] == ["Course 069", "Course 000", "Course 001"]
    assert len(home.courses) == 70
