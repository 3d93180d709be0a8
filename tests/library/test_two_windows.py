"""Two windows on one profile: time is counted once, and both say what is true, whichever of them syncs."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lms_tui.cache.filelock import FileLock
from lms_tui.db.embedded.server import Server
from lms_tui.library import Library
from lms_tui.library.profile import load
from lms_tui.model.events import EventKind
from lms_tui.screens import timed
from lms_tui.views.syncing import Leader
from tests.screens.driving import Clock, Opened, press, settled


def test_one_window_counts_at_a_time() -> None:
    first, second = Library.open(offline=True).study_time, Library.open(offline=True).study_time
    reading, practice, elsewhere = object(), object(), object()
    assert first.take(reading)
    assert not second.take(elsewhere)
    assert first.take(practice)
    first.let_go(reading)
    assert not second.take(elsewhere), "the question over the text counts still"
    first.let_go(practice)
    assert second.take(elsewhere)
    assert not first.take(reading)


async def test_time_is_not_counted_twice(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    folder, _ = load("personal")
    async with app_with_tides() as pilot:
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        with FileLock(folder / "timer.lock"):
            await press(pilot, "enter")
            for _ in range(5):
                clock.go_on(pilot, 30)
                await press(pilot, "j")
        clock.go_on(pilot, 30)
        await press(pilot, "j")
        clock.go_on(pilot, 20)
        await press(pilot, "j", "escape")
        await settled(pilot)
        spent = [event.body["seconds"] for event in library._cache.outbox.pending() if event.kind == EventKind.TIME]
        assert sum(spent) == 20


async def test_an_idle_window_leaves_the_time_to_another(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    folder, _ = load("personal")
    other = FileLock(folder / "timer.lock")
    async with app_with_tides() as pilot:
        await press(pilot, "enter")
        assert not other.take()
        clock.go_on(pilot, 121)
        screen = pilot.app.screen
        assert isinstance(screen, timed.TimedScreen)
        screen._record()
        await settled(pilot)
        assert other.take()
        other.release()
        await press(pilot, "j")
        assert not other.take()
        pilot.app.app_focus = False
        await settled(pilot)
        assert other.take()
        other.release()


@asynccontextmanager
async def running(library: Library) -> AsyncIterator[Library]:
    """A library with the loop that the app runs behind its screens."""
    loop = asyncio.ensure_future(library.run())
    try:
        yield library
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await library.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not holds():  # noqa: ASYNC110  # what another process does tells nobody here
            await asyncio.sleep(0.05)


async def test_a_second_window_is_online_when_the_first_one_is(home: Path) -> None:
    try:
        async with running(Library.open()) as first:
            await until(lambda: first.status().state == "online" and bool(first.courses().items))
            second = Library.open()
            told: list[str] = []
            second.listener = lambda change: told.append(change.name)
            async with running(second):
                await until(lambda: second.status().state == "online")
                assert (first.queue().leader, second.queue().leader) == (None, Leader(process=os.getpid()))
                page = second.page("tour")
                await second.opened(page.section.id)
                await until(lambda: second.status().queued == 0)
                await until(lambda: "CONTENT" in told)
    finally:
        Server.stop(home / "data" / "server")
