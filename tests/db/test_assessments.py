"""Assessments: who may begin and hand in when, what counts, and that nobody learns a score without using up an attempt."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from os import urandom
from random import Random
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from lms_tui.db import migrate, roles
from lms_tui.db.target import Target
from lms_tui.model.course import Course, Rules
from lms_tui.model.events import Event, uuid7
from lms_tui.model.person import Role
from lms_tui.model.question import AnswerKey, Kind, Question
from lms_tui.model.wire import AttemptRow, Cursor, SyncReply
from tests.db.courses import Recorder, question_ids, section_id, small_course
from tests.db.test_sync import outcomes
from tests.db.world import DEVICE, Someone, World

OTHER_DEVICE = "018f0000-0000-7000-8000-00000000d002"
MINUTE = timedelta(minutes=1)


class Sitting:
    """A student who takes a published course, and the events of its exam. Times are minutes from now."""

    def __init__(self, world: World, teacher: Someone, student: Someone, course: Course) -> None:
        self.world = world
        self.teacher = teacher
        self.student = student
        self.course = course
        self.now = datetime.now(UTC)
        self._seq = count(100)
        self.enrolled = self.event("enrolled", -100_000, None)

    def event(self, kind: str, minutes: float, section: str | None = "exam", **body: Any) -> Event:
        at = self.now + minutes * MINUTE
        return Event(
            id=uuid7(int(at.timestamp() * 1000), urandom(10)),
            kind=kind,
            course=str(self.course.id),
            section=section and section_id(self.course, section),
            at=at,
            content_v=1,
            seq=next(self._seq),
            body=body,
        )

    def start(self, minutes: float) -> Event:
        return self.event("attempt_started", minutes)

    def hand_in(self, start: Event | None, minutes: float, secret: str = "Waldemar", **more: Any) -> Event:
        ids = question_ids(self.course, "exam")
        body: dict[str, Any] = {"responses": {ids[key]: answer for key, answer in {"secret": secret, **more}.items()}}
        return self.event("answered", minutes, **body, **({"attempt": start.id} if start else {}))

    async def sends(self, *events: Event, device: str = DEVICE) -> list[str]:
        return outcomes(await self.student.sends(*events, device=device))

    async def attempts(self) -> dict[str, AttemptRow]:
        """After one more call, which grades what waits."""
        await self.student.sends()
        return {row.id: row for row in (await self.student.progress()).attempts}

    async def standings(self, *events: Event) -> list[str]:
        """How the attempts stand that begin with these events, after one more call."""
        attempts = await self.attempts()
        return [attempts[event.id].standing for event in events]

    async def exam(self) -> Any:
        """The exam's row of progress."""
        return next(row for row in (await self.student.progress()).sections if row.section == section_id(self.course, "exam"))

    def as_owner(self, query: str, *arguments: object) -> None:
        with self.world.psql() as connection:
            connection.execute(query.encode(), arguments)


async def sitting(world: World, course: Course | None = None, **rules: Any) -> Sitting:
    """A student in a course whose exam has these rules."""
    teacher, student = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    made = await teacher.imports(with_rules(course or small_course(), **rules))
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, made.id))
    found = Sitting(world, teacher, student, made)
    assert await found.sends(found.enrolled) == ["applied"]
    return found


def with_rules(course: Course, **rules: Any) -> Course:
    lessons = tuple(
        replace(lesson, sections=tuple(replace(one, rules=Rules(**rules)) if one.slug == "exam" else one for one in lesson.sections))
        for lesson in course.lessons
    )
    return replace(course, lessons=lessons)


# --- what counts


