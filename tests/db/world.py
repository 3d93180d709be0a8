"""An institution of its own in a migrated database, with people in it who can connect."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from lms_tui.db import content, migrate, roles
from lms_tui.db.connection import Database
from lms_tui.db.importing import import_course, known
from lms_tui.db.person import whoami
from lms_tui.db.sync import sync
from lms_tui.db.target import Target
from lms_tui.model.course import Course
from lms_tui.model.events import Event
from lms_tui.model.identity import with_ids
from lms_tui.model.person import Person, Role
from lms_tui.model.wire import Cursor, SyncReply, SyncRequest

DEVICE = "018f0000-0000-7000-8000-00000000d001"
ALL_SEEN = Cursor()


async def read_course(database: Database, person: Person, ref_or_id: str) -> tuple[Course, int, bool, bool]:
    """The whole course without keys, its content version, whether it is published, and whether the person takes it."""
    found = await content.find(database, person, ref_or_id)
    assert found.course is not None, "nothing was said to be known"
    return found.course, found.content_version, found.published, found.enrolled


class Someone:
    """A person with a login of their own: as the app connects (``database``), and as psql would (``psql``)."""

    def __init__(self, target: Target, database: Database, me: Person) -> None:
        self.target = target
        self.database = database
        self.me = me

    @contextmanager
    def psql(self) -> Iterator[psycopg.Connection]:
        """A connection of psycopg's own, as anybody with the password could open."""
        with migrate.connect(self.target) as connection:
            yield connection

    async def imports(self, course: Course) -> Course:
        """Imports a course and gives it back as the database has it, with ids."""
        await import_course(self.database, self.me, course)
        return (await read_course(self.database, self.me, course.slug))[0]

    async def imports_before(self, course: Course) -> Course:
        """The same in a database of an earlier revision, from which courses are not read as they are now."""
        await import_course(self.database, self.me, course)
        return with_ids(course, await known(self.database, self.me, course.slug, course.source))

    async def sends(self, *events: Event, device: str = DEVICE, cursor: Cursor = ALL_SEEN, sent_at: datetime | None = None) -> SyncReply:
        """One call of sync, by default without changed rows in the reply."""
        request = SyncRequest(device=device, sent_at=sent_at or datetime.now(UTC), events=events, cursor=cursor)
        return await sync(self.database, self.me, request)

    def sends_raw(self, events: object, *, device: str = DEVICE) -> list[list[str | None]]:
        """Sends any JSON as events, and gives the verdicts as outcome and code."""
        with self.psql() as connection:
            row = connection.execute(
                "SELECT lms.sync(%s, %s, 1, 'test', now(), %s, '{}') -> 'verdicts'", (self.me.institution_id, device, Jsonb(events))
            ).fetchone()
        assert row is not None
        return [[verdict[1], verdict[2]] for verdict in row[0]]

    async def progress(self) -> SyncReply:
        """All that the database has of this person."""
        return await self.sends(cursor=Cursor())


class World:
    """An institution of its own in a migrated database. ``owner`` is the superuser in it."""

    def __init__(self, owner: Target) -> None:
        self.owner = owner
        self.people: list[Someone] = []
        self.institution = self.add_institution()

    @contextmanager
    def psql(self) -> Iterator[psycopg.Connection]:
        with migrate.connect(self.owner) as connection:
            yield connection

    def add_institution(self, *, personal: bool = False) -> str:
        institution = str(uuid4())
        with self.psql() as connection:
            roles.ensure_institution(connection, institution, "A school", personal=personal)
        return institution

    async def add_person(
        self, role: Role = Role.STUDENT, institution: str | None = None, timezone: str = "UTC", name: str = "Ada"
    ) -> Someone:
        user = str(uuid4())
        login = roles.Login(
            institution_id=institution or self.institution,
            user_id=user,
            name=name,
            role=role,
            timezone=timezone,
            password=roles.new_password(),
            role_name=roles.role_name(user),
        )
        with self.psql() as connection:
            roles.ensure_person(connection, login)
        target = replace(self.owner, user=login.role_name, password=login.password)
        database = Database(target)
        someone = Someone(target, database, await whoami(database))
        self.people.append(someone)
        return someone

    async def until_held_up(self, someone: Someone) -> None:
        """Until what this person asked of the database waits for a lock."""
        held_up = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
        async with asyncio.timeout(20):
            with self.psql() as connection:
                while True:
                    if connection.execute(held_up, (someone.target.user,)).fetchone() == (True,):
                        return
                    await asyncio.sleep(0)

    async def close(self) -> None:
        for someone in self.people:
            await someone.database.close()


@asynccontextmanager
async def world_at(target: Target, revision: str) -> AsyncIterator[World]:
    """An institution in an empty database that is brought to a revision, and as secure as any."""
    migrate.upgrade(target, revision)
    with migrate.connect(target) as connection:
        roles.secure_database(connection)
    world = World(target)
    try:
        yield world
    finally:
        await world.close()
