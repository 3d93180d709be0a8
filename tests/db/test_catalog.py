"""The catalogue: every order and filter, page by page, both ways."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.db import catalog, content, importing, migrate
from lms_tui.db.target import Target
from lms_tui.model.catalog import END, Filters, Sort
from lms_tui.model.course import Course
from lms_tui.model.errors import BadInput, LmsError
from lms_tui.model.person import Role
from lms_tui.model.wire import SyncRequest
from tests.db.courses import Recorder, small_course
from tests.db.shelf import LEVELS, shelf
from tests.db.world import Someone, World

__all__ = ["shelf"]  # a fixture

FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "mine": {"mine": True},
    "difficulty": {"difficulty": "ADVANCED"},
    "category": {"category": "k1"},
    "tag": {"tag": "even"},
    "all of them": {"category": "k0", "difficulty": "BEGINNER", "tag": "even"},
    "mine of a tag": {"mine": True, "tag": "even"},
    "none": {"tag": "nothing has it"},
}
MINE = ["c00", "c04", "c20", "c07"]


async def forwards(someone: Someone, filters: Filters) -> list[str]:
    """All slugs, page after page."""
    slugs: list[str] = []
    while True:
        page = await catalog.page(someone.database, someone.me, filters)
        assert (page.previous is None) == (filters.after is None)
        assert len(page.items) == filters.limit or page.next is None
        slugs += [item.slug for item in page.items]
        if page.next is None:
            return slugs
        filters = replace(filters, after=page.next)


async def backwards(someone: Someone, filters: Filters) -> list[str]:
    """All slugs in their order, read from the end."""
    slugs: list[str] = []
    filters = replace(filters, before=END)
    while True:
        page = await catalog.page(someone.database, someone.me, filters)
        assert (page.next is None) == (filters.before == END)
        assert len(page.items) == filters.limit or page.previous is None
        slugs = [item.slug for item in page.items] + slugs
        if page.previous is None:
            return slugs
        filters = replace(filters, before=page.previous)


def in_order(someone: Someone, sort: Sort) -> list[str]:
    """All slugs as an order has them, by a statement that knows nothing of pages."""
    orders = {
        Sort.RECENT: "array_position(%(mine)s, c.slug), c.created_at DESC, c.course_id DESC",
        Sort.NEWEST: "c.created_at DESC, c.course_id DESC",
        Sort.TITLE: 'lower(c.title) COLLATE "C", c.course_id',
    }
    with someone.psql() as connection:
        rows = connection.execute(f"SELECT c.slug FROM lms.courses c ORDER BY {orders[sort]}".encode(), {"mine": MINE}).fetchall()
    return [slug for (slug,) in rows]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_pages_are_the_order_cut_up_and_the_same_backwards(shelf: Someone, sort: Sort, limit: int) -> None:
    everything = in_order(shelf, sort)
    for parts in FILTERS.values():
        filters = Filters(sort=sort, limit=limit, **parts)
        found = await forwards(shelf, filters)
        assert found == [slug for slug in everything if slug in found]
        assert await backwards(shelf, filters) == found


@pytest.mark.parametrize("sort", Sort)
async def test_filters_leave_what_they_name(shelf: Someone, sort: Sort) -> None:
    expected = {
        "all": range(23),
        "mine": (0, 4, 7, 20),
        "difficulty": range(2, 23, 3),
        "category": range(1, 23, 4),
        "tag": range(0, 23, 2),
        "all of them": (0, 12),
        "mine of a tag": (0, 4, 20),
        "none": (),
    }
    for name, numbers in expected.items():
        assert sorted(await forwards(shelf, Filters(sort=sort, limit=5, **FILTERS[name]))) == [f"c{number:02}" for number in numbers], name


@pytest.mark.parametrize("sort", Sort)
async def test_a_page_leads_back_to_the_one_before_it(shelf: Someone, sort: Sort) -> None:
    first = await catalog.page(shelf.database, shelf.me, Filters(sort=sort, limit=4))
    second = await catalog.page(shelf.database, shelf.me, Filters(sort=sort, limit=4, after=first.next))
    back = await catalog.page(shelf.database, shelf.me, Filters(sort=sort, limit=4, before=second.previous))
    assert back.items == first.items
    assert (back.previous, back.next) == (None, first.next)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("back", [False, True])
async def test_what_stays_is_seen_once_whatever_comes_and_goes(shelf: Someone, world: World, sort: Sort, back: bool) -> None:
    """Between pages courses are made, renamed and hidden; those that stay as they were are all seen, once, in their order."""
    stays = [slug for slug in in_order(shelf, sort) if slug not in ("c05", "c13")]
    seen: list[str] = []
    filters = Filters(sort=sort, limit=4, before=END if back else None)
    number = 0
    while True:
        page = await catalog.page(shelf.database, shelf.me, filters)
        slugs = [item.slug for item in page.items]
        seen = slugs + seen if back else seen + slugs
        if (cursor := page.previous if back else page.next) is None:
            break
        filters = replace(filters, before=cursor) if back else replace(filters, after=cursor)
        with world.psql() as connection:
            connection.execute(
                "INSERT INTO lms.courses (institution_id, slug, title, published, created_at)"
                " SELECT %s, %s, 'c ' || %s, true, created_at FROM lms.courses WHERE slug = 'c11' AND institution_id = %s",
                (world.institution, f"new{number}", number, world.institution),
            )
            connection.execute("UPDATE lms.courses SET title = 'zz' || %s WHERE slug = 'c05'", (number,))
            connection.execute("UPDATE lms.courses SET published = %s WHERE slug = 'c13'", (number % 2 == 0,))
        number += 1
    assert [slug for slug in seen if slug in stays] == stays


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMIN])
@pytest.mark.parametrize("sort", Sort)
async def test_who_teaches_sees_drafts_in_their_place(shelf: Someone, world: World, sort: Sort, role: Role) -> None:
    teacher = await world.add_person(role)
    stranger = await world.add_person(role, world.add_institution())
    for number, published in enumerate((True, False, False, True)):
        course = Course(slug=f"d{number}", title=f"C {number}", tags=("even",), difficulty=LEVELS[0], category="k1")
        stored = await teacher.imports(course)
        if published:
            with teacher.psql() as connection:
                connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, stored.id))
    device = Recorder(await teacher.imports(Course(slug="d1", title="C 1", tags=("even",), difficulty=LEVELS[0], category="k1")))
    await teacher.sends(device.event("enrolled"))
    chosen: tuple[dict[str, Any], ...] = (
        {},
        {"tag": "even"},
        {"category": "k1"},
        {"difficulty": "BEGINNER"},
        {"category": "k1", "tag": "even"},
    )
    for parts in chosen:
        filters = Filters(sort=sort, limit=3, **parts)
        found = await forwards(teacher, filters)
        assert found == await backwards(teacher, filters)
        assert len(found) == len(set(found))
        assert {"d0", "d1", "d2", "d3"} <= set(found)
        assert await forwards(stranger, filters) == []
        assert not {"d1", "d2", "draft"} & set(await forwards(shelf, filters))
    everything = await forwards(teacher, Filters(sort=sort, limit=4))
    with teacher.psql() as connection:
        orders = {Sort.RECENT: "slug <> 'd1', created_at DESC, course_id DESC", Sort.NEWEST: "created_at DESC, course_id DESC"}
        order = orders.get(sort, 'lower(title) COLLATE "C", course_id')
        rows = connection.execute(f"SELECT slug FROM lms.courses ORDER BY {order}".encode()).fetchall()
    assert everything == [slug for (slug,) in rows]
    page = await catalog.page(teacher.database, teacher.me, Filters(sort=sort, tag="even", limit=50))
    assert {item.slug: item.published for item in page.items if item.slug[0] == "d"} == {"d0": True, "d1": False, "d2": False, "d3": True}


async def test_a_course_in_the_catalogue_has_my_progress(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    course = await teacher.imports(small_course())
    device = Recorder(course)
    await teacher.sends(device.event("enrolled"), device.event("time", "film", seconds=70), device.event("completed", "film"))
    for sort in Sort:
        (item,) = (await catalog.page(teacher.database, teacher.me, Filters(sort=sort))).items
        assert (item.id, item.title, item.tags) == (course.id, "Small course", ("Python", "tests"))
        assert (item.lesson_count, item.section_count, item.minutes) == (2, 5, 8)
        assert (item.enrolled, item.percent, item.active_seconds, item.completed_at) == (True, 25, 70, None)


async def test_a_new_title_is_a_new_place(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    for slug, title in (("a", "Zebras"), ("b", "Éclairs"), ("c", "apples"), ("d", "Bees")):
        await importing.import_course(teacher.database, teacher.me, Course(slug=slug, title=title, tags=("t",)))
    await importing.import_course(teacher.database, teacher.me, Course(slug="a", title="Ants", tags=("t",)))
    assert await forwards(teacher, Filters(sort=Sort.TITLE, limit=2)) == ["a", "c", "d", "b"]
    assert await backwards(teacher, Filters(sort=Sort.TITLE, limit=3, tag="t")) == ["a", "c", "d", "b"]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("back", [False, True])
async def test_pages_of_the_cache_and_of_the_database_go_on_from_one_another(
    shelf: Someone, world: World, tmp_path: Path, sort: Sort, back: bool
) -> None:
    """As on a screen that loses the database and finds it again."""
    with world.psql() as connection:  # what no key of the cache's can be compared with
        connection.execute(
            "UPDATE lms.courses SET title = 'É' || title WHERE slug IN ('c03', 'c12') AND institution_id = %s", (world.institution,)
        )
        connection.execute(
            "UPDATE lms.courses SET created_at = created_at + course_n * interval '1 day' FROM"
            " (SELECT course_id AS id, row_number() OVER (ORDER BY course_id) AS course_n FROM lms.courses) x WHERE course_id = x.id"
        )
    whole = await forwards(shelf, Filters(sort=sort, limit=50))
    with closing(Cache.open(tmp_path / "profile", shelf.me)) as cache:
        cache.content.put_listed((await catalog.page(shelf.database, shelf.me, Filters(sort=sort))).items)
        device = SyncRequest(device=cache.device_id, sent_at=cache.clock.now(), events=(), cursor=cache.mirror.cursor())
        cache.mirror.acknowledge(device, await shelf.progress())
        seen: list[str] = []
        filters, turn = Filters(sort=sort, limit=3, before=END if back else None), 0
        while True:
            turn += 1
            if turn % 2:
                of_database = await catalog.page(shelf.database, shelf.me, filters)
                slugs, previous, following = [item.slug for item in of_database.items], of_database.previous, of_database.next
            else:
                of_cache = cache.content.courses(filters)
                slugs, previous, following = [item.course.slug for item in of_cache.items], of_cache.previous, of_cache.next
            seen = slugs + seen if back else seen + slugs
            if (place := previous if back else following) is None:
                break
            filters = replace(filters, before=place) if back else replace(filters, after=place)
    assert seen == whole


@pytest.mark.parametrize("after", ["", "x", "0~1~2", "WzFd", "'; DROP", "é"])
async def test_a_cursor_that_is_none_is_refused(world: World, after: str) -> None:
    learner = await world.add_person(Role.STUDENT)
    for filters in (Filters(after=after), Filters(before=after), Filters(sort=Sort.TITLE, after=after)):
        with pytest.raises(BadInput):
            await catalog.page(learner.database, learner.me, filters)


async def test_a_cursor_of_another_order_or_way_is_refused(shelf: Someone) -> None:
    second = (await catalog.page(shelf.database, shelf.me, Filters(limit=4))).next
    for wrong in (Filters(sort=Sort.TITLE, after=second), Filters(before=second), Filters(after=second, before=END), Filters(after=END)):
        with pytest.raises(BadInput):
            await catalog.page(shelf.database, shelf.me, wrong)


async def test_a_level_that_is_none_is_refused_in_a_sentence(empty_database: Callable[[], Target]) -> None:
    """As of a server that somebody has set up to write into the terminals of those whom they invite."""
    target = empty_database()
    migrate.upgrade(target)
    world = World(target)
    try:
        teacher = await world.add_person(Role.INSTRUCTOR)
        await importing.import_course(teacher.database, teacher.me, Course(slug="a", title="A"))
        with world.psql() as connection:
            connection.execute("ALTER TABLE lms.courses DROP CONSTRAINT courses_difficulty_check")
            connection.execute("UPDATE lms.courses SET difficulty = '\x1b]0;' || 'PWNED'")
        for asked in (catalog.page(teacher.database, teacher.me), content.find(teacher.database, teacher.me, "a")):
            with pytest.raises(LmsError, match="cannot make sense of") as caught:
                await asked
            assert "PWNED" not in caught.value.message + caught.value.hint
    finally:
        await world.close()