async def test_an_attempt_that_was_begun_and_handed_in_is_graded_by_the_next_call(world: World) -> None:
    exam = await sitting(world, attempts=2, time_limit_seconds=1200, pass_mark=60)
    start = exam.start(-10)
    told = await exam.student.sends(start, cursor=Cursor())
    [row] = told.attempts
    assert (row.id, row.standing, row.started_at, row.at, row.received_at, row.score) == (start.id, "started", start.at, None, None, None)
    handed = exam.hand_in(start, -1, essay={"text": "mine", "points": 5})
    told = await exam.student.sends(handed, cursor=Cursor(epoch=told.epoch, version=told.version))
    [row] = told.attempts
    assert (row.id, row.standing, row.at, row.score) == (start.id, "waiting", handed.at, None)
    [progress] = told.sections
    assert (progress.score, progress.completed_at, progress.questions, progress.attempts) == (None, None, {}, 1)
    told = await exam.student.sends(cursor=Cursor(epoch=told.epoch, version=told.version))
    [row] = told.attempts
    assert (row.standing, row.score) == ("graded", Decimal(100)), "nobody marks themself in an assessment"
    [progress] = told.sections
    assert (progress.score, progress.completed_at) == (Decimal(100), handed.at)
    assert [course.done for course in told.courses] == [1]
    assert [(day.date, day.completed) for day in told.days] == [(f"{handed.at:%Y-%m-%d}", 1)]
    assert (await exam.student.sends(cursor=Cursor(epoch=told.epoch, version=told.version))).attempts == ()


async def test_the_limit_is_used_up_by_beginnings_in_the_order_of_arrival(world: World) -> None:
    exam = await sitting(world, attempts=2)
    first, second, third = exam.start(-30), exam.start(-20), exam.start(-50)
    await exam.sends(second)
    await exam.sends(first, device=OTHER_DEVICE)
    await exam.sends(third, exam.hand_in(third, -40), device=OTHER_DEVICE)
    await exam.sends(exam.hand_in(first, -1, "no"))
    assert await exam.standings(first, second, third) == ["graded", "started", "over_limit"]
    row = (await exam.attempts())[third.id]
    assert (row.at, row.score) == (exam.now - 40 * MINUTE, None)
    assert (await exam.exam()).score == 0


async def test_an_answer_without_a_beginning_is_one_of_the_attempts(world: World) -> None:
    exam = await sitting(world, attempts=1)
    handed = exam.hand_in(None, -5)
    started = exam.start(-3)
    assert await exam.sends(started, handed) == ["applied"] * 2
    assert await exam.standings(handed, started) == ["graded", "over_limit"]
    assert (await exam.attempts())[handed.id].started_at is None


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_attempt_is_handed_in_once(world: World, at_once: bool) -> None:
    exam = await sitting(world, attempts=3)
    start = exam.start(-10)
    first, second = exam.hand_in(start, -5, "no"), exam.hand_in(start, -7)
    batches = [(start, second, first)] if at_once else [(start, first), (second,)]
    for batch in batches:
        await exam.sends(*batch)
    assert await exam.standings(start, second) == ["graded", "over_limit"]
    attempts = await exam.attempts()
    assert (attempts[start.id].at, attempts[start.id].score, attempts[second.id].score) == (first.at, Decimal(0), None)
    another = exam.start(-1)
    await exam.sends(another)
    assert await exam.standings(another) == ["started"], "the second set used up nothing"


async def test_before_it_opens_nothing_counts_and_nothing_is_used_up(world: World) -> None:
    now = datetime.now(UTC)
    exam = await sitting(world, attempts=1, opens=now - 10 * MINUTE)
    early, too_early, fine = exam.start(-11), exam.hand_in(None, -12), exam.start(-9)
    await exam.sends(early, exam.hand_in(early, -5), too_early, fine, exam.hand_in(fine, -1))
    assert await exam.standings(early, too_early, fine) == ["early", "early", "graded"]


async def test_what_arrives_after_closing_is_late_whenever_it_was_done(world: World) -> None:
    exam = await sitting(world, closes=datetime.now(UTC) + 60 * MINUTE)
    fine, late = exam.start(-30), exam.start(-20)
    await exam.sends(fine, exam.hand_in(fine, -25), late)
    exam.as_owner("UPDATE lms.sections SET closes_at = %s WHERE section_id = %s", exam.now - MINUTE, section_id(exam.course, "exam"))
    alone = exam.hand_in(None, -10)
    await exam.sends(exam.hand_in(late, -15), alone)
    assert await exam.standings(fine, late, alone) == ["graded", "late", "late"]


async def test_the_time_limit_is_counted_by_the_device_and_has_a_minute_of_grace(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600)
    starts = [exam.start(-30), exam.start(-29)]
    fine, late = exam.hand_in(starts[0], -19), exam.hand_in(starts[1], -18 + 1 / 60)
    await exam.sends(*starts, late, fine)
    assert await exam.standings(*starts) == ["graded", "late"]
    assert (await exam.exam()).completed_at == fine.at


