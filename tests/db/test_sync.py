"""Events in, verdicts and progress out."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lms_tui.model.person import Role
from lms_tui.model.wire import Outcome, SyncReply
from tests.db.courses import MONDAY, Recorder, question_ids, section_id, small_course
from tests.db.world import World


def outcomes(reply: SyncReply) -> list[str]:
    """The verdicts as ``outcome`` or ``outcome:code``."""
    return [verdict.outcome + (f":{verdict.code}" if verdict.code else "") for verdict in reply.verdicts]


async def test_a_learners_work_adds_up_at_three_levels(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution("018f0000-0000-7000-8000-000000000001", personal=True))
    course = await teacher.imports(small_course())
    device = Recorder(course)
    events = (
        device.event("enrolled"),
        device.event("opened", "intro"),
        device.event("time", "intro", seconds=120),
        device.event("position", "intro", block="abcdef123456-1", quote="Hello", ratio=0.5),
        device.event("completed", "intro"),
        device.answer("quiz", one=1),
        device.answer("quiz", two="4"),
        device.answer("quiz", one=2),
    )
    reply = await teacher.sends(*events)
    assert outcomes(reply) == ["applied"] * 8
    reply = await teacher.progress()
    by_section = {row.section: row for row in reply.sections}
    intro, quiz = by_section[section_id(course, "intro")], by_section[section_id(course, "quiz")]
    assert (intro.completed_at, intro.active_seconds, intro.last_accessed_at) == (MONDAY + timedelta(minutes=5), 120, MONDAY + timedelta(minutes=5))
    assert (quiz.score, quiz.attempts, quiz.completed_at) == (Decimal(100), 3, MONDAY + timedelta(minutes=7))
    ids = question_ids(course, "quiz")
    assert quiz.questions == {ids["one"]: (Decimal(1), MONDAY + timedelta(minutes=6)), ids["two"]: (Decimal(3), MONDAY + timedelta(minutes=7))}
    (lesson,) = reply.lessons
    assert (lesson.done, lesson.total, lesson.percent, lesson.active_seconds, lesson.score) == (2, 2, 100, 120, Decimal(100))
    (whole,) = reply.courses
    assert (whole.enrolled, whole.enrolled_at, whole.content_version) == (True, MONDAY + timedelta(minutes=1), 1)
    assert (whole.done, whole.total, whole.percent, whole.completed_at) == (2, 4, 50, None)
    (day,) = reply.days
    assert (day.date, day.active_seconds, day.completed, day.answered) == ("2026-03-02", 120, 2, 3)
    (place,) = reply.places
    assert (place.section, place.block, place.quote, place.ratio) == (section_id(course, "intro"), "abcdef123456-1", "Hello", 0.5)
    assert all(verdict.outcome is Outcome.DUPLICATE for verdict in (await teacher.sends(*events)).verdicts)
    again = await teacher.progress()
    assert (again.sections, again.days, again.version) == (reply.sections, reply.days, reply.version)
    assert again.now <= datetime.now(UTC)
