"""The status line tells the truth at any width, the state first."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.app import App, ComposeResult

from lms_tui.views.nodes import Status
from lms_tui.widgets.status_line import StatusLine


class OneLine(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusLine()


NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Pacific/Auckland"))


async def line(status: Status, width: int = 80, today: int = 0, now: datetime = NOON) -> str:
    async with OneLine().run_test(size=(width, 3)) as pilot:
        widget = pilot.app.query_one(StatusLine)
        widget.show(status, today, now)
        await pilot.pause()
        return widget.render().plain.rstrip()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"state": "online"}, "● online"),
        ({"state": "starting"}, "◌ starting…"),
        ({"state": "online", "queued": 3}, "● online · 3 queued"),
        ({"state": "online", "needs_you": 1}, "● online · 1 needs you"),
        ({"state": "online", "queued": 2, "needs_you": 2}, "● online · 2 queued · 2 need you"),
    ],
)
async def test_states_in_words(status: dict[str, Any], words: str) -> None:
    assert (await line(Status(**status))).startswith(words + "  ")


async def test_offline_says_since_when() -> None:
    since = NOON.astimezone(UTC) - timedelta(hours=3)
    assert (await line(Status(state="offline", since=since))).startswith("○ offline since 09:00  ")
    assert (await line(Status(state="refused", since=since))).startswith("! refused since 09:00  ")
    assert (await line(Status(state="offline", since=since), now=NOON + timedelta(days=1))).startswith("○ offline since 5 Jan 09:00  ")


async def test_the_person_gives_way_before_the_state_does() -> None:
    status = Status(state="online", queued=12, needs_you=3, person="Ana [b] Example")
    assert (await line(status, 80, 3900)).endswith("Ana [b] Example · 1 h 05 min today")
    narrow = await line(status, 52, 3900)
    assert "Ana" not in narrow
    assert narrow.endswith("1 h 05 min today")
    assert await line(status, 20) == "● online · 12 queue…"


async def test_what_is_on_its_way_is_not_told_while_online_and_what_is_late_is() -> None:
    now = datetime.now(UTC)
    assert "queued" not in await line(Status(state="online", queued=1, oldest_queued_at=now))
    assert "1 queued" in await line(Status(state="online", queued=1, oldest_queued_at=now - timedelta(minutes=1)))
    assert "1 queued" in await line(Status(state="online", queued=1, oldest_queued_at=now + timedelta(days=1))), "the clock was set back"
    assert "1 queued" in await line(Status(state="offline", since=now, queued=1, oldest_queued_at=now))
    assert "1 needs you" in await line(Status(state="online", queued=1, needs_you=1, oldest_queued_at=now))