async def test_where_a_connection_is_needed_the_clock_is_the_databases(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600, connection="required")
    backdated, slow = exam.start(-1), exam.start(-1)
    await exam.sends(backdated, slow)
    started = (await exam.attempts())[slow.id].started_at
    assert started is not None
    assert started >= exam.now
    exam.as_owner("UPDATE lms.attempts SET started_at = started_at - interval '12 minutes' WHERE attempt_id = %s", slow.id)
    await exam.sends(exam.hand_in(backdated, 0), exam.hand_in(slow, -0.5))
    assert await exam.standings(backdated, slow) == ["graded", "late"]


async def test_where_a_connection_is_needed_a_queued_beginning_buys_no_time(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600, connection="required")
    queued = exam.start(-15)
    await exam.sends(queued)
    assert (await exam.attempts())[queued.id].started_at == queued.at
    together = exam.start(-1)
    await exam.sends(exam.hand_in(queued, -14), together, exam.hand_in(together, 0))
    assert await exam.standings(queued, together) == ["late", "late"]


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 600}, {"connection": "required"}])
async def test_a_timed_answer_names_an_attempt_that_was_begun(world: World, rules: dict[str, Any]) -> None:
    exam = await sitting(world, **rules)
    unknown, elsewhere = exam.start(-5), exam.event("attempt_started", -5, "quiz")
    assert await exam.sends(exam.hand_in(None, -1), exam.hand_in(unknown, -1), elsewhere) == ["rejected:not_started"] * 2 + ["applied"]
    assert await exam.sends(exam.hand_in(elsewhere, -1)) == ["rejected:not_started"]
    assert await exam.attempts() == {}


async def test_an_attempt_that_nothing_began_is_refused(world: World) -> None:
    exam = await sitting(world)
    alone = exam.hand_in(None, -5)
    assert await exam.sends(alone, exam.hand_in(alone, -4)) == ["applied", "rejected:not_started"]
    assert await exam.sends(exam.hand_in(alone, -4)) == ["rejected:not_started"]
    shapes: tuple[object, ...] = (1, "no id", [], {})
    for wrong in shapes:
        odd = exam.hand_in(None, -3)
        assert await exam.sends(replace(odd, body=odd.body | {"attempt": wrong})) == ["rejected:bad_event"]
    null = exam.hand_in(None, -2)
    assert await exam.sends(replace(null, body=null.body | {"attempt": None})) == ["applied"]


async def test_a_refused_answer_counts_once_its_beginning_is_there(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600)
    start = exam.start(-5)
    handed = exam.hand_in(start, -1)
    assert await exam.sends(handed) == ["rejected:not_started"]
    assert await exam.sends(start, handed) == ["applied"] * 2
    assert await exam.sends(start, handed) == ["duplicate"] * 2
    assert await exam.standings(start) == ["graded"]


async def test_an_essay_alone_is_graded_without_a_score_and_completes(world: World) -> None:
    essay = Question(key="secret", kind=Kind.SELF_MARKED, prompt="Explain.", points=Decimal(5))
    course = small_course()
    first, second = course.lessons
    only = tuple(
        replace(one, questions=(essay,), keys={"secret": AnswerKey(model_answer="So.")}) if one.slug == "exam" else one
        for one in second.sections
    )
    exam = await sitting(world, replace(course, lessons=(first, replace(second, sections=only))), pass_mark=50)
    start = exam.start(-5)
    handed = exam.hand_in(start, -1)
    essays = {question_ids(exam.course, "exam")["secret"]: {"text": "x", "points": 5}}
    await exam.sends(start, replace(handed, body=handed.body | {"responses": essays}))
    row = (await exam.attempts())[start.id]
    assert (row.standing, row.score) == ("graded", None)
    progress = await exam.exam()
    assert (progress.score, progress.completed_at) == (None, handed.at)


# --- in whatever order it arrives

