"""The words of sync: every code has its sentences, every run and every deed can be said."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms_tui.cli.showing import synced
from lms_tui.model.events import EventKind
from lms_tui.views.nodes import SyncReport
from lms_tui.views.refusals import DEFERRED, REJECTED, deferral, rejection
from lms_tui.views.syncing import RunNode, SyncOverview, Waiting, age, clock, deed, how_bad, kinds, queue_words, run_words, size
from tests.conftest import ROOT

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PUT_OFF_HERE = {"not_started"}
SET_ASIDE_HERE = {"server_error"}


def test_every_code_of_the_database_has_its_sentences() -> None:
    scripts = "".join(script.read_text() for script in (ROOT / "migrations" / "sql").glob("*.sql"))
    assert set(re.findall(r"'rejected:(\w+)'", scripts)) | SET_ASIDE_HERE == set(REJECTED)
    assert set(re.findall(r"'deferred:(\w+)'", scripts)) | PUT_OFF_HERE == set(DEFERRED)


@pytest.mark.parametrize("words", [*REJECTED.values(), *DEFERRED.values(), rejection("of_tomorrow"), deferral("of_tomorrow")])
def test_the_words_for_a_code_are_sentences_and_no_code(words: tuple[str, str, str]) -> None:
    short, happened, next_step = words
    assert len(short) <= 24
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in (happened, next_step))
    assert "_" not in "".join(words)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"outcome": "idle"}, "nothing new"),
        ({"outcome": "idle", "sent": 9, "applied": 9}, "9 sent, 9 counted"),
        ({"outcome": "idle", "sent": 9, "applied": 7, "duplicate": 1, "rejected": 1}, "9 sent, 7 counted, 1 known already, 1 refused"),
        ({"outcome": "idle", "sent": 2, "deferred": 2}, "2 sent, 0 counted, 2 put off"),
        ({"outcome": "idle", "pulled": 1}, "1 change fetched"),
        ({"outcome": "idle", "rejected": 1}, "1 refused"),
        ({"outcome": "offline", "reason": "No route."}, "offline: No route."),
        ({"outcome": "offline", "sent": 250, "applied": 250, "reason": "No route."}, "250 sent, 250 counted, then offline: No route."),
        ({"outcome": "server_busy"}, "the database was busy"),
    ],
)
def test_a_run_in_words(run: dict[str, object], words: str) -> None:
    assert run_words(RunNode(started_at=NOW, ended_at=NOW, **run)) == words  # type: ignore[arg-type]  # as the cases say


def test_a_command_tells_a_run_in_the_words_of_the_sync_screen(capsys: pytest.CaptureFixture[str]) -> None:
    synced(SyncReport(state="idle", sent=9, applied=6, duplicate=1, rejected=1, deferred=1, pending=1))
    assert capsys.readouterr().out == "9 sent, 6 counted, 1 known already, 1 refused, 1 put off.\nQueued: 1\n"
    synced(SyncReport(state="idle"))
    assert capsys.readouterr().out == "Nothing had to be sent.\nQueued: 0\n"


@pytest.mark.parametrize("kind", [*EventKind, "of_tomorrow"])
def test_every_deed_is_said_with_its_place(kind: str) -> None:
    told = deed(kind, "Tides", "The moon", of_section=True, seconds=90)
    assert "“Tides > The moon”" in told
    assert told[0].isupper() or told.startswith("1 min in")
    assert "“Tides”" in deed(kind, "Tides", "", of_section=False, seconds=90)
    assert "a section of “Tides”" in deed(kind, "Tides", "", of_section=True, seconds=90)
    assert "a section of a course that is not here" in deed(kind, "", "", of_section=True, seconds="?")
    assert "a course that is not here" in deed(kind, "", "", of_section=False)
    assert kinds(kind, 2).startswith("2 ")
    assert how_bad(EventKind.ANSWERED) <= how_bad(kind)


def test_the_queue_in_words() -> None:
    waiting = (Waiting(kind="answered", count=1, said="1 set of answers"), Waiting(kind="position", count=8, said="8 places"))
    view = SyncOverview(state="offline", as_of=NOW, queued=9, waiting=waiting, oldest_queued_at=NOW - timedelta(hours=2))
    assert queue_words(view) == "9 queued, the oldest for 2 h: 1 set of answers, 8 places"
    assert queue_words(SyncOverview(state="online", as_of=NOW)) == "Nothing is queued."
    assert queue_words(SyncOverview(state="online", as_of=NOW, last_sync_at=NOW, needs_you=1)) == "Nothing is queued."
    assert queue_words(SyncOverview(state="online", as_of=NOW, last_sync_at=NOW)) == "Nothing is queued: the database has all that you did."


def test_ages_sizes_and_moments() -> None:
    assert [age(seconds) for seconds in (-5, 59, 60, 7500, 86400, 200000)] == ["0 s", "59 s", "1 min", "2 h", "1 day", "2 days"]
    assert [size(count) for count in (0, 999, 1000, 180_400, 3_440_000)] == ["0 B", "999 B", "1 KB", "180 KB", "3.4 MB"]
    there = NOW.astimezone(ZoneInfo("Pacific/Auckland"))
    assert clock(NOW, there) == "01:00"
    assert clock(NOW, there - timedelta(hours=2)) == "6 Jan 01:00"
    assert clock(NOW, there + timedelta(days=40)) == "6 Jan 01:00"
    assert clock(NOW, there + timedelta(days=400)) == "6 Jan 2026 01:00"
    assert clock(None, NOW) == ""
