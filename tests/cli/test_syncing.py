"""The queue, what was refused, and what is kept here, at the command line and without a database."""

import re
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from lms_tui.cache.ledger import Run
from lms_tui.cache.store import Cache
from lms_tui.library.profile import load
from lms_tui.model.events import EventKind
from tests.cache.sample import HeldClock
from tests.cli.conftest import document, offline
from tests.cli.test_json_page import agree
from tests.screens.sample import COURSE as TIDES
from tests.screens.sample import KEYS, ident

COURSE, QUIZ, TEXT = ident("tides"), ident("tides/check"), ident("tides/pull")
BODIES: dict[EventKind, dict[str, Any]] = {EventKind.TIME: {"seconds": 240}, EventKind.ANSWERED: {"responses": {}, "hints": {}}}


def refuse(*refused: tuple[EventKind, str]) -> Sequence[str]:
    """Records events, and what the database would have said of each; gives their ids."""
    folder, kept = load("personal")
    cache = Cache.open(folder, kept.person)
    ids = []
    for kind, code in refused:
        section = {EventKind.ANSWERED: QUIZ, EventKind.ENROLLED: None}.get(kind, TEXT)
        body = BODIES.get(kind, {})
        [event] = cache.outbox.record([cache.event(kind, course=COURSE, section=section, body=body)])
        if code:
            cache.outbox.refuse(event.id, code, "")
        ids.append(event.id)
    cache.close()
    return ids


@pytest.mark.usefixtures("tides")
def test_status_tells_the_queue_and_does_not_look_for_the_database() -> None:
    refuse((EventKind.ENROLLED, ""), (EventKind.OPENED, ""), (EventKind.TIME, ""), (EventKind.ANSWERED, "bad_event"))
    told = offline("sync", "status", LMS_TUI_OFFLINE="").stdout
    assert "3 queued: " in told
    assert "1 enrolment, 1 stretch of time, 1 section opened" in told
    assert "Refused: 1. lms-tui sync problems says what, and why." in told
    assert "Last sync: never" in told
    printed = document(offline("sync", "status", "--json", LMS_TUI_OFFLINE=""))
    assert (printed["state"], printed["queued"], printed["needs_you"], printed["last_sync_at"]) == ("unknown", 3, 1, None)
    agree(printed, "queue")


@pytest.mark.usefixtures("tides")
def test_problems_are_told_with_the_worst_first_and_never_by_a_code_alone() -> None:
    refuse((EventKind.OPENED, "unknown_item"), (EventKind.TIME, "a_code_of_tomorrow"), (EventKind.ANSWERED, "not_enrolled"))
    told = offline("sync", "problems").stdout
    assert told.index("Answers to “Tides for Beginners > Check yourself”") < told.index("4 min in “Tides for Beginners > The pull")
    assert "You were not enrolled in the course when this was done" in told
    assert "Enrol in the course again, then send this again: it counts once." in told
    assert "_" not in told
    agree(document(offline("sync", "problems", "--json")), "problems")


@pytest.mark.usefixtures("tides")
def test_retry_puts_all_of_it_back_into_the_queue() -> None:
    refuse((EventKind.OPENED, "unknown_item"), (EventKind.ANSWERED, "not_enrolled"))
    printed = document(offline("sync", "problems", "--retry", "--json"))
    assert (printed["items"], printed["retried"]) == ([], 2)
    assert document(offline("sync", "--json"))["pending"] == 2
    assert "Nothing that you did is refused." in offline("sync", "problems").stdout