OPENS = -30.5  # minutes from now
offsets = st.integers(-60, -1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(offsets, st.integers(0, 40), st.booleans()), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_time_and_opening_are_judged_alike_in_any_order(migrated: Target, plan: list[tuple[int, int, bool]], random: Random) -> None:
    """Without a limit of attempts or a closing time, which are of arrival, standing is a matter of the events alone."""

    async def run() -> None:
        world = World(migrated)
        try:
            exam = await sitting(world, time_limit_seconds=15 * 60, opens=datetime.now(UTC) + OPENS * MINUTE)
            starts = [exam.start(begun) for begun, _, _ in plan]
            events = list(starts)
            for start, (begun, took, right) in zip(starts, plan, strict=True):
                events.append(exam.hand_in(start, min(begun + took, -0.01), "Waldemar" if right else "no"))
            await exam.sends(*events)
            expected = await exam.standings(*starts)
            for start, (begun, took, _), standing in zip(starts, plan, expected, strict=True):
                took = min(took, -begun)
                answered = begun + took
                early = begun < OPENS or answered < OPENS
                assert standing == ("early" if early else "late" if took > 16 else "graded"), (start.at, begun, took)
            other = await world.add_person()
            again = Sitting(world, exam.teacher, other, exam.course)
            assert await again.sends(exam.enrolled) == ["applied"]
            shuffled = events[len(starts) :]
            random.shuffle(shuffled)
            await again.sends(*random.sample(starts, len(starts)))
            while shuffled:
                size = random.randint(1, 3)
                await again.sends(*shuffled[:size])
                shuffled = shuffled[size:]
            assert await again.standings(*starts) == expected
            assert progress_rows(await again.student.progress()) == progress_rows(await exam.student.progress())
        finally:
            await world.close()

    asyncio.run(run())


def progress_rows(reply: SyncReply) -> tuple[object, ...]:
    attempts = tuple(replace(row, received_at=None) for row in reply.attempts)
    return tuple(replace(row, version=0) for row in reply.sections), reply.lessons, reply.courses, reply.days, attempts


# --- with psql


def call(connection: psycopg.Connection, exam: Sitting, *events: Event) -> dict[str, Any]:
    row = connection.execute(
        "SELECT lms.sync(%s, %s, 1, 'psql', now(), %s, '{}')",
        (exam.student.me.institution_id, DEVICE, Jsonb(msgspec.to_builtins(events))),
    ).fetchone()
    assert row is not None
    return dict(row[0])


def told(connection: psycopg.Connection, exam: Sitting) -> list[tuple[object, ...]]:
    """All that the student can read of a grade."""
    rows = connection.execute("SELECT score, points, standing FROM lms.attempts").fetchall()
    rows += connection.execute(
        "SELECT score, questions, completed_at IS NULL FROM lms.section_progress WHERE section_id = %s", (section_id(exam.course, "exam"),)
    ).fetchall()
    rows += connection.execute("SELECT score, completed_at IS NULL FROM lms.lesson_progress").fetchall()
    rows += connection.execute("SELECT score, done FROM lms.course_progress").fetchall()
    return rows + connection.execute("SELECT completed FROM lms.daily_activity").fetchall()


@pytest.mark.parametrize("with_start", [True, False])
@pytest.mark.parametrize("isolation", list(psycopg.IsolationLevel))
async def test_nothing_is_told_in_a_transaction_that_can_be_taken_back(
    world: World, with_start: bool, isolation: psycopg.IsolationLevel
) -> None:
    exam = await sitting(world, attempts=1)
    start = exam.start(-5) if with_start else None
    seen: list[list[tuple[object, ...]]] = []
    with exam.student.psql() as connection:
        connection.isolation_level = isolation
        for secret in ("Waldemar", "no"):
            handed = exam.hand_in(start, -1, secret)
            with connection.transaction(force_rollback=True):
                call(connection, exam, *([start] if start else []), handed)
                with connection.transaction():  # a savepoint is of the same transaction
                    replies = [call(connection, exam) for _ in range(2)]
                    connection.execute("SELECT lms.leave(%s, %s)", (exam.student.me.institution_id, exam.course.id))
                    connection.execute("SELECT lms.enrol(%s, %s)", (exam.student.me.institution_id, exam.course.id))
                    connection.execute("SELECT lms.set_timezone(%s, 'Pacific/Auckland')", (exam.student.me.institution_id,))
                    replies.append(call(connection, exam))
                    assert {reply["attempts"][0]["standing"] for reply in replies} == {"waiting"}
                    assert {reply["attempts"][0]["score"] for reply in replies} == {None}
                    seen.append(told(connection, exam))
        assert seen[0] == seen[1], "a right answer looks like a wrong one"
        assert connection.execute("SELECT count(*) FROM lms.attempts").fetchone() == (0,)
    paid = exam.hand_in(start, -1)
    await exam.sends(*([start] if start else []), paid)
    assert await exam.standings(start or paid) == ["graded"]


async def test_a_score_that_is_told_was_paid_for_with_an_attempt(world: World) -> None:
    exam = await sitting(world, attempts=1)
    first = exam.hand_in(None, -5, "no")
    await exam.sends(first)
    with exam.student.psql() as connection, connection.transaction(force_rollback=True):
        assert call(connection, exam)["attempts"][0]["score"] == 0
        second = exam.hand_in(None, -1)
        call(connection, exam, second)
        kept = connection.execute("SELECT standing, score FROM lms.attempts WHERE attempt_id = %s", (second.id,)).fetchone()
        assert kept == ("over_limit", None)


async def test_a_student_writes_no_attempt_reads_no_key_and_grades_nothing(world: World) -> None:
    exam = await sitting(world)
    await exam.sends(exam.hand_in(None, -5, "no"))
    other = await world.add_person()
    denied = [
        "UPDATE lms.attempts SET score = 100",
        "UPDATE lms.attempts SET standing = 'graded'",
        "INSERT INTO lms.attempts SELECT * FROM lms.attempts",
        "DELETE FROM lms.attempts",
        "UPDATE lms.sections SET closes_at = NULL",
        "UPDATE lms.section_progress SET score = 100",
        "SELECT * FROM lms.answer_keys",
        "SELECT lms.grade_set(institution_id, section_id, type, '{}') FROM lms.sections",
        "SELECT lms.grade_waiting(u) FROM lms.users u",
        "SELECT lms.apply_starts(u, '{}', 1) FROM lms.users u",
        "SELECT lms.apply_hand_ins(u, '{}', 1) FROM lms.users u",
        "SELECT lms.count_grades(u, '{}', '{}', 1) FROM lms.users u",
        "SELECT lms.rescore(institution_id, '{}', '{}') FROM lms.users",
    ]
    with exam.student.psql() as connection:
        for statement in denied:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        keys = connection.execute("SELECT lms.practice_keys(%s, %s)", (exam.student.me.institution_id, exam.course.id)).fetchone()
        assert "Waldemar" not in str(keys)
    with other.psql() as connection:
        assert connection.execute("SELECT count(*) FROM lms.attempts").fetchone() == (0,)


async def test_two_devices_at_once_use_up_one_attempt_each(world: World) -> None:
    exam = await sitting(world, attempts=2)
    starts = [exam.start(-number) for number in range(1, 9)]
    devices = [DEVICE, OTHER_DEVICE] * 4
    sent = (exam.sends(start, exam.hand_in(start, -0.5), device=device) for start, device in zip(starts, devices, strict=True))
    await asyncio.gather(*sent)
    assert sorted(await exam.standings(*starts)) == ["graded"] * 2 + ["over_limit"] * 6


# --- what an edit changes


async def test_keys_of_another_edit_grade_what_waits_and_leave_what_is_graded(world: World) -> None:
    exam = await sitting(world)
    graded = exam.hand_in(None, -5, "Waldemar")
    await exam.sends(graded)
    await exam.attempts()
    waits = exam.hand_in(None, -3, "Waldemar")
    await exam.sends(waits)
    another = "UPDATE lms.answer_keys SET answer_key = %s WHERE institution_id = %s AND question_id = %s"
    exam.as_owner(another, Jsonb({"answers": [{"text": "no"}]}), world.institution, question_ids(exam.course, "exam")["secret"])
    assert [row.score for row in (await exam.attempts()).values()] == [Decimal(100), Decimal(0)]


async def test_what_cannot_be_graded_waits_and_holds_nothing_up(world: World) -> None:
    exam = await sitting(world)
    broken = "UPDATE lms.answer_keys SET answer_key = %s WHERE institution_id = %s AND question_id = %s"
    secret = question_ids(exam.course, "exam")["secret"]
    exam.as_owner(broken, Jsonb({"answers": [{"pattern": "("}]}), world.institution, secret)
    handed = exam.hand_in(None, -5)
    await exam.sends(handed)
    assert await exam.sends(exam.event("opened", -4, "intro")) == ["applied"]
    assert await exam.standings(handed) == ["waiting"]
    exam.as_owner(broken, Jsonb({"answers": [{"pattern": "wal.*"}]}), world.institution, secret)
    assert await exam.standings(handed) == ["graded"]
    assert (await exam.exam()).score == 100


async def test_very_many_attempts_are_graded_some_at_a_time(world: World) -> None:
    exam = await sitting(world)
    handed = [exam.hand_in(None, -5, "no") for _ in range(300)]
    await exam.sends(*handed)
    counts: list[int] = []
    for _ in range(2):
        reply = await exam.student.sends(cursor=Cursor())
        counts.append(sum(row.standing == "graded" for row in reply.attempts))
    assert counts == [250, 300]


async def test_an_import_keeps_the_rules_in_columns(world: World) -> None:
    opens, closes = datetime(2026, 12, 1, 7, 0, tzinfo=UTC), datetime(2026, 12, 6, 22, 59, 59, tzinfo=UTC)
    exam = await sitting(world, opens=opens, closes=closes, time_limit_seconds=1200, connection="required")
    query = "SELECT opens_at, closes_at, time_limit_seconds, needs_connection FROM lms.sections WHERE section_id = %s"
    with exam.student.psql() as connection:
        assert connection.execute(query, (section_id(exam.course, "exam"),)).fetchone() == (opens, closes, 1200, True)
        assert connection.execute(query, (section_id(exam.course, "quiz"),)).fetchone() == (None, None, None, False)
    found = next(one for lesson in exam.course.lessons for one in lesson.sections if one.slug == "exam")
    assert (found.rules.opens, found.rules.closes, found.rules.connection) == (opens, closes, "required")
    again = await exam.teacher.imports(with_rules(small_course(), attempts=1))
    with exam.student.psql() as connection:
        assert connection.execute(query, (section_id(again, "exam"),)).fetchone() == (None, None, None, False)


# --- databases of before


async def test_attempts_of_before_stand_as_they_stood(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    migrate.upgrade(target, "0008")
    with migrate.connect(target) as connection:
        roles.secure_database(connection)
    world = World(target)
    try:
        person = await world.add_person(Role.INSTRUCTOR)
        course = await person.imports(with_rules(small_course(), attempts=1, time_limit_seconds=60))
        device = Recorder(course)
        enrolled = device.event("enrolled", minutes=0)
        quiz, first, second = device.answer("quiz", one=1), device.answer("exam", secret="no"), device.answer("exam", secret="Waldemar")
        await person.sends(enrolled, quiz, first, second)
        before = await person.progress()
        migrate.upgrade(target)
        after = await person.progress()
        assert (after.sections, after.courses, after.days) == (before.sections, before.courses, before.days)
        assert {row.id: (row.standing, row.score, row.at, row.received_at is not None) for row in after.attempts} == {
            first.id: ("graded", Decimal(0), first.at, True),
            second.id: ("over_limit", None, second.at, True),
        }
        with world.psql() as connection:
            limits = connection.execute("SELECT count(*), min(time_limit_seconds) FROM lms.sections WHERE time_limit_seconds IS NOT NULL")
            assert limits.fetchone() == (1, 60)
        waits = device.event("attempt_started", "exam")
        await person.sends(waits)
        migrate.downgrade(target, "0008")
        assert (await person.progress()).sections == (await person.progress()).sections
        assert outcomes(await person.sends(device.answer("exam", secret="Waldemar"))) == ["applied"]
    finally:
        await world.close()


async def test_what_is_begun_elsewhere_is_no_attempt(world: World) -> None:
    exam = await sitting(world)
    assert await exam.sends(exam.event("attempt_started", -5, "quiz"), exam.event("attempt_started", -4, "intro")) == ["applied"] * 2
    assert await exam.attempts() == {}
