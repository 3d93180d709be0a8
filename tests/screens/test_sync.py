"""The sync screen: true at once, calm when all is well, and with a sentence for everything that is not."""

import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from lms_tui.cache.ledger import Run
from lms_tui.cache.store import Cache
from lms_tui.library import Library
from lms_tui.library.profile import load
from lms_tui.model.events import EventKind
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.story import StoryScreen
from lms_tui.screens.sync import SyncScreen
from lms_tui.views.nodes import Status
from lms_tui.views.syncing import Leader, PutOff
from tests.cache.sample import HeldClock
from tests.screens.driving import Opened, press, said, settled, shows, text_of
from tests.screens.sample import COURSE, ident, put_into_cache

SIZES = {"narrow": (60, 20), "usual": (80, 24), "wide": (140, 45)}
TIDES, QUIZ, TEXT = ident("tides"), ident("tides/check"), ident("tides/pull")


@contextmanager
def the_file() -> Iterator[Cache]:
    """The cache file of this test's home, as another window has it open."""
    folder, kept = load("personal")
    cache = Cache.open(folder, kept.person)
    yield cache
    cache.close()


def record(kind: EventKind, section: str | None = None, code: str = "", detail: str = "", **body: Any) -> str:
    """An event in the queue, or refused by the database for this code."""
    with the_file() as cache:
        [event] = cache.outbox.record([cache.event(kind, course=TIDES, section=section, body=body)])
        if code:
            cache.outbox.refuse(event.id, code, detail)
        return event.id


def some_runs() -> None:
    runs: Sequence[dict[str, Any]] = (
        {"outcome": "offline", "reason": "The database cannot be reached."},
        {"outcome": "idle", "sent": 9, "applied": 8, "duplicate": 1},
        {"outcome": "idle", "sent": 3, "applied": 2, "rejected": 1},
        {"outcome": "idle"},
    )
    with the_file() as cache:
        now = cache.clock.now()
        for run in runs:
            cache.ledger.add(Run(started_at=now, ended_at=now, **run))


def queue() -> None:
    record(EventKind.ENROLLED)
    record(EventKind.TIME, TEXT, seconds=30)
    record(EventKind.COMPLETED, TEXT)


def refusals() -> None:
    record(EventKind.OPENED, TEXT, "unknown_item")
    record(EventKind.TIME, TEXT, "bad_duration", seconds=300)
    record(EventKind.ANSWERED, QUIZ, "not_enrolled", responses={}, hints={})


def newer() -> None:
    with the_file() as cache:
        listed = cache.content.listed(TIDES).course
        cache.content.put_page("one", [replace(listed, content_version=2)], None)


def all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    state(monkeypatch, "online")
    some_runs()


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    some_runs()
    queue()


def starting(monkeypatch: pytest.MonkeyPatch) -> None:
    state(monkeypatch, "starting", "Laying out the tables")


def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    state(monkeypatch, "refused", "The database does not accept this login.")
    some_runs()
    queue()
    refusals()
    newer()


def state(monkeypatch: pytest.MonkeyPatch, name: str, reason: str = "") -> None:
    real = Library.status

    def status(self: Library) -> Status:
        return replace(real(self), state=name, reason=reason)

    monkeypatch.setattr(Library, "status", status)


STATES = {"calm": all_is_well, "offline": offline, "starting": starting, "refused": refused}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STATES)
async def test_look(
    at_noon: HeldClock,
    app_with_tides: Callable[..., Opened],
    monkeypatch: pytest.MonkeyPatch,
    snapshot: SnapshotAssertion,
    size: str,
    name: str,
) -> None:
    opening = app_with_tides(size=SIZES[size])
    STATES[name](monkeypatch)
    async with opening as pilot:
        shown = await press(pilot, "g", "s")
        device = pilot.app.library.queue().device[-6:]  # type: ignore[attr-defined]  # the pilot knows any app
        assert re.sub(r"[ \d]\d KB", "10 KB", shown.replace(device, "abcdef")) == snapshot


