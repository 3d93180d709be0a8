"""The statements of the screens: right, one round trip each, and no policy left as a filter of rows."""

import asyncio
import io
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from lms_tui.db import catalog, content, importing, person, searching
from lms_tui.db import sync as db_sync
from lms_tui.db.connection import Database
from lms_tui.db.statements import REGISTRY, Statement
from lms_tui.db.target import Target
from lms_tui.model.catalog import Filters, Sort
from lms_tui.model.errors import BadInput, NotFound, Unavailable
from lms_tui.model.person import Role
from lms_tui.model.search import SearchQuery
from lms_tui.model.wire import SyncRequest
from tests.db.courses import MONDAY, small_course
from tests.db.shelf import shelf
from tests.db.world import DEVICE, Someone, World

__all__ = ["shelf"]  # a fixture


def filters_of(plan: Any) -> list[str]:
    """The filters of rows in a plan. A filter that is tried once a statement is none of them."""
    found = []
    if isinstance(plan, dict):
        found = [text for key, text in plan.items() if key in ("Filter", "Join Filter") and isinstance(text, str)]
    for part in plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ():
        found += filters_of(part)
    return found


@pytest.mark.parametrize("role", [Role.STUDENT, Role.INSTRUCTOR])
async def test_no_policy_is_left_as_a_filter_of_rows(shelf: Someone, world: World, role: Role) -> None:
    someone = shelf if role is Role.STUDENT else await world.add_person(role)
    values = {
        "institution": someone.me.institution_id, "user": someone.me.user_id, "limit": 21, "difficulty": None,
        "category": None, "tag": "even", "mine_at": "infinity", "mine_id": str(uuid4()), "at": "infinity",
        "id": str(uuid4()), "slug": "c01", "source": "", "course": str(uuid4()),
        "known": str(uuid4()), "version": 1, "shown": True, "courses": [str(uuid4())],
    }  # fmt: skip
    reading = [
        *catalog.CATALOG.values(),
        *catalog.PLACES.values(),
        content.COURSE_BY_ID,
        content.COURSE_BY_SLUG,
        content.VERSIONS_OF,
        importing.KNOWN,
        importing.VERSIONS,
    ]
    with someone.psql() as connection:
        for statement in reading:
            values["ref"] = "c01" if statement is content.COURSE_BY_SLUG else str(uuid4())
            for mode in ("force_custom_plan", "force_generic_plan"):
                connection.execute(f"SET plan_cache_mode = {mode}".encode())
                sql = re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement.sql.replace("%", "%%"))
                row = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}".encode(), values).fetchone()
                assert row is not None
                assert [text for text in filters_of(row[0]) if "my_institution" in text or "my_user" in text] == [], statement


def scanned(plan: Any) -> list[str]:
    """The tables that a plan reads from their first row to their last."""
    found = []
    if isinstance(plan, dict):
        found = [plan["Relation Name"]] if plan.get("Node Type") == "Seq Scan" else []
    for part in plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ():
        found += scanned(part)
    return found


async def test_no_page_of_the_catalogue_reads_all_courses(shelf: Someone, world: World) -> None:
    """Among as many courses as make a difference, of which the learner takes some, with the figures of a table that was analyzed.

    A teacher sees the drafts in it, of which there are few.
    """
    teacher = await world.add_person(Role.INSTRUCTOR)
    with world.psql() as connection:
        connection.execute(
            "INSERT INTO lms.courses (institution_id, slug, title, difficulty, category, published, created_at) SELECT %s,"
            " 'm' || n, 'M ' || n, 'ADVANCED', 'k' || n %% 4, true, now() - n * interval '1 minute' FROM generate_series(1, 20000) n",
            (world.institution,),
        )
        connection.execute("ANALYZE lms.courses, lms.course_tags, lms.course_progress")
    values = {
        "institution": shelf.me.institution_id, "user": shelf.me.user_id, "limit": 51,
        "difficulty": "ADVANCED", "category": "k1", "tag": "even", "mine_id": str(uuid4()), "id": str(uuid4()),
    }  # fmt: skip
    with shelf.psql() as learning, teacher.psql() as teaching:
        for (sort, back, by, drafts), statement in catalog.CATALOG.items():
            connection = teaching if drafts else learning
            key = ("z" if back else "a") if sort is Sort.TITLE else "-infinity" if back else "infinity"
            values["user"] = (teacher if drafts else shelf).me.user_id
            chosen = values | {"mine_at": key, "at": key} | {name: None for name in ("difficulty", "category", "tag") if name not in by}
            row = connection.execute(f"EXPLAIN (FORMAT JSON) {statement.driver_sql}".encode(), chosen).fetchone()
            assert row is not None
            assert "courses" not in scanned(row[0]), statement


