"""What is asked for and comes late: keys are not lost meanwhile, nothing leads away from what one does, and no failure is silent."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from lms_tui.library import Change, Library
from lms_tui.model.catalog import Filters
from lms_tui.model.events import EventKind
from lms_tui.screens import search
from lms_tui.screens.catalog import CatalogScreen
from lms_tui.screens.filtering import FilterScreen
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.screens.search import SearchScreen
from lms_tui.views.nodes import CourseList, CourseNode, Outline
from lms_tui.views.searching import CourseName, Result, Results, SearchQuery
from tests.screens.driving import Opened, opened, press, said, settled, shows, text_of, until, write
from tests.screens.sample import COURSE, ident
from tests.screens.test_catalog import course, know, selected
from tests.screens.test_fast_keys import post, recorded

App = Callable[..., Opened]
OUR_FAULT = "That did not work, and it is our fault."


def library_of(pilot: Pilot[None]) -> Library:
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return library


def title(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, ReadingScreen)
    return screen.page.section.title


async def press_all(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys without waiting for what they lead to."""
    await pilot.press(*keys)
    await settled(pilot)


@pytest.fixture
def many() -> None:
    """A library that knows 400 courses."""
    know(*(course(number) for number in range(400)))


@pytest.fixture
def fetch(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The database gives any course as soon as this is set."""
    may = asyncio.Event()

    async def refresh_course(self: Library, ref: str) -> Outline:
        await may.wait()
        listed = {"gone": ident("gone"), "course-399": course(399).id}[ref]
        lesson = replace(COURSE.lessons[0], id=ident("gone/l"), sections=(replace(COURSE.lessons[0].sections[1], id=ident("gone/page")),))
        self._cache.content.put(replace(COURSE, id=listed, slug=ref, title="Elsewhere", lessons=(lesson,)), content_version=1)
        return self.outline(ref)

    monkeypatch.setattr(Library, "refresh_course", refresh_course)
    return may


# --- search


async def test_enter_right_after_the_words_opens_what_they_find(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await press_all(pilot, *"harbour", "enter")
        assert title(pilot) == "A tide in a minute"


async def test_enter_opens_nothing_of_what_was_asked_before(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "moon")
        assert "The pull of the moon" in text_of(pilot)
        monkeypatch.setattr(search, "_AFTER_THE_LAST_KEY_SECONDS", 0.5)  # a quick typist
        await press_all(pilot, *["backspace"] * 4, *"harbour", "enter")
        assert title(pilot) == "A tide in a minute"


async def test_an_enter_is_for_the_words_that_were_there(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_AFTER_THE_LAST_KEY_SECONDS", 0.5)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await press_all(pilot, *"harbour", "enter", "space", *"moon")
        assert shows(pilot, SearchScreen)


async def test_a_search_that_fails_says_so_and_is_over(app_with_tides: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(self: Library, query: SearchQuery) -> Results:
        raise ZeroDivisionError

    monkeypatch.setattr(Library, "search_database", fails)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "zebra")
        assert OUR_FAULT in said(pilot)
        assert "Nothing found" in text_of(pilot)
        assert "earching" not in text_of(pilot)


async def test_a_found_course_that_comes_late_does_not_lead_away(
    app_with_tides: App, monkeypatch: pytest.MonkeyPatch, fetch: asyncio.Event
) -> None:
    async def answer(self: Library, query: SearchQuery) -> Results:
        found = Result(
            id=ident("gone/page"), ref="gone/moon/film", kind="section", title="A page elsewhere", lesson="One",
            course=CourseName(id=ident("gone"), ref="gone", title="Elsewhere"),
        )  # fmt: skip
        return Results(items=(found,), source="database")

    monkeypatch.setattr(Library, "search_database", answer)
    async with app_with_tides() as pilot:
        await press(pilot, "slash")
        await write(pilot, "elsewhere")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*" and")
        fetch.set()
        await settled(pilot)
        assert shows(pilot, SearchScreen)
        assert "“A page elsewhere” is on this machine now." in said(pilot)


# --- the catalogue


async def test_a_course_that_comes_late_does_not_lead_away(many: None, fetch: asyncio.Event) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        await pilot.press("enter")
        await pilot.press("down")
        fetch.set()
        await settled(pilot)
        assert shows(pilot, CatalogScreen)
        assert "“Elsewhere” is on this machine now." in said(pilot)


async def test_a_course_that_is_waited_for_is_opened(many: None, fetch: asyncio.Event) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        await pilot.press("enter")
        fetch.set()
        await settled(pilot)
        assert shows(pilot, OutlineScreen)


async def test_a_course_that_comes_after_one_left_is_told(many: None, fetch: asyncio.Event) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: shows(pilot, HomeScreen))
        fetch.set()
        await settled(pilot)
        assert shows(pilot, HomeScreen)
        assert "“Elsewhere” is on this machine now." in said(pilot)


def come_back(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> list[Filters]:
    """The database can be reached again, and knows what is known here; what it is asked."""
    library, asked = library_of(pilot), list[Filters]()

    async def refresh(filters: Filters) -> CourseList:
        asked.append(filters)
        return library.courses(filters)

    monkeypatch.setattr(library, "refresh_catalog", refresh)
    status = library.status
    monkeypatch.setattr(library, "status", lambda: replace(status(), state="online"))
    assert library.listener is not None
    library.listener(Change.STATUS)
    return asked


@pytest.mark.parametrize(
    "keys", [["down"], ["pagedown"] * 6, ["pagedown"] * 20, ["end"], ["end", *["pageup"] * 6], ["end", "home", "down"]]
)
async def test_the_place_is_kept_when_the_database_comes_back(many: None, monkeypatch: pytest.MonkeyPatch, keys: list[str]) -> None:
    async with opened() as pilot:
        assert "what is known here" in await press(pilot, "g", "c", *keys)
        before = selected(pilot)
        asked = come_back(pilot, monkeypatch)
        await settled(pilot)
        assert selected(pilot) == before
        assert "what is known here" not in text_of(pilot)
        assert asked
        shown = await press(pilot, "up", "down")
        assert selected(pilot) == before
        assert before in shown


async def test_what_is_new_is_seen_when_the_database_comes_back(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        know(course(400))
        come_back(pilot, monkeypatch)
        await settled(pilot)
        assert "Course 400" in await press(pilot, "home")


async def test_a_page_that_fails_says_so_and_is_not_waited_for(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(self: Library, filters: Filters) -> CourseList:
        raise ZeroDivisionError

    monkeypatch.setattr(Library, "refresh_catalog", fails)
    async with opened() as pilot:
        await press(pilot, "g", "c", "m")
        assert OUR_FAULT in said(pilot)
        assert "You take no course yet." in text_of(pilot)


async def test_taking_a_course_three_times_is_taking_it_once(many: None) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        post(pilot, "e", "e", "e")
        await settled(pilot)
        assert len(recorded(pilot, EventKind.ENROLLED)) == 1
        post(pilot, "u", "u")
        await settled(pilot)
        assert len(recorded(pilot, EventKind.LEFT)) == 1
        await press(pilot, "e")
        assert len(recorded(pilot, EventKind.ENROLLED)) == 2


async def test_taking_a_course_is_told_to_who_left(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c")
        may, enrol = asyncio.Event(), library_of(pilot).enrol

        async def slow(ref: str) -> CourseNode:
            await may.wait()
            return await enrol(ref)

        monkeypatch.setattr(library_of(pilot), "enrol", slow)
        await pilot.press("e", "escape")
        await until(pilot, lambda: shows(pilot, HomeScreen))
        may.set()
        await settled(pilot)
        assert "You take “Course 399” now." in said(pilot)
        assert "undoes" not in said(pilot)


# --- the filters


async def test_a_filter_that_there_is_not_is_told(many: None) -> None:
    async with opened() as pilot:
        await press(pilot, "g", "c", "f")
        await write(pilot, "zebra[/b]")
        assert "Nothing to choose has “zebra[/b]” in it." in text_of(pilot)
        await press(pilot, "enter")
        assert shows(pilot, FilterScreen)
        assert "beginner" in await press(pilot, *["backspace"] * 9)


async def test_pages_of_filters(many: None) -> None:
    async with opened((80, 12)) as pilot:
        await press(pilot, "g", "c", "f")
        assert "odd" not in text_of(pilot)
        assert "odd" in await press(pilot, "pagedown", "pagedown")
        assert "beginner" in await press(pilot, "pageup", "pageup")
