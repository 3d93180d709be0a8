"""The catalogue: filters, orders, windows of pages, and what it says where there is nothing."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from lms_tui.cache.store import Cache
from lms_tui.library import Library
from lms_tui.library.profile import load
from lms_tui.model.catalog import Filters
from lms_tui.model.course import Difficulty
from lms_tui.model.wire import CatalogCourse
from lms_tui.screens.catalog import CatalogScreen
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.views.nodes import CourseList
from lms_tui.widgets.catalog_rows import CatalogRows
from tests.cache.sample import HeldClock
from tests.screens.driving import Opened, opened, press, said, settled, shows, text_of, write
from tests.screens.sample import ident
from tests.screens.test_looks import SIZES

LEVELS = (Difficulty.BEGINNER, Difficulty.INTERMEDIATE, Difficulty.ADVANCED, None)


def course(number: int) -> CatalogCourse:
    return CatalogCourse(
        id=f"018f{number:04x}-0000-7000-8000-000000000000", slug=f"course-{number}", title=f"Course {number:03}", content_version=1,
        summary=f"All about {number}.", difficulty=LEVELS[number % 4], category=("Sea", "Land [b]")[number % 2] if number % 5 else None,
        tags=("odd",) if number % 2 else (), minutes=number, lesson_count=number % 9, section_count=number % 30,
    )  # fmt: skip


def know(*courses: CatalogCourse) -> None:
    """As if the database had listed these courses once."""
    folder, kept = load("personal")
    cache = Cache.open(folder, kept.person)
    cache.content.put_page("", courses, None)
    cache.close()


@pytest.fixture
def many() -> None:
    """A library that knows 400 courses."""
    know(*(course(number) for number in range(400)))


def selected(pilot: Pilot[None]) -> str:
    """The title under the cursor."""
    node = pilot.app.screen.query_one(CatalogRows).selected
    return node.title if node else ""


async def test_g_c_opens_it_and_the_course_is_there(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "g", "c")
        assert shows(pilot, CatalogScreen)
        assert "Tides for Beginners" in shown
        assert "what is known here, as of" in shown
        await press(pilot, "enter")
        assert shows(pilot, OutlineScreen)
        await press(pilot, "escape", "escape")
        assert shows(pilot, HomeScreen)
        await press(pilot, "c")
        assert shows(pilot, CatalogScreen)


async def test_all_of_it_is_walked_through_in_a_small_window(many: None) -> None:
    titles = [f"Course {number:03}" for number in range(400)]
    async with opened() as pilot:
        await press(pilot, "g", "c", "s", "s")
        rows = pilot.app.screen.query_one(CatalogRows)
        step = rows.size.height - 1
        for key, way in (("pagedown", titles), ("pageup", titles[::-1])):
            walked = [selected(pilot)]
            while walked[-1] != way[-1]:
                await press(pilot, key)
                assert rows.count <= 252
                walked.append(selected(pilot))
                assert walked[-1] in text_of(pilot)
            assert walked == [*way[::step], *([way[-1]] if len(way) % step != 1 else [])]


async def test_home_and_end_reach_the_ends_from_anywhere(many: None) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c", "s", "s", "end")
        assert selected(pilot) == "Course 399"
        assert "Course 399" in text_of(pilot)
        await press(pilot, "pageup", "home")
        assert selected(pilot) == "Course 000"
        await press(pilot, "pagedown", "end", "up", "up")
        assert selected(pilot) == "Course 397"


async def test_filters_are_chosen_by_typing_and_said_in_words(many: None) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c", "f")
        await write(pilot, "land")
        shown = await press(pilot, "enter")
        assert "category “Land [b]”  x clears" in shown
        await press(pilot, "f")
        await write(pilot, "beg")
        shown = await press(pilot, "enter")
        assert "No course here is beginner · category “Land [b]”." in shown
        assert "x clears the filters" in shown
        shown = await press(pilot, "x")
        assert "All courses" in shown
        assert "Course 399" in shown


async def test_the_order_is_told_and_changes(many: None) -> None:
    async with opened() as pilot:
        assert "yours first, then the newest" in await press(pilot, "g", "c")
        assert selected(pilot) == "Course 399"
        assert "the newest first" in await press(pilot, "s")
        assert "A to Z" in await press(pilot, "s")
        assert selected(pilot) == "Course 000"


async def test_taking_a_course_and_thinking_better_of_it(many: None) -> None:
    async with opened() as pilot:
        shown = await press(pilot, "g", "c", "down", "e")
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        assert library.course(course(398).id).enrolled
        assert "You take “Course 398” now. u undoes it." in said(pilot)
        assert "u undo" in shown
        assert "Course 398" in await press(pilot, "m")
        assert "e take it" not in text_of(pilot)
        shown = await press(pilot, "m", "u")
        assert not library.course(course(398).id).enrolled
        assert "u undo   " not in shown
        assert "“Course 398” is not one of yours any more." in said(pilot)


async def test_keys_do_not_wait_for_the_database(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as pilot:
        held = asyncio.Event()
        asked: list[Filters] = []
        library: Library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app

        async def slow(filters: Filters) -> CourseList:
            asked.append(filters)
            await held.wait()
            return library.courses(filters)

        monkeypatch.setattr(library, "refresh_catalog", slow)
        await pilot.press("g", "c")
        for _ in range(30):
            await pilot.press("down")
        await pilot.pause()
        assert selected(pilot) == "Course 369"
        await pilot.press("end")
        await pilot.press("up")
        assert selected(pilot) == "Course 370"
        held.set()
        await settled(pilot)
        assert selected(pilot) == "Course 000"
        assert len(asked) <= 4


async def test_what_titles_hold_is_text() -> None:
    know(CatalogCourse(id=ident("x"), slug="x", title="arr[1] [/b] \x1b]0;gone\x07[red]" + "W" * 200, category="[b]\n", tags=("[/]",)))
    async with opened(size=(140, 30)) as pilot:
        assert "arr[1] [/b] [red]WWW" in await press(pilot, "g", "c")
        await press(pilot, "f")
        await write(pilot, "[")
        assert "[/]" in text_of(pilot)


async def test_a_course_that_cannot_be_fetched_is_told_and_nothing_opens(many: None) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c", "enter")
        assert shows(pilot, CatalogScreen)
        assert "Fetching “Course 399”…" in said(pilot)
        assert "You asked to stay offline." in said(pilot)


WAYS = {
    "known": ("g", "c"),
    "end": ("g", "c", "end"),
    "chosen": ("g", "c", "f", "s", "e", "a", "enter", "s"),
    "panel": ("g", "c", "f"),
    "none": ("g", "c", "m"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", SIZES)
async def test_look(at_noon: HeldClock, many: None, snapshot: SnapshotAssertion, size: str, way: str) -> None:
    async with opened(size=SIZES[size]) as pilot:
        assert await press(pilot, *WAYS[way]) == snapshot


async def test_an_empty_library_says_what_to_do(snapshot: SnapshotAssertion) -> None:
    async with opened() as pilot:
        assert await press(pilot, "g", "c") == snapshot


async def test_a_draft_is_marked_in_every_list(app_with_tides: Callable[..., Opened]) -> None:
    know(replace(course(1), title="A draft of somebody’s", published=False, minutes=90))
    async with app_with_tides() as pilot:
        assert "A draft of somebody’s · draft" in text_of(pilot)
        shown = await press(pilot, "g", "c")
        assert "A draft of somebody’s · draft" in shown
        assert "1 h 30 min" in shown