@pytest.mark.usefixtures("tides")
def test_an_export_is_private_whole_and_never_over_another_file(tmp_path: Path) -> None:
    [first, second] = refuse((EventKind.OPENED, "unknown_item"), (EventKind.ANSWERED, "not_enrolled"))
    file = tmp_path / "refused.json"
    assert document(offline("sync", "problems", "--export", str(file), "--json"))["exported"] == str(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    kept = msgspec.json.decode(before)["events"]
    assert [(one["event"]["id"], one["code"]) for one in kept] == [(first, "unknown_item"), (second, "not_enrolled")]
    again = offline("sync", "problems", "--export", str(file), "--json")
    assert (again.returncode, document(again)["error"]["code"]) == (1, "bad_input")
    assert file.read_bytes() == before
    nowhere = offline("sync", "problems", "--export", str(tmp_path / "no" / "folder.json"), "--json")
    assert (nowhere.returncode, document(nowhere)["error"]["code"]) == (1, "storage_failed")
    assert len(document(offline("sync", "problems", "--json"))["items"]) == 2


@pytest.mark.usefixtures("tides")
def test_nothing_to_export_makes_no_file(tmp_path: Path) -> None:
    result = offline("sync", "problems", "--export", str(tmp_path / "none.json"))
    assert result.returncode == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("tides")
def test_a_removed_course_is_gone_from_here_with_its_work_kept() -> None:
    refuse((EventKind.TIME, ""))
    [here] = document(offline("downloads", "--json"))["items"]
    assert (here["content_version"], here["newest_version"], here["up_to_date"]) == (1, 1, True)
    assert here["bytes"] > 4000
    told = offline("remove", "tides").stdout
    assert "Removed Tides for Beginners from this machine. What you did in it is kept." in told
    assert "lms-tui download tides" in told
    [gone] = document(offline("downloads", "--json"))["items"]
    assert (gone["content_version"], gone["bytes"], gone["course"]["available_offline"]) == (0, 0, False)
    assert document(offline("sync", "status", "--json"))["queued"] == 1
    assert offline("read", "tides").returncode == 1
    assert offline("remove", "tides").returncode == 0
    assert "removed" in offline("downloads").stdout


@pytest.mark.usefixtures("tides")
def test_what_cannot_be_downloaded_or_is_not_known_is_one_sentence() -> None:
    assert document(offline("download", "tides", "--json"))["error"]["code"] == "unavailable"
    assert document(offline("remove", "tides", "nothing-here", "--json"))["error"]["code"] == "not_found"
    assert document(offline("downloads", "--json"))["items"][0]["content_version"] == 1, "all or none"


@pytest.mark.parametrize("arguments", [["sync", "everything"], ["download"], ["remove"], ["sync", "problems", "--export"]])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert offline(*arguments).returncode == 2


@pytest.mark.usefixtures("tides")
def test_a_copied_library_says_so_from_then_on(home: Path, tmp_path: Path) -> None:
    assert document(offline("sync", "status", "--json"))["cloned_at"] is None
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    for _ in range(2):
        assert "This library came here from elsewhere" in offline("sync", "status", LMS_TUI_HOME=str(copy)).stdout
    checks = {check["name"]: check for check in document(offline("doctor", "--json", LMS_TUI_HOME=str(copy)))["checks"]}
    assert "this library came here from elsewhere" in checks["device"]["detail"]
    assert "elsewhere" not in offline("doctor").stdout


def test_moments_are_told_where_the_person_is_and_written_in_utc() -> None:
    folder, kept = load("personal")
    there = replace(kept.person, timezone="Pacific/Auckland")
    cache = Cache.open(folder, there, clock=(clock := HeldClock()))
    cache.content.put(TIDES, content_version=1, keys=KEYS)
    [event] = cache.outbox.record([cache.event(EventKind.OPENED, course=COURSE, section=TEXT)])
    cache.outbox.refuse(event.id, "unknown_item", "")
    cache.ledger.add(Run(started_at=clock.now(), ended_at=clock.now(), outcome="idle"))
    cache.close()
    assert ", 2026-01-06 01:00\n" in offline("sync", "problems").stdout
    assert "fresh as of 2026-01-06 01:00\n" in offline("downloads").stdout
    assert "last synced 2026-01-06 01:00\n" in offline("profiles").stdout
    assert re.search(r"^Last sync: 6 Jan( \d+)? 01:00$", offline("sync", "status").stdout, re.MULTILINE)
    noon = "2026-01-05T12:00:00Z"
    assert document(offline("sync", "problems", "--json"))["items"][0]["at"] == noon
    assert document(offline("downloads", "--json"))["items"][0]["as_of"] == noon
    assert document(offline("profiles", "--json"))["items"][0]["last_sync_at"] == noon
    status = document(offline("sync", "status", "--json"))
    assert (status["last_sync_at"], status["as_of"][-1]) == (noon, "Z")