async def test_the_whole_story_of_what_was_refused_and_it_is_sent_again_from_there(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides()
    refusals()
    async with opening as pilot:
        shown = await press(pilot, "g", "s")
        assert "Sync" in shown.splitlines()[0]
        shown = await press(pilot, "enter")
        assert shows(pilot, StoryScreen)
        assert "You were not enrolled in the course when this was done" in " ".join(shown.split())
        assert "Enrol in the course again" in shown
        await press(pilot, "r")
        assert shows(pilot, SyncScreen)
        assert "Queued again: 1 event; it is sent when the database can be reached." in said(pilot)
        shown = text_of(pilot)
        assert "1 queued: 1 set of answers" in shown
        assert "2 need you" in shown


async def test_all_that_was_refused_is_sent_again_with_one_key(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides()
    refusals()
    async with opening as pilot:
        shown = await press(pilot, "g", "s", "r")
        assert "3 queued" in shown
        assert "Needs you" not in shown
        assert "send again" not in shown.splitlines()[-2]


async def test_what_was_refused_is_written_into_a_private_file_that_is_named(app_with_tides: Callable[..., Opened], home: Path) -> None:
    opening = app_with_tides()
    refusals()
    async with opening as pilot:
        await press(pilot, "g", "s", "x", "x")
        files = sorted((home / "state" / "profiles" / "personal" / "export").iterdir())
        assert len(files) == 2
        assert all(f"Written to {file}." in said(pilot) for file in files)
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_a_course_is_removed_and_the_way_back_is_told(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    opening = app_with_tides()
    queue()
    async with opening as pilot:
        state(monkeypatch, "online")
        shown = await press(pilot, "g", "s", "X")
        assert "○ Tides for Beginners" in shown
        assert "removed" in shown
        assert "What you did in it is kept. D brings it back." in said(pilot)
        assert "3 queued" in shown
        assert "X remove" not in shown
        await press(pilot, "D")
        assert "You asked to stay offline." in said(pilot)


@pytest.mark.parametrize("name", ["offline", "refused", "starting"])
async def test_a_course_that_could_not_be_brought_back_is_removed_when_it_is_asked_twice(
    app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    put_into_cache(replace(COURSE, slug="winds", title="Winds", id=ident("winds"), lessons=()))
    async with app_with_tides() as pilot:
        state(monkeypatch, name)
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        await press(pilot, "g", "s", "X", "down", "X")
        assert "“Winds” could not be brought back now. X once more removes it all the same." in said(pilot)
        assert all(one.content_version for one in library.downloads())
        await press(pilot, "up", "X")
        assert all(one.content_version for one in library.downloads())
        shown = await press(pilot, "X")
        assert "○ Tides for Beginners" in shown
        assert "D brings it back when the database is reached." in said(pilot)
        assert [one.course.title for one in library.downloads() if one.content_version] == ["Winds"]


async def test_enter_on_a_course_opens_its_outline(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "g", "s", "enter")
        assert shows(pilot, OutlineScreen)


async def test_the_cursor_goes_past_titles_and_a_run_tells_more(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides()
    some_runs()
    async with opening as pilot:
        await press(pilot, "g", "s", "down", "end", "enter")
        assert "The database cannot be reached." in text_of(pilot)
        assert shows(pilot, StoryScreen)
        await press(pilot, "escape", "home", "enter")
        assert shows(pilot, OutlineScreen)


async def test_on_a_wide_screen_the_runs_are_reached_with_tab(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides(size=SIZES["wide"])
    some_runs()
    async with opening as pilot:
        await press(pilot, "g", "s", "tab", "enter")
        assert shows(pilot, StoryScreen)


async def test_it_follows_what_happens(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        assert "Nothing is queued." in await press(pilot, "g", "s")
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        await library.spent(TEXT, 20)
        await settled(pilot)
        assert "2 queued: 1 enrolment, 1 stretch of time" in text_of(pilot)


async def test_a_library_that_came_from_elsewhere_another_window_and_what_is_put_off_are_told(
    app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Library.queue
    put_off = (PutOff(code="unknown_kind", count=2, said="The database is older than this program."),)
    monkeypatch.setattr(
        Library,
        "queue",
        lambda self: replace(
            real(self), leader=Leader(process=1234), cloned_at=datetime(2026, 1, 5, 12, tzinfo=UTC), put_off=put_off, read_only="No room."
        ),
    )
    async with app_with_tides() as pilot:
        shown = " ".join((await press(pilot, "g", "s")).split())
        assert "Another lms-tui (process 1234) syncs this library." in shown
        assert "This library came here from elsewhere" in shown
        assert "2 put off. The database is older than this program." in shown
        assert "No room. Nothing can be recorded or changed here now." in shown


async def test_hostile_titles_are_text(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides()
    put_into_cache(replace(COURSE, title="arr[1] [/b] \x1b]0;gone\x07[red]"))
    refusals()
    async with opening as pilot:
        assert "arr[1] [/b] [red]" in await press(pilot, "g", "s")
        assert "arr[1] [/b] [red]" in await press(pilot, "enter")


async def test_ages_are_told_in_one_unit(app_with_tides: Callable[..., Opened]) -> None:
    opening = app_with_tides()
    with the_file() as cache:
        two_hours_ago = datetime.now(UTC) - timedelta(hours=2, minutes=5)
        cache.outbox.record([cache.event(EventKind.ENROLLED, course=TIDES, at=two_hours_ago)])
    async with opening as pilot:
        assert "1 queued, the oldest for 2 h: 1 enrolment" in await press(pilot, "g", "s")
