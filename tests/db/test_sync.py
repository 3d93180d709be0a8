"""Events in, verdicts and progress out."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.db.target import Target
from lms_tui.model.course import Course, Lesson, Rules, Section
from lms_tui.model.events import Event
from lms_tui.model.person import Role
from lms_tui.model.wire import Cursor, Outcome, SyncReply
from tests.db.courses import MONDAY, Recorder, question_ids, section_id, small_course
from tests.db.world import Someone, World


def outcomes(reply: SyncReply) -> list[str]:
    """The verdicts as ``outcome`` or ``outcome:code``."""
    return [verdict.outcome + (f":{verdict.code}" if verdict.code else "") for verdict in reply.verdicts]


async def test_a_learners_work_adds_up_at_three_levels(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
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
    fifth, sixth, seventh = (MONDAY + timedelta(minutes=number) for number in (5, 6, 7))
    assert (intro.completed_at, intro.active_seconds, intro.last_accessed_at) == (fifth, 120, fifth)
    assert (quiz.score, quiz.attempts, quiz.completed_at) == (Decimal(100), 3, seventh)
    ids = question_ids(course, "quiz")
    assert quiz.questions == {ids["one"]: (Decimal(1), sixth), ids["two"]: (Decimal(3), seventh)}
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


async def learner_and_course(world: World, **changes: Rules) -> tuple[Someone, Course]:
    """Somebody in a personal library, and the small course in it; ``quiz=Rules(...)`` changes a section's rules."""
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    course = small_course()
    lessons = tuple(
        replace(lesson, sections=tuple(replace(section, rules=changes.get(section.slug, section.rules)) for section in lesson.sections))
        for lesson in course.lessons
    )
    return teacher, await teacher.imports(replace(course, lessons=lessons))


def rows(reply: SyncReply) -> tuple[object, ...]:
    """All that a reply says of progress, without versions and times of the call."""
    return tuple(replace(row, version=0) for row in reply.sections), reply.lessons, reply.courses, reply.days, reply.places


