"""The catalogue's screen in front of a real database: what it asks of it."""

import pytest
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.db.statements import Statement
from lms_tui.library import Library, fetching
from lms_tui.library.profile import load
from lms_tui.model.catalog import EVERYTHING, Filters
from lms_tui.views.nodes import CourseList
from lms_tui.widgets.catalog_rows import CatalogRows
from tests.db.conftest import any_server, empty_database, migrated, world
from tests.db.world import Someone, World
from tests.screens.driving import opened, press, text_of

__all__ = ["any_server", "empty_database", "migrated", "world"]  # fixtures

COURSES = 430


@pytest.fixture
async def learner(world: World) -> Someone:
    """A learner of a school with some hundred courses, none of which is known on this machine."""
    with world.psql() as connection:
        connection.execute(
            "INSERT INTO lms.courses (institution_id, slug, title, published, created_at)"
            " SELECT %s, 'c' || n, 'Course ' || to_char(n, 'FM000'), true, now() - n * interval '1 minute' FROM generate_series(1, %s) n",
            (world.institution, COURSES),
        )
    return await world.add_person()


@pytest.fixture
def asked(learner: Someone, monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """The app's library asks the learner's database for pages; these are the statements that it sent."""
    sent: list[Statement] = []
    ask = learner.database.json

    async def noted(statement: Statement, **params: object) -> bytes:
        sent.append(statement)
        return await ask(statement, **params)

    monkeypatch.setattr(learner.database, "json", noted)

    async def refresh(library: Library, filters: Filters = EVERYTHING) -> CourseList:
        return await fetching.catalog(learner.database, library._cache, filters)

    monkeypatch.setattr(Library, "refresh_catalog", refresh)
    folder, kept = load("personal")
    Cache.open(folder, kept.person).close()
    monkeypatch.setattr(fetching, "known_person", lambda _: learner.me)
    return sent


async def test_k_pages_are_k_statements_and_nothing_is_counted(asked: list[Statement]) -> None:
    pages = -(-COURSES // 50)
    async with opened() as pilot:
        await press(pilot, "g", "c")
        rows = pilot.app.screen.query_one(CatalogRows)
        assert len(asked) <= 2, "the first page, and the one that is soon needed"
        seen: set[str] = set()
        while len(seen) < COURSES:
            seen.update(course.id for course in rows._courses)
            await press(pilot, "pagedown")
            assert rows.count <= 252
        assert len(asked) == pages
        down = len(asked)
        while (node := rows.selected) is not None and node.title != "Course 001":
            await press(pilot, "pageup")
        assert len(asked) - down <= pages
        assert all("count(" not in statement.sql.lower() for statement in asked)


async def test_end_is_one_statement_and_so_is_another_order(asked: list[Statement]) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        asked.clear()
        shown = await press(pilot, "end")
        assert f"Course {COURSES}" in shown
        assert [statement.name for statement in asked] == ["catalog_recent_all_back"]
        asked.clear()
        await press(pilot, "s")
        assert {statement.name for statement in asked} == {"catalog_newest_all"}
        assert len(asked) <= 2


async def test_the_first_frame_is_the_first_page_as_it_was_last_seen(asked: list[Statement], learner: Someone, world: World) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c", "s", "s", "end")
        assert f"Course {COURSES}" in text_of(pilot)
    async with opened() as pilot:
        library: Library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        page = library.last_page(replace(EVERYTHING))
        assert page is not None
        assert [node.title for node in page.items] == [f"Course {number:03}" for number in range(1, 51)]
