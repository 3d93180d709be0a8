"""A course goes while one is in it, because it was removed or the database is another: a sentence says so, and the screen is left."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from lms_tui.library import Change
from lms_tui.screens import assessment
from lms_tui.screens.assessment import AssessmentScreen
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from tests.screens.driving import Opened, press, said, settled, shows
from tests.screens.exam import library_of
from tests.screens.sample import ident

App = Callable[..., Opened]
ROWS: dict[str, tuple[int, type[LibraryScreen]]] = {
    "reading": (1, ReadingScreen),
    "practice": (3, PracticeScreen),
    "assessment": (7, AssessmentScreen),
}


@pytest.fixture(autouse=True)
def no_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)


async def to(pilot: Pilot[None], name: str) -> None:
    row, screen = ROWS[name]
    await press(pilot, "o", "home", *["down"] * row, "enter")
    assert shows(pilot, screen)


async def remove(pilot: Pilot[None]) -> None:
    """As another window does it: this app is told nothing."""
    await asyncio.to_thread(library_of(pilot)._cache.content.remove, ident("tides"))


@pytest.mark.parametrize("change", [Change.STATUS, Change.CONTENT])
@pytest.mark.parametrize("name", ROWS)
async def test_whatever_is_heard_next(app_with_tides: App, name: str, change: Change) -> None:
    async with app_with_tides() as pilot:
        await to(pilot, name)
        await remove(pilot)
        for _ in range(2):
            listener = library_of(pilot).listener
            assert listener is not None
            listener(change)
            await settled(pilot)
        if name == "reading" and change is Change.STATUS:  # a text that is open can be read to its end
            assert shows(pilot, ReadingScreen)
        else:
            assert shows(pilot, HomeScreen)
            assert "is not on this machine" in said(pilot)


async def test_an_attempt_is_begun(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await to(pilot, "assessment")
        await remove(pilot)
        await press(pilot, "enter")
        assert shows(pilot, HomeScreen)
        assert "is not on this machine" in said(pilot)


async def test_an_attempt_is_sent(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await to(pilot, "assessment")
        await press(pilot, "enter", "1", "v", "enter")
        await remove(pilot)
        await press(pilot, "enter")
        assert shows(pilot, HomeScreen)
        assert "is not on this machine" in said(pilot)


async def test_practice_is_answered(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await to(pilot, "practice")
        await remove(pilot)
        await press(pilot, "2", "enter")
        assert "is not on this machine" in said(pilot)
        await press(pilot, "enter", "h", "]", "v", "o")
        assert pilot.app.is_running


async def test_the_next_lesson_is_asked_for(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        await to(pilot, "reading")
        await remove(pilot)
        await press(pilot, "}")
        assert shows(pilot, HomeScreen)


@pytest.mark.parametrize("name", ROWS)
async def test_the_database_came_back_as_another(app_with_tides: App, name: str) -> None:
    async with app_with_tides() as pilot:
        library = library_of(pilot)
        library._backend._remember(replace(library.person, epoch="first"), ())
        await to(pilot, name)
        library._backend._remember(replace(library.person, epoch="restored"), ())
        library._backend._become("online")
        await settled(pilot)
        assert pilot.app.is_running
        assert shows(pilot, ReadingScreen if name == "reading" else HomeScreen)


@pytest.mark.parametrize("number", range(6))
async def test_no_number_is_too_long(app_with_tides: App, number: int) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", *["down"] * 6, "enter", *["f3"] * number)
        focused = pilot.app.screen.focused
        assert focused is not None
        for text in ("1 " + "9" * 5000, "9" * 5000):
            focused.post_message(events.Paste(text))
            await settled(pilot)
        await press(pilot, "f4")
        assert pilot.app.is_running
