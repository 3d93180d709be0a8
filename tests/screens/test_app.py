"""The app itself: any size, no colour, a failure that is our fault, and a door that is never locked."""

import asyncio
import time
from collections.abc import Callable

import pytest

from lms_tui.app import LmsApp
from lms_tui.library import Library
from lms_tui.screens.home import HomeScreen
from tests.screens.driving import Opened, press, settled, shows, text_of, until, write
from tests.screens.sample import put_into_cache

WAYS = {
    "home": (),
    "outline": ("o",),
    "reading": ("enter",),
    "practice": ("o", "down", "down", "enter"),
    "progress": ("p",),
    "help": ("?",),
    "go": ("g",),
    "palette": ("ctrl+p",),
}


@pytest.mark.parametrize("way", WAYS)
async def test_every_screen_lives_through_every_size(app_with_tides: Callable[..., Opened], way: str) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *WAYS[way])
        for size in ((1, 1), (4, 2), (10, 5), (60, 20), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            text_of(pilot)
        await press(pilot, "escape")


async def test_what_is_our_fault_goes_to_the_log(app_with_tides: Callable[..., Opened], caplog: pytest.LogCaptureFixture) -> None:
    async with app_with_tides() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, HomeScreen)

        async def breaks() -> None:
            raise ZeroDivisionError("nobody should see this")

        screen.work(breaks())
        await settled(pilot)
        shown = text_of(pilot)
        assert "it is our fault" in shown
        assert "nobody should see this" not in shown
    assert "nobody should see this" in caplog.text


async def test_leaving_does_not_wait_for_a_library_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    put_into_cache()
    library = Library.open(offline=True)
    close = library.close

    async def hangs() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(library, "close", hangs)
    began = time.monotonic()
    async with LmsApp(library).run_test() as pilot:
        await pilot.press("q")
    assert time.monotonic() - began < 10
    await close()


async def test_q_goes_back_and_quits_at_home(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "q")
        assert shows(pilot, HomeScreen)
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_colours_are_remembered(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "ctrl+p")
        await write(pilot, "theme light")
        await press(pilot, "enter")
        assert pilot.app.theme == "lms-light"
    async with app_with_tides() as pilot:
        assert pilot.app.theme == "lms-light"
