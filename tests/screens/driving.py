"""How tests use the app: open it on the library of the test's own home, press keys, and read the screen."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.screen import Screen

from lms_tui.app import LmsApp
from lms_tui.cache.clock import Clock as WallClock
from lms_tui.cache.store import Cache
from lms_tui.library import Library
from lms_tui.library.backend import Backend
from lms_tui.library.profile import load
from lms_tui.screens import timed

Opened = AbstractAsyncContextManager[Pilot[None]]


def library_on(clock: WallClock) -> Library:
    """The personal library, offline, of a person who lives by this clock, in UTC."""
    folder, kept = load("personal")
    person = replace(kept.person, timezone="UTC")
    cache = Cache.open(folder, person, clock=clock)
    cache.remember(person)
    return Library(cache, person, Backend(cache, folder, kept, offline=True))


@asynccontextmanager
async def opened(size: tuple[int, int] = (80, 24), clock: WallClock | None = None) -> AsyncIterator[Pilot[None]]:
    """The app as a person finds it, settled."""
    app = LmsApp(Library.open(offline=True) if clock is None else library_on(clock))
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Until no key is under way, and no work behind the screens but the library's own loop."""
    await pilot.pause()
    while running := [worker for worker in pilot.app.workers if worker.is_running and worker.name != "keep_in_touch"]:
        await asyncio.gather(*(worker.wait() for worker in running), return_exceptions=True)
        await pilot.pause()
    await pilot.pause()


class Clock:
    """The monotonic clock of the screens that count time, in the hand of a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = 1000.0
        monkeypatch.setattr(timed, "monotonic", lambda: self._now)

    def go_on(self, pilot: Pilot[None], seconds: int) -> None:
        """Time goes by, second by second, in an app that runs."""
        for _ in range(seconds):
            self._now += 1
            if isinstance(pilot.app.screen, timed.TimedScreen):
                pilot.app.screen.beat()


async def press(pilot: Pilot[None], *keys: str) -> str:
    """Presses keys one after the other, each when the one before is done; what is on the screen then."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return text_of(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Types a text."""
    await pilot.press(*text)
    await settled(pilot)


def text_of(pilot: Pilot[None]) -> str:
    """What is on the screen, without blanks at the ends of lines; the clock's digits are 00:00."""
    compositor = pilot.app.screen._compositor  # Textual has no public way to the drawn lines
    lines = ["".join(segment.text for segment in strip).rstrip() for strip in compositor.render_strips()]
    return re.sub(r"\b\d\d:\d\d\b", "00:00", "\n".join(lines))


def colours_of(pilot: Pilot[None]) -> Iterator[tuple[int, ...]]:
    """The colours on the screen."""
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None:
                colours = (segment.style.color, segment.style.bgcolor)
                yield from (tuple(colour.triplet) for colour in colours if colour is not None and colour.triplet is not None)


def said(pilot: Pilot[None]) -> str:
    """The sentences that the app has told, all together."""
    return " ".join(notification.message for notification in pilot.app._notifications)


def shows(pilot: Pilot[None], screen: type[Screen[Any]]) -> bool:
    """Whether this screen is on top."""
    return isinstance(pilot.app.screen, screen)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Waits for something that the app does by itself."""
    async with asyncio.timeout(10):
        while not holds():
            await pilot.pause()