async def test_each_question_is_one_round_trip(shelf: Someone, world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    course = await teacher.imports(small_course())
    request = SyncRequest(device=DEVICE, sent_at=MONDAY)
    questions: list[Callable[[Database], Awaitable[object]]] = [
        person.whoami,
        lambda database: catalog.page(database, teacher.me),
        lambda database: catalog.page(database, teacher.me, Filters(tag="even", mine=True)),
        lambda database: content.find(database, teacher.me, "small"),
        lambda database: content.find(database, teacher.me, str(course.id)),
        lambda database: content.versions(database, teacher.me, [str(course.id)]),
        lambda database: content.practice_keys(database, teacher.me, str(course.id)),
        lambda database: importing.known(database, teacher.me, "small", ""),
        lambda database: importing.versions(database, teacher.me),
        lambda database: importing.import_course(database, teacher.me, course),
        lambda database: searching.search(database, teacher.me, SearchQuery(text="small words")),
        lambda database: db_sync.sync(database, teacher.me, request),
    ]
    for question in questions:
        assert await round_trips(teacher.database, question) == 1


async def round_trips(database: Database, question: Callable[[Database], Awaitable[object]]) -> int:
    """How often the server said that it was ready again while a question was asked on a warm connection."""
    await database.json(person.WHOAMI)
    async with database._engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    with tempfile.TemporaryFile("w+") as log:
        driver.pgconn.trace(log.fileno())
        await question(database)
        driver.pgconn.untrace()
        log.seek(0, io.SEEK_SET)
        return log.read().count("ReadyForQuery")


SLEEPS = Statement("test_sleeps", "SELECT CAST(pg_sleep(60) AS text)")


async def test_a_question_that_is_not_waited_for_ends_on_the_server_too(world: World) -> None:
    someone = await world.add_person()

    def until(asleep: bool) -> None:
        with world.psql() as connection:
            asked = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = %s AND state = 'active'"
            while connection.execute(asked, (someone.target.user,)).fetchone() != (asleep,):
                connection.execute("SELECT pg_sleep(0.01)")

    asking = asyncio.create_task(someone.database.json(SLEEPS))
    async with asyncio.timeout(20):
        await asyncio.to_thread(until, True)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.to_thread(until, False)
    assert await person.whoami(someone.database) == someone.me


BACKEND = Statement("test_backend", "SELECT CAST(pg_backend_pid() AS text)")
SLOWLY = Statement("test_slowly", "SELECT CAST(pg_backend_pid() AS text) FROM pg_sleep(0.2)")
FAILS = Statement("test_fails", "SELECT CAST(1 / CAST(:number AS int) AS text)")


async def test_a_connection_is_kept_after_an_error(world: World) -> None:
    someone = await world.add_person()
    backend = await someone.database.json(BACKEND)
    with pytest.raises(BadInput):
        await someone.database.json(FAILS, number=0)
    assert await someone.database.json(BACKEND) == backend
    for no_text in ("\ud800", "\0"):
        with pytest.raises(BadInput, match="no text"):
            await someone.database.json(FAILS, number=no_text)


async def test_when_the_server_was_away_one_question_fails_and_no_more(world: World) -> None:
    someone = await world.add_person()
    both = {pid async for pid in two_backends(someone)}
    assert len(both) == 2
    with world.psql() as connection:
        for pid in both:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (int(pid),))
    with pytest.raises(Unavailable):
        await someone.database.json(BACKEND)
    assert not both & {pid async for pid in two_backends(someone)}


async def two_backends(someone: Someone) -> AsyncIterator[bytes]:
    """The processes of the server behind both of the app's connections."""
    asked = (someone.database.json(SLOWLY), someone.database.json(SLOWLY))
    for pid in await asyncio.gather(*asked):
        yield pid


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    database = Database(Target(host="127.0.0.1", port=1, dbname="lms", user="nobody", password="secret"))
    with pytest.raises(Unavailable) as caught:
        await person.whoami(database)
    assert "secret" not in str(caught.value) + repr(database.target)
    await database.close()


async def test_a_person_is_who_their_login_says(world: World) -> None:
    someone = await world.add_person(Role.ADMIN, timezone="Europe/Berlin", name="Ada “A.” [b]")
    assert (someone.me.name, someone.me.role) == ("Ada “A.” [b]", Role.ADMIN)
    assert (someone.me.timezone, someone.me.institution) == ("Europe/Berlin", "A school")
    assert len(someone.me.epoch) == 36
    await someone.database.rest()
    await someone.database.close()
    assert (await person.whoami(someone.database)) == someone.me, "it connects again by itself"


def test_statements_have_names_of_their_own() -> None:
    assert {statement.name for statement in REGISTRY.values()} == set(REGISTRY)
    with pytest.raises(ValueError, match="two statements"):
        Statement("sync", "SELECT 1")


async def test_what_is_not_there_is_not_found(shelf: Someone) -> None:
    for ref in ("nothing", str(uuid4()), "draft"):
        with pytest.raises(NotFound):
            await content.find(shelf.database, shelf.me, ref)
