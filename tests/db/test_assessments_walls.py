"""Assessments with psql: nobody learns a score without using up an attempt."""

import asyncio
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.types.json import Jsonb

from lms_tui.model.events import Event
from tests.db.courses import section_id
from tests.db.sitting import OTHER_DEVICE, Sitting, sitting
from tests.db.world import DEVICE, World


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
