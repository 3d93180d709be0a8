"""An assessment's questions before it opens, its attempts around the opening, and what becomes of them when it goes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from lms_tui.db import migrate
from lms_tui.db.target import Target
from lms_tui.model.course import Course, Section
from lms_tui.model.person import Role
from lms_tui.model.wire import SyncReply
from tests.db.courses import section_id, small_course
from tests.db.sitting import MINUTE, sitting, with_rules
from tests.db.world import Someone, World, read_course, world_at

TOMORROW = datetime.now(UTC) + timedelta(days=1)
PROMPTS = "SELECT question ->> 'prompt' FROM lms.questions WHERE section_id = %s ORDER BY 1"


def asked(person: Someone, course: Course) -> list[str]:
    with person.psql() as connection:
        return [prompt for (prompt,) in connection.execute(PROMPTS, (section_id(course, "exam"),)).fetchall()]


async def exam_of(person: Someone, course: Course) -> Section:
    fetched = (await read_course(person.database, person.me, str(course.id)))[0]
    return next(section for lesson in fetched.lessons for section in lesson.sections if section.slug == "exam")


async def test_what_an_assessment_asks_is_read_when_it_opens(world: World) -> None:
    exam = await sitting(world, opens=TOMORROW)
    stranger = await world.add_person()
    for person in (exam.student, stranger):
        assert asked(person, exam.course) == []
        hidden = await exam_of(person, exam.course)
        assert (hidden.questions, hidden.hidden_questions) == ((), 2)
        with person.psql() as connection:  # what is asked elsewhere is there as before
            assert connection.execute("SELECT count(*) FROM lms.questions").fetchone() == (2,)
    assert asked(exam.teacher, exam.course) == ["Explain.", "Name it."]
    seen = await exam_of(exam.teacher, exam.course)
    assert (len(seen.questions), seen.hidden_questions) == (2, 0)
    exam.as_owner("UPDATE lms.questions SET opens_at = now() WHERE opens_at IS NOT NULL")
    assert asked(stranger, exam.course) == ["Explain.", "Name it."]
    seen = await exam_of(exam.student, exam.course)
    assert (len(seen.questions), seen.hidden_questions) == (2, 0)


async def test_an_edit_of_the_opening_shows_and_hides(world: World) -> None:
    exam = await sitting(world)
    assert len(asked(exam.student, exam.course)) == 2
    await exam.teacher.imports(with_rules(small_course(), attempts=2, opens=TOMORROW))
    assert asked(exam.student, exam.course) == []
    await exam.teacher.imports(with_rules(small_course(), attempts=2, opens=datetime.now(UTC) - MINUTE))
    assert len(asked(exam.student, exam.course)) == 2


async def test_what_was_there_before_is_hidden_by_the_upgrade(empty_database: Callable[[], Target]) -> None:
    async with world_at(empty_database(), "0012") as world:
        teacher, student = await world.add_person(Role.INSTRUCTOR), await world.add_person()
        await teacher.imports_before(with_rules(small_course(), opens=TOMORROW))
        with teacher.psql() as connection:
            connection.execute("SELECT lms.publish_course(%s, course_id) FROM lms.courses", (world.institution,))
        with student.psql() as connection:
            assert connection.execute("SELECT count(*) FROM lms.questions").fetchone() == (4,)
            migrate.upgrade(world.owner)
            assert connection.execute("SELECT count(*) FROM lms.questions").fetchone() == (2,)
            counts = connection.execute("SELECT slug, opens_with FROM lms.sections WHERE opens_with > 0 ORDER BY 1").fetchall()
            assert counts == [("exam", 2)]
            migrate.downgrade(world.owner, "0012")
            assert connection.execute("SELECT count(*) FROM lms.questions").fetchone() == (4,)


async def test_a_clock_that_is_two_minutes_fast_begins_no_attempt_too_early(world: World) -> None:
    exam = await sitting(world, opens=datetime.now(UTC) - 10 * MINUTE)
    for begun in (-8.1, -7.9, -7):
        start = exam.start(begun)
        reply = await exam.student.sends(start, exam.hand_in(start, -2), sent_at=datetime.now(UTC) + 2 * MINUTE)
        assert [verdict.outcome for verdict in reply.verdicts] == ["applied"] * 2
        assert await exam.standings(start) == ["graded"]
    much = exam.start(-7)
    await exam.student.sends(much, sent_at=datetime.now(UTC) + 6 * MINUTE)
    assert await exam.standings(much) == ["early"]


def without_exam() -> Course:
    course = small_course()
    lessons = (replace(one, sections=tuple(section for section in one.sections if section.slug != "exam")) for one in course.lessons)
    return replace(course, lessons=tuple(lessons))


def scores(reply: SyncReply) -> dict[str, tuple[str, Decimal | None]]:
    return {row.id: (row.standing, row.score) for row in reply.attempts}


async def test_an_assessment_that_goes_under_way_is_graded_when_it_is_back(world: World) -> None:
    exam = await sitting(world, attempts=1)
    start = exam.start(-9)
    await exam.sends(start)
    await exam.teacher.imports(without_exam())
    await exam.sends(exam.hand_in(start, -1))
    assert await exam.standings(start) == ["waiting"]
    await exam.teacher.imports(with_rules(small_course(), attempts=1))
    assert scores(await exam.student.progress()) == {start.id: ("graded", Decimal(100))}
    assert (await exam.exam()).score == 100


async def test_what_nobody_comes_back_for_is_graded_by_the_next_import(world: World) -> None:
    exam = await sitting(world, attempts=1)
    handed = exam.hand_in(None, -1)
    await exam.sends(handed)
    await exam.teacher.imports(with_rules(small_course(), attempts=1))  # the same once more
    with exam.student.psql() as connection:
        graded = connection.execute("SELECT standing, score FROM lms.attempts").fetchall()
        progress = connection.execute("SELECT score FROM lms.section_progress WHERE section_id = %s", (section_id(exam.course, "exam"),))
        assert (graded, progress.fetchall()) == ([("graded", 100)], [(100,)])


async def test_an_import_grades_no_more_than_it_has_time_for(world: World) -> None:
    exam = await sitting(world)
    await exam.sends(*(exam.hand_in(None, -5, "no") for _ in range(300)))
    count = "SELECT count(*) FROM lms.attempts WHERE standing = 'graded'"
    for graded in (250, 300):
        await exam.teacher.imports(with_rules(small_course()))
        with exam.student.psql() as connection:
            assert connection.execute(count).fetchone() == (graded,)
