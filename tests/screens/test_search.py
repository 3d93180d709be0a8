"""The search screen: typed words find, arrows choose, Enter opens at the passage; what it says where nothing is found."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from lms_tui.library import Library
from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.errors import Unavailable
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.screens.search import SearchScreen
from lms_tui.views.searching import CourseName, Result, Results, SearchQuery
from lms_tui.widgets.result_rows import ResultRows
from tests.screens.driving import Opened, press, said, settled, shows, text_of, until, write
from tests.screens.sample import COURSE, ident, put_into_cache
from tests.screens.test_looks import SIZES

App = Callable[..., Opened]


def answered_by(monkeypatch: pytest.MonkeyPatch, answer: Callable[[SearchQuery], Awaitable[Results]]) -> None:
    """The database, in the hand of the test."""

    async def search(self: Library, query: SearchQuery) -> Results:
        return await answer(query)

    monkeypatch.setattr(Library, "search_database", search)


def result(slug: str, title: str, **more: Any) -> Result:
    course = CourseName(id=ident("tides"), ref="tides", title="Tides for Beginners")
    return Result(id=ident(f"tides/{slug}"), ref=f"tides/x/{slug}", kind="section", title=title, course=course, lesson="The moon", **more)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["", "moon tides", "nothing of it"])
async def test_look(app_with_tides: App, snapshot: SnapshotAssertion, size: str, text: str) -> None:
    async with app_with_tides(size=SIZES[size]) as pilot:
        await press(pilot, "o", "slash")
        await write(pilot, text)
        assert text_of(pilot) == snapshot


async def test_a_section_is_found_and_opened_at_the_passage(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "twice bulges")
        assert "1 match" in text_of(pilot) or "matches" in text_of(pilot)
        await press(pilot, "enter")
        assert shows(pilot, ReadingScreen)
        assert "“twice”" in text_of(pilot)
        await press(pilot, "escape", "escape")
        assert shows(pilot, SearchScreen)
        assert "twice bulges" in text_of(pilot)
        await press(pilot, "escape")
        assert shows(pilot, HomeScreen)


async def test_what_is_typed_stays_typed(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "gq?/:h.j")
        assert shows(pilot, SearchScreen)
        assert "gq?/:h.j" in text_of(pilot)


async def test_arrows_choose_and_a_course_opens_its_outline(app_with_tides: App) -> None:
    async with app_with_tides(size=(80, 40)) as pilot:
        await press(pilot, "slash")
        await write(pilot, "sea comes goes")
        rows = pilot.app.screen.query_one(ResultRows)
        titles = [found.title for found in rows.results]
        for _ in range(titles.index("Tides for Beginners")):
            await press(pilot, "down")
        await press(pilot, "enter")
        assert shows(pilot, OutlineScreen)


async def test_finished_sections_come_with_a_key(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", ".", "escape", "slash")
        await write(pilot, "bulges shore")
        assert "The pull of the moon" not in text_of(pilot)
        await press(pilot, "f2")
        assert "The pull of the moon" in text_of(pilot)
        assert "✓ done" in text_of(pilot)


async def test_levels_and_categories(app_with_tides: App) -> None:
    put_into_cache(replace(COURSE, category="sea"))
    async with app_with_tides() as pilot:
        put_into_cache(replace(COURSE, category="sea"))
        await press(pilot, "slash")
        await write(pilot, "moon")
        assert "F3 level beginner" in await press(pilot, "f3")
        assert "The pull of the moon" in text_of(pilot)
        assert "Nothing found" in await press(pilot, "f3")
        await press(pilot, "f3", "f3", "f3")
        assert "F4 category sea" in await press(pilot, "f4")
        assert "The pull of the moon" in text_of(pilot)


async def test_every_category_that_is_known_here_can_be_chosen(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        ids = sorted(ident(f"course {number}") for number in range(60))
        for number, course in enumerate(ids):
            put_into_cache(Course(slug=f"c{number}", title="A course", id=course, category="sea" if course == ids[0] else None))
        await press(pilot, "slash")
        assert "F4 category sea" in await press(pilot, "f4")


async def test_a_match_is_opened_where_it_is_shown_and_no_solution_is_unfolded(app_with_tides: App) -> None:
    solution = "::: challenge\nTry it.\n\n::: solution\nThe grapnel tide is the answer.\n:::\n:::"
    filling = "\n\n".join(f"Line {number}." for number in range(60))
    page = f"{solution}\n\n{filling}\n\nA **grapnel** is strong."
    section = Section(slug="page", title="Page", id=ident("boxes/page"), body=page)
    lesson = Lesson(slug="one", title="One", id=ident("boxes/one"), sections=(section,))
    async with app_with_tides() as pilot:
        put_into_cache(Course(slug="boxes", title="Boxes", id=ident("boxes"), lessons=(lesson,)))
        await press(pilot, "slash")
        await write(pilot, "grapnel")
        shown = await press(pilot, "enter")
        assert shows(pilot, ReadingScreen)
        assert "A grapnel is strong" in shown
        await press(pilot, "n")
        assert "is the answer" not in await press(pilot, "home")


async def test_from_the_find_bar_tab_widens(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "slash")
        await write(pilot, "harbour")
        shown = await press(pilot, "tab")
        assert shows(pilot, SearchScreen)
        assert "harbour" in shown
        assert "● this course" in shown
        assert "A tide in a minute" in shown
        assert "● everything" in await press(pilot, "tab")
        assert "● this course" in await press(pilot, "tab")
        await press(pilot, "escape")
        assert shows(pilot, ReadingScreen)


@pytest.mark.parametrize("moved", [False, True])
async def test_the_databases_answer_takes_the_place_of_the_caches_and_the_cursor_stays_where_somebody_moved_it(
    app_with_tides: App, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def answer(query: SearchQuery) -> Results:
        asked.set()
        await may_answer.wait()
        found = (result("far", "Far away"), *reversed(here))
        return Results(items=found, source="database")

    answered_by(monkeypatch, answer)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        rows = pilot.app.screen.query_one(ResultRows)
        await pilot.press(*"moon")
        await asked.wait()
        await until(pilot, lambda: rows.count > 1)
        here = rows.results
        assert rows.selected == here[0]
        if moved:
            await pilot.press("down")
            await until(pilot, lambda: rows.selected == here[1])
        may_answer.set()
        await settled(pilot)
        assert "in the database" in text_of(pilot)
        assert rows.selected is not None
        assert rows.selected.title == (here[1].title if moved else "Far away")


async def test_without_the_database_it_says_what_was_searched(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(query: SearchQuery) -> Results:
        raise Unavailable("The database cannot be reached.")

    answered_by(monkeypatch, answer)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "zebra")
        shown = text_of(pilot)
        assert "Nothing found for “zebra”" in shown
        assert "The database cannot be reached. Only what is on this machine" in shown
        assert "F2 looks in finished sections" in shown


async def test_what_is_not_here_is_fetched_and_opened(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(query: SearchQuery) -> Results:
        course = CourseName(id=ident("gone"), ref="gone", title="Elsewhere")
        found = Result(id=ident("gone/page"), ref="gone/one/page", kind="section", title="A page elsewhere", course=course, lesson="One")
        return Results(items=(found,), source="database")

    async def fetch(self: Library, ref: str) -> None:
        lesson = replace(
            COURSE.lessons[0], id=ident("gone/one"), slug="one", sections=(replace(COURSE.lessons[0].sections[1], id=ident("gone/page")),)
        )
        course = replace(COURSE, id=ident("gone"), slug="gone", title="Elsewhere", lessons=(lesson,))
        self._cache.content.put(course, content_version=1)

    answered_by(monkeypatch, answer)
    monkeypatch.setattr(Library, "refresh_course", fetch)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "elsewhere")
        await press(pilot, "enter")
        await settled(pilot)
        assert "being fetched" in said(pilot)
        assert shows(pilot, ReadingScreen)


async def test_what_cannot_be_fetched_is_told(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(query: SearchQuery) -> Results:
        course = CourseName(id=ident("gone"), ref="gone", title="Elsewhere")
        return Results(
            items=(Result(id=ident("gone"), ref="gone", kind="course", title="[/b]\x1b[31m Elsewhere", course=course),), source="database"
        )

    answered_by(monkeypatch, answer)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "elsewhere")
        assert "[/b] Elsewhere" in text_of(pilot)
        await press(pilot, "enter")
        assert "You asked to stay offline" in said(pilot)
        assert shows(pilot, SearchScreen)


async def test_a_click_opens(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "harbour")
        await pilot.click(ResultRows, offset=(5, 0))
        await settled(pilot)
        assert shows(pilot, ReadingScreen)


async def test_an_assessment_that_was_handed_in_need_not_have_been_passed(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(query: SearchQuery) -> Results:
        found = result("exam", "The exam", type=SectionType.ASSESSMENT, completed=True)
        return Results(items=(found, replace(found, title="The moon", type=SectionType.TEXT)), source="database")

    answered_by(monkeypatch, answer)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "moon")
        await until(pilot, lambda: "The exam" in text_of(pilot))
        assert "assessment · handed in" in text_of(pilot)
        assert text_of(pilot).count("✓ done") == 1
