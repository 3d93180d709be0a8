"""Attempts of a database from before assessments had standings."""

from collections.abc import Callable
from decimal import Decimal

from lms_tui.db import migrate, roles
from lms_tui.db.target import Target
from lms_tui.model.person import Role
from tests.db.courses import Recorder, small_course
from tests.db.sitting import with_rules
from tests.db.test_sync import outcomes
from tests.db.world import World


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
