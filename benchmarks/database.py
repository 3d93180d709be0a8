"""What the database and the way to it cost: the statements of the screens beside bare psycopg, from 1,000 to 200,000 courses,
and batches of events. Milliseconds are of the wall, medians; the two of a pair take turns in one loop.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from msgspec.structs import replace

from benchmarks.figures import Figure
from lms_tui.db import catalog, content, migrate, roles
from lms_tui.db.connection import Database
from lms_tui.db.embedded.server import Server
from lms_tui.db.statements import Statement
from lms_tui.db.target import Target
from lms_tui.model.course import Course
from lms_tui.model.person import Role
from tests.db.courses import Recorder, small_course
from tests.db.world import Someone, World

FEW, MANY = 1_000, 200_000
RUNS = 200

MAKE_COURSES = """
    INSERT INTO lms.courses (institution_id, course_id, slug, title, difficulty, category, published, published_at, created_at)
    SELECT %s, lms.uuid7(), 'made-' || n, 'Course ' || n, (ARRAY['BEGINNER', 'INTERMEDIATE', 'ADVANCED'])[1 + n %% 3], 'c' || n %% 20, true,
      now(), now() - n * interval '1 minute'
    FROM generate_series(%s::int, %s::int) n
"""


class Recording(Database):
    """A database that remembers the last statement and its parameters, so that bare psycopg can be asked the same."""

    asked: tuple[Statement, dict[str, object]]

    async def json(self, statement: Statement, **params: object) -> bytes:
        self.asked = (statement, params)
        return await super().json(statement, **params)


async def bare(target: Target) -> psycopg.AsyncConnection:
    """psycopg alone, as quick as it goes: autocommit, statements prepared."""
    connection = await psycopg.AsyncConnection.connect(
        host=target.host, port=target.port, dbname=target.dbname, user=target.user, password=target.password, autocommit=True
    )
    connection.prepare_threshold = 0
    return connection


async def beside_bare(someone: Someone, ask: Callable[[Database], Awaitable[object]]) -> tuple[float, float]:
    """Medians in milliseconds of a question through the app's own way, and of the same statement through bare psycopg."""
    database = Recording(someone.target)
    connection = await bare(someone.target)
    try:
        await ask(database)
        statement, params = database.asked
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(RUNS):
            began = time.perf_counter()
            await ask(database)
            between = time.perf_counter()
            await (await connection.execute(statement.driver_sql, params)).fetchone()
            ended = time.perf_counter()
            ours.append(1000 * (between - began))
            theirs.append(1000 * (ended - between))
        return statistics.median(ours), statistics.median(theirs)
    finally:
        await connection.close()
        await database.close()


def pair(what: str, ours: float, theirs: float) -> Figure:
    """A question's time as a share of its budget: 1.3 times bare psycopg or 0.3 ms more, whichever is larger."""
    return Figure(f"{what}, share of its budget", ours / max(1.3 * theirs, theirs + 0.3), "x", 1, f"{ours:.2f} ms; psycopg {theirs:.2f} ms")


async def pushed(learner: Someone, course: Course, batch: int, times: int) -> list[float]:
    """Milliseconds of each of some pushes of a batch of new events."""
    recorder = Recorder(course)
    section = course.lessons[0].sections[0].slug
    spent = []
    for _ in range(times):
        events = [recorder.event("time", section, minutes=1, seconds=1) for _ in range(batch)]
        began = time.perf_counter()
        reply = await learner.sends(*events, sent_at=datetime.now(UTC))
        spent.append(1000 * (time.perf_counter() - began))
        assert {verdict.outcome for verdict in reply.verdicts} == {"applied"}
    return spent


async def figures(owner: Target) -> list[Figure]:
    """All figures, in one database."""
    world = World(owner)
    teacher, learner = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    try:
        course = await teacher.imports(small_course("read"))
        with teacher.psql() as author:
            author.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, course.id))
        await learner.sends(Recorder(course).event("enrolled", minutes=0))
        push = await pushed(learner, course, 250, 20)
        drain = await pushed(learner, course, 1000, 10)

        async def first_page(database: Database) -> object:
            return await catalog.page(database, learner.me)

        async def whole_course(database: Database) -> object:
            return await content.find(database, learner.me, "read")

        pages = []
        for first, last in ((1, FEW), (FEW + 1, MANY)):
            with world.psql() as connection:
                connection.execute(MAKE_COURSES, (world.institution, first, last))
                connection.execute("VACUUM ANALYZE lms.courses")
            pages.append(await beside_bare(learner, first_page))
        opened = await beside_bare(learner, whole_course)
    finally:
        await world.close()
    return [
        pair(f"catalogue page, {FEW:,} courses", *pages[0]),
        pair(f"catalogue page, {MANY:,} courses", *pages[1]),
        Figure("catalogue page, many courses beside few", pages[1][0] / pages[0][0], "x", 1.5),
        pair("a whole course", *opened),
        Figure("push of 250 events", statistics.median(push), "ms", 40),
        Figure("push of 10,000 events, in batches of 1,000", sum(drain) / 1000, "s", 1),
    ]


def in_a_database(figures: Callable[[Target], Awaitable[list[Figure]]]) -> list[Figure]:
    """Figures of a database that was just made, whose owner they are given."""
    with tempfile.TemporaryDirectory() as folder, Server.ensure(Path(folder) / "server") as server:
        with migrate.connect(server.target) as connection:
            roles.ensure_groups(connection)
            roles.ensure_database(connection, "measured")
        owner = replace(server.target, dbname="measured")
        migrate.upgrade(owner)

        async def all_of_them() -> list[Figure]:
            return await figures(owner)

        try:
            return asyncio.run(all_of_them())
        finally:
            Server.stop(Path(folder) / "server")


def measure() -> list[Figure]:
    """The figures of the database."""
    return in_a_database(figures)
