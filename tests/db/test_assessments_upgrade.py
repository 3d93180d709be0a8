"""Attempts of a database from before assessments had standings."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from lms_tui.db import migrate
from lms_tui.db.target import Target
from lms_tui.model.events import Event
from lms_tui.model.person import Role
from tests.db.courses import Recorder, small_course
from tests.db.sitting import Sitting, with_rules
from tests.db.test_sync import outcomes
from tests.db.world import Someone, World, world_at

RULES: dict[str, Any] = {
    "attempts": 2,
    "time_limit_seconds": 600,
    "opens": datetime(2026, 1, 1, tzinfo=UTC),
    "closes": datetime.now(UTC).replace(microsecond=0) + timedelta(days=1),
    "connection": "required",
}
COLUMNS = "SELECT opens_at, closes_at, time_limit_seconds, needs_connection FROM lms.sections WHERE type = 'ASSESSMENT'"
KEPT = (RULES["opens"], RULES["closes"], 600, True)


@pytest.fixture
async def before(empty_database: Callable[[], Target]) -> AsyncIterator[World]:
    """An institution in a database of the revision before."""
    async with world_at(empty_database(), "0008") as world:
        yield world


async def seated(world: World, **rules: Any) -> Sitting:
    teacher, student = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    made = await teacher.imports_before(with_rules(small_course(), **rules))
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, made.id))
    found = Sitting(world, teacher, student, made)
    assert sent(student, found.enrolled) == [["applied", None]]
    return found


def sent(someone: Someone, *events: Event) -> list[list[str | None]]:
    """The verdicts of whatever revision the database has."""
    return someone.sends_raw(msgspec.to_builtins(events))


async def test_the_rules_of_before_hold(before: World) -> None:
    exam = await seated(before, **RULES)
    migrate.upgrade(before.owner)
    with before.psql() as connection:
        assert connection.execute(COLUMNS).fetchall() == [KEPT]
        connection.execute("UPDATE lms.sections SET opens_at = NULL, closes_at = NULL, time_limit_seconds = NULL, needs_connection = false")
        await exam.teacher.imports(with_rules(small_course(), **RULES))
        assert connection.execute(COLUMNS).fetchall() == [KEPT], "an import of the same course mends them"


async def test_an_attempt_over_the_limit_stays_so_without_its_event(before: World) -> None:
    exam = await seated(before, attempts=1)
    first, second = exam.hand_in(None, -2, "no"), exam.hand_in(None, -1)
    sent(exam.student, first, second)
    with before.psql() as connection:
        connection.execute("DELETE FROM lms.learning_events WHERE event_id = %s", (second.id,))
    migrate.upgrade(before.owner)
    assert await exam.standings(first, second) == ["graded", "over_limit"]


async def test_what_waits_on_a_device_of_before_is_kept(before: World) -> None:
    exam = await seated(before, **RULES)
    migrate.upgrade(before.owner)
    queued = exam.hand_in(None, -5)
    assert await exam.sends(queued) == ["applied"]
    assert await exam.standings(queued) == ["late"]


async def test_down_and_up_again_an_attempt_is_under_way(before: World) -> None:
    exam = await seated(before, attempts=3)
    migrate.upgrade(before.owner)
    done, under_way, answered_below = exam.start(-9), exam.start(-5), exam.start(-4)
    await exam.sends(done, exam.hand_in(done, -8), under_way, answered_below)
    was = await exam.attempts()
    migrate.downgrade(before.owner, "0008")
    below = exam.hand_in(answered_below, -3)
    assert sent(exam.student, below) == [["applied", None]]
    migrate.upgrade(before.owner)
    again = await exam.attempts()
    assert {row.id: row.standing for row in again.values()} == {done.id: "graded", under_way.id: "started", below.id: "graded"}
    for one in (done, under_way):
        assert (again[one.id].started_at, again[one.id].received_at) == (was[one.id].started_at, was[one.id].received_at)
    assert await exam.sends(exam.hand_in(under_way, -1)) == ["applied"]
    assert await exam.standings(under_way) == ["graded"]


async def test_all_that_waits_is_graded_on_the_way_down(before: World) -> None:
    exam = await seated(before)
    migrate.upgrade(before.owner)
    await exam.sends(*[exam.hand_in(None, -5) for _ in range(260)])
    migrate.downgrade(before.owner, "0008")
    with before.psql() as connection:
        assert connection.execute("SELECT count(*) FROM lms.attempts WHERE score = 100 AND NOT over_limit").fetchone() == (260,)


async def test_attempts_of_before_stand_as_they_stood(empty_database: Callable[[], Target]) -> None:
    async with world_at(empty_database(), "0008") as world:
        person = await world.add_person(Role.INSTRUCTOR)
        course = await person.imports_before(with_rules(small_course(), attempts=1, time_limit_seconds=60))
        device = Recorder(course)
        enrolled = device.event("enrolled", minutes=0)
        quiz, first, second = device.answer("quiz", one=1), device.answer("exam", secret="no"), device.answer("exam", secret="Waldemar")
        await person.sends(enrolled, quiz, first, second)
        before = await person.progress()
        migrate.upgrade(world.owner)
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
        migrate.downgrade(world.owner, "0008")
        assert (await person.progress()).sections == (await person.progress()).sections
        assert outcomes(await person.sends(device.answer("exam", secret="Waldemar"))) == ["applied"]
