"""The statements of the screens: right, one round trip each, and no policy left as a filter of rows."""

import io
import re
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from lms_tui.db import catalog, content, importing, person
from lms_tui.db import sync as db_sync
from lms_tui.db.connection import Database
from lms_tui.db.statements import REGISTRY, Statement
from lms_tui.db.target import Target
from lms_tui.model.course import Course, Difficulty
from lms_tui.model.errors import BadInput, NotFound, Unavailable
from lms_tui.model.person import Role
from lms_tui.model.wire import SyncRequest
from tests.db.courses import MONDAY, Recorder, small_course
from tests.db.world import DEVICE, Someone, World

LEVELS = (Difficulty.BEGINNER, Difficulty.INTERMEDIATE, Difficulty.ADVANCED)


@pytest.fixture
async def shelf(world: World) -> Someone:
    """A learner among 23 published courses, of which they take four, have left one, and one draft."""
    teacher, learner = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    for number in range(23):
        tags = ("even",) if number % 2 == 0 else ()
        await importing.import_course(
            teacher.database,
            teacher.me,
            Course(slug=f"c{number:02}", title=f"C {number}", tags=tags, difficulty=LEVELS[number % 3], category=f"k{number % 4}"),
        )
    await teacher.imports(small_course("draft"))
    with world.psql() as connection:
        ids = connection.execute(
            "SELECT slug, course_id::text FROM lms.courses WHERE slug <> 'draft' AND institution_id = %s ORDER BY slug",
            (world.institution,),
        ).fetchall()
        for number, (_, course) in enumerate(ids):
            with teacher.psql() as author:
                author.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, course))
            day = MONDAY.replace(day=1 + number // 3)
            connection.execute("UPDATE lms.courses SET created_at = %s WHERE course_id = %s", (day, course))
            connection.execute("UPDATE lms.course_tags SET created_at = %s WHERE course_id = %s", (day, course))
    for minutes, (_, course) in ((5, ids[4]), (3, ids[20]), (9, ids[0]), (1, ids[7]), (2, ids[9])):
        await learner.sends(Recorder(Course(slug="", title="", id=course)).event("enrolled", minutes=minutes))
    await learner.sends(Recorder(Course(slug="", title="", id=ids[9][1])).event("left", minutes=20))
    return learner


async def all_pages(learner: Someone, limit: int, **filters: Any) -> list[str]:
    slugs: list[str] = []
    after = None
    while True:
        page = await catalog.page(learner.database, learner.me, limit=limit, after=after, **filters)
        slugs += [item.slug for item in page.items]
        assert len(page.items) == limit or page.next is None
        if page.next is None:
            return slugs
        after = page.next


MINE = ["c00", "c04", "c20", "c07"]


@pytest.mark.parametrize("limit", [1, 3, 4, 50])
async def test_my_courses_come_first_and_then_the_newest(shelf: Someone, limit: int) -> None:
    with shelf.psql() as connection:
        by_age = connection.execute("SELECT slug FROM lms.courses ORDER BY created_at DESC, course_id DESC").fetchall()
    assert await all_pages(shelf, limit) == MINE + [slug for (slug,) in by_age if slug not in MINE]
    assert await all_pages(shelf, limit, mine=True) == MINE


@pytest.mark.parametrize("limit", [2, 50])
async def test_filters_leave_what_they_name(shelf: Someone, limit: int) -> None:
    assert await all_pages(shelf, limit, tag="even", mine=True) == ["c00", "c04", "c20"]
    even = await all_pages(shelf, limit, tag="even")
    assert even[:3] == ["c00", "c04", "c20"]
    assert sorted(even) == [f"c{number:02}" for number in range(0, 23, 2)]
    assert sorted(await all_pages(shelf, limit, difficulty="ADVANCED")) == [f"c{number:02}" for number in range(2, 23, 3)]
    assert sorted(await all_pages(shelf, limit, category="k1")) == [f"c{number:02}" for number in range(1, 23, 4)]
    assert await all_pages(shelf, limit, category="k0", difficulty="BEGINNER", tag="even") == ["c00", "c12"]
    assert await all_pages(shelf, limit, tag="nothing has it") == []


async def test_a_course_in_the_catalogue_has_my_progress(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    course = await teacher.imports(small_course())
    device = Recorder(course)
    await teacher.sends(device.event("enrolled"), device.event("time", "film", seconds=70), device.event("completed", "film"))
    (item,) = (await catalog.page(teacher.database, teacher.me)).items
    assert (item.id, item.title, item.tags) == (course.id, "Small course", ("Python", "tests"))
    assert (item.lesson_count, item.section_count, item.minutes) == (2, 5, 8)
    assert (item.enrolled, item.percent, item.active_seconds, item.completed_at) == (True, 25, 70, None)


@pytest.mark.parametrize("after", ["", "x", "0~1~2", "1~2026-01-01~nope", "'; DROP"])
async def test_a_cursor_that_is_none_is_refused(shelf: Someone, after: str) -> None:
    with pytest.raises(BadInput):
        await catalog.page(shelf.database, shelf.me, after=after)


def filters_of(plan: Any) -> list[str]:
    """The filters of rows in a plan. A filter that is tried once a statement is none of them."""
    found = []
    if isinstance(plan, dict):
        found = [text for key, text in plan.items() if key in ("Filter", "Join Filter") and isinstance(text, str)]
    for part in plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ():
        found += filters_of(part)
    return found


async def test_no_policy_is_left_as_a_filter_of_rows(shelf: Someone) -> None:
    values = {
        "institution": shelf.me.institution_id, "user": shelf.me.user_id, "limit": 21, "difficulty": None, "category": None, "tag": "even",
        "mine_at": "infinity", "mine_id": str(uuid4()), "rest_at": "infinity", "rest_id": str(uuid4()), "slug": "c01", "source": "",
    }  # fmt: skip
    reading = [
        catalog.CATALOG_MINE,
        *catalog.CATALOG.values(),
        content.COURSE_BY_ID,
        content.COURSE_BY_SLUG,
        importing.KNOWN,
        importing.VERSIONS,
    ]
    with shelf.psql() as connection:
        for statement in reading:
            values["ref"] = "c01" if statement is content.COURSE_BY_SLUG else str(uuid4())
            for mode in ("force_custom_plan", "force_generic_plan"):
                connection.execute(f"SET plan_cache_mode = {mode}".encode())
                sql = re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement.sql.replace("%", "%%"))
                row = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}".encode(), values).fetchone()
                assert row is not None
                assert [text for text in filters_of(row[0]) if "my_institution" in text or "my_user" in text] == [], statement


async def test_each_question_is_one_round_trip(shelf: Someone, world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    course = await teacher.imports(small_course())
    request = SyncRequest(device=DEVICE, sent_at=MONDAY)
    questions: list[Callable[[Database], Awaitable[object]]] = [
        person.whoami,
        lambda database: catalog.page(database, teacher.me),
        lambda database: catalog.page(database, teacher.me, tag="even", mine=True),
        lambda database: content.course(database, teacher.me, "small"),
        lambda database: content.course(database, teacher.me, str(course.id)),
        lambda database: content.practice_keys(database, teacher.me, str(course.id)),
        lambda database: importing.known(database, teacher.me, "small", ""),
        lambda database: importing.versions(database, teacher.me),
        lambda database: importing.import_course(database, teacher.me, course),
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
            await content.course(shelf.database, shelf.me, ref)