def a_week(course: Course) -> list[Event]:
    """Events of some days with everything in them that the order could change."""
    device = Recorder(course)
    return [
        device.event("opened", "intro", 5),
        device.event("time", "intro", 6, seconds=300),
        device.event("time", "intro", 24 * 60, seconds=200),
        device.event("completed", "intro", 3000),
        device.event("completed", "intro", 40),
        device.event("position", "intro", 10, block="a", quote="early", ratio=0.1),
        device.event("position", "intro", 5000, block="b", quote="late", ratio=0.9),
        device.answer("quiz", 100, one=2),
        device.answer("quiz", 1600, one=1, two="4"),
        device.answer("quiz", 3200, two="5"),
        device.answer("quiz", 50, two="3"),
        device.answer("exam", 200, secret="no", essay={"text": "x", "points": 5}),
        device.answer("exam", 20, secret="Waldemar"),
        device.answer("exam", 2, secret="no"),
        device.event("left", None, 9000),
        device.event("enrolled", None, 9500),
        device.event("note", "film", 60, text="n"),
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_any_order_split_and_repetition_gives_the_same_rows(migrated: Target, random: Random) -> None:
    async def run() -> None:
        world = World(migrated)
        try:
            first, course = await learner_and_course(world, quiz=Rules(pass_mark=75), exam=Rules())  # a limit is used up by arrival
            second = await world.add_person(Role.INSTRUCTOR, first.me.institution_id)
            week = a_week(course)
            enrolled = Recorder(course).event("enrolled", minutes=0)
            for person in (first, second):
                await person.sends(enrolled)
            await first.sends(*week)
            shuffled = week + random.sample(week, 5)
            random.shuffle(shuffled)
            while shuffled:
                size = random.randint(1, 6)
                batch, shuffled = shuffled[:size], shuffled[size:]
                assert {verdict.outcome for verdict in (await second.sends(*batch)).verdicts} <= {Outcome.APPLIED, Outcome.DUPLICATE}
            assert rows(await first.progress()) == rows(await second.progress())
        finally:
            await world.close()

    asyncio.run(run())


async def test_a_quiz_with_a_pass_mark_is_done_when_the_best_answers_reach_it(world: World) -> None:
    learner, course = await learner_and_course(world, quiz=Rules(pass_mark=75))
    device = Recorder(course)
    await learner.sends(device.event("enrolled"), device.answer("quiz", 10, one=1, two="5"))
    (quiz,) = (await learner.progress()).sections
    assert (quiz.completed_at, quiz.score) == (None, Decimal(0))
    await learner.sends(device.answer("quiz", 30, one=2), device.answer("quiz", 20, two="4"))
    (quiz,) = (await learner.progress()).sections
    assert (quiz.completed_at, quiz.score) == (MONDAY + timedelta(minutes=20), Decimal(100))


async def test_an_assessment_counts_the_attempts_within_its_limit_in_the_order_of_arrival(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    first, second, third = (device.answer("exam", minute, secret=typed) for minute, typed in ((10, "no"), (20, "no"), (5, "waldemar")))
    await learner.sends(device.event("enrolled", None, 0))
    await learner.sends(third, second, first)  # in one batch the device's numbers say which was first
    (exam,) = (await learner.progress()).sections
    assert (exam.score, exam.attempts, exam.completed_at) == (Decimal(0), 3, MONDAY + timedelta(minutes=10))
    with learner.psql() as connection:
        over = connection.execute("SELECT standing FROM lms.attempts ORDER BY seq").fetchall()
    assert over == [("graded",), ("graded",), ("over_limit",)]


async def test_an_attempt_over_the_limit_tells_nothing_whatever_its_time(world: World) -> None:
    learner, course = await learner_and_course(world, exam=Rules(attempts=1))
    device = Recorder(course)
    await learner.sends(device.event("enrolled", None, -600 * 24 * 60), device.answer("exam", 10, secret="no"))
    before = await learner.progress()
    perfect = device.answer("exam", -365 * 24 * 60, secret="Waldemar", essay={"text": "mine", "points": 5})
    assert outcomes(await learner.sends(perfect, device="018f0000-0000-7000-8000-000000000001")) == ["applied"]
    (exam,) = (await learner.progress()).sections
    (was,) = before.sections
    assert (exam.score, exam.completed_at, exam.questions, exam.attempts) == (Decimal(0), was.completed_at, was.questions, 2)
    with learner.psql() as connection:
        (kept,) = connection.execute("SELECT points, score, responses FROM lms.attempts WHERE attempt_id = %s", (perfect.id,)).fetchall()
    assert kept == ({}, None, perfect.body["responses"])


async def test_work_counts_only_for_those_who_take_the_course(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    opened, enrolled, done = device.event("opened", "intro"), device.event("enrolled"), device.event("completed", "intro")
    assert outcomes(await learner.sends(opened)) == ["rejected:not_enrolled"]
    assert outcomes(await learner.sends(done, enrolled, opened)) == ["applied", "applied", "rejected:not_enrolled"]
    left = device.event("left")
    assert outcomes(await learner.sends(left, device.event("opened", "intro"))) == ["applied", "rejected:not_enrolled"]
    reply = await learner.progress()
    assert [(row.enrolled, row.done, row.percent) for row in reply.courses] == [(False, 1, 25)]
    late = device.event("time", "intro", minutes=3.5, seconds=10)
    assert outcomes(await learner.sends(late)) == ["applied"], "it was done before the course was left"


async def test_two_devices_with_the_same_events_at_once_count_them_once(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    await learner.sends(device.event("enrolled"))
    events = [device.event("time", "intro", seconds=10) for _ in range(40)]
    replies = await asyncio.gather(learner.sends(*events), learner.sends(*reversed(events)))
    assert sorted({outcome for reply in replies for outcome in outcomes(reply)}) == ["applied", "duplicate"]
    assert sum(outcomes(reply).count("applied") for reply in replies) == 40
    (intro,) = (await learner.progress()).sections
    assert intro.active_seconds == 400


async def test_a_day_has_at_most_its_seconds_and_lies_in_the_persons_zone(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True), timezone="Pacific/Auckland")
    course = await teacher.imports(small_course())
    device = Recorder(course)
    enrolled = device.event("enrolled", None, 0)
    heartbeats = [device.event("time", "intro", 60 + seq / 1000, seconds=300) for seq in range(300)]
    await teacher.sends(enrolled, *heartbeats, device.event("completed", "intro", 14 * 60))
    days = (await teacher.progress()).days
    assert [(day.date, day.active_seconds, day.completed) for day in days] == [("2026-03-02", 86400, 0), ("2026-03-03", 0, 1)]
    with teacher.psql() as connection:
        connection.execute("SELECT lms.set_timezone(%s, 'UTC')", (teacher.me.institution_id,))
    days = (await teacher.progress()).days
    assert [(day.date, day.active_seconds, day.completed) for day in days] == [("2026-03-02", 86400, 1), ("2026-03-03", 0, 0)]


async def test_a_pull_brings_what_changed_and_writes_nothing(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    first = await learner.sends(device.event("enrolled"), device.event("opened", "intro"))
    seen = Cursor(epoch=first.epoch, version=first.version)
    assert rows(await learner.sends(cursor=seen)) == ((), (), (), (), ())
    second = await learner.sends(device.event("opened", "film"), cursor=seen)
    assert [row.section for row in second.sections] == [section_id(course, "film")]
    assert [row.percent for row in second.courses] == [0]
    ahead, foreign = Cursor(epoch=first.epoch, version=999), Cursor(epoch="another", version=second.version)
    for cursor in (ahead, foreign):
        assert len((await learner.sends(cursor=cursor)).sections) == 2
    assert (await learner.progress()).version == second.version
    rejected = await learner.sends(device.event("completed", "quiz"))
    assert rejected.version == second.version
    with learner.psql() as connection, connection.transaction():
        pull = "SELECT lms.sync(%s, gen_random_uuid(), 1, 'test', now(), '[]', '{}') IS NOT NULL"
        assert connection.execute(pull, (learner.me.institution_id,)).fetchone() == (True,)
        assert connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)


async def test_a_long_list_of_changes_comes_in_parts(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    many = tuple(Section(slug=f"s{number}", title="S") for number in range(2300))
    course = await teacher.imports(Course(slug="long", title="Long", lessons=(Lesson(slug="l", title="L", sections=many),)))
    device = Recorder(course)
    await teacher.sends(device.event("enrolled"))
    for start in range(0, 2300, 500):
        await teacher.sends(*(device.event("opened", f"s{number}") for number in range(start, min(start + 500, 2300))))
    got: list[str] = []
    reply = await teacher.progress()
    while reply.more:
        got += [row.section for row in reply.sections]
        reply = await teacher.sends(cursor=Cursor(epoch=reply.epoch, version=reply.version))
    got += [row.section for row in reply.sections]
    assert len(got) == len(set(got)) == 2300
    assert reply.courses[0].total == 2300


async def test_enrolling_and_leaving_by_a_call_are_events_too(world: World) -> None:
    learner, course = await learner_and_course(world)
    with learner.psql() as connection:
        connection.execute("SELECT lms.enrol(%s, %s)", (learner.me.institution_id, course.id))
        connection.execute("SELECT lms.leave(%s, %s)", (learner.me.institution_id, course.id))
        kinds = connection.execute("SELECT kind FROM lms.learning_events ORDER BY effective_at").fetchall()
        assert kinds == [("enrolled",), ("left",)]
        with pytest.raises(psycopg.errors.NoDataFound):
            connection.execute("SELECT lms.enrol(%s, %s)", (learner.me.institution_id, uuid4()))
    assert [row.enrolled for row in (await learner.progress()).courses] == [False]


async def test_a_clock_that_is_wrong_is_corrected_and_never_ahead(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    now = datetime.now(UTC)
    slow = replace(device.event("enrolled"), at=now - timedelta(hours=3))
    fast = replace(device.event("opened", "intro"), at=now + timedelta(hours=3))
    await learner.sends(slow, sent_at=now - timedelta(hours=2))
    await learner.sends(fast)
    reply = await learner.progress()
    enrolled_at, opened_at = reply.courses[0].enrolled_at, reply.sections[0].last_accessed_at
    assert enrolled_at is not None
    assert opened_at is not None
    assert abs(enrolled_at - (now - timedelta(hours=1))) < timedelta(minutes=1)
    assert now <= opened_at <= datetime.now(UTC)


async def test_what_is_refused_enrols_nobody_for_what_follows(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    worked = [device.event("time", "intro", minutes=20, seconds=10) for _ in range(2)]
    left, too_large = device.event("left", minutes=50), device.event("enrolled", minutes=1, text="y" * 70000)
    after_left, after_large = (replace(event, seq=100) for event in worked)
    assert outcomes(await learner.sends(left, after_left)) == ["rejected:not_enrolled"] * 2
    assert outcomes(await learner.sends(too_large, after_large)) == ["rejected:too_large", "rejected:not_enrolled"]
    assert rows(await learner.progress()) == ((), (), (), (), ())


async def test_a_zone_set_meanwhile_is_the_one_that_days_are_counted_in(world: World) -> None:
    learner, course = await learner_and_course(world)
    device = Recorder(course)
    await learner.sends(device.event("enrolled"))
    with learner.psql() as connection:
        with connection.transaction():
            connection.execute("SELECT lms.set_timezone(%s, 'Pacific/Auckland')", (learner.me.institution_id,))
            sending = asyncio.create_task(learner.sends(device.event("time", "intro", minutes=14 * 60, seconds=10)))
            await world.until_held_up(learner)
    await sending
    assert [day.date for day in (await learner.progress()).days] == ["2026-03-03"]
