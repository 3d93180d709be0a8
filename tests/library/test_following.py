"""A library that another lms-tui syncs: it is asked, waited for, and told of where it does nothing."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lms_tui.cache.ledger import Run
from lms_tui.cache.store import Cache
from lms_tui.library import following
from lms_tui.views.syncing import Leader, leader_words, unsent_words
from tests.cache.sample import PERSON, TIDES_S1, HeldClock, enrolled, make_course, spent


class Pair:
    """A process that syncs and one that only records, as two caches of one file."""

    def __init__(self, folder: Path) -> None:
        self.clock = HeldClock()
        self.leading = Cache.open(folder, PERSON, clock=self.clock)
        course, keys = make_course()
        self.leading.content.put(course, content_version=1, keys=keys)
        self.following = Cache.open(folder, PERSON, clock=self.clock)
        assert self.leading.lead()

    def record(self) -> None:
        self.following.outbox.record([enrolled(self.following), spent(self.following, TIDES_S1, 5)])

    def runs(self, outcome: str, reason: str = "", *, takes: bool = True) -> None:
        """The leader has done a run, which ended a second later."""
        sent = len(self.leading.outbox.pending()) if takes else 0
        if takes:
            for event in self.leading.outbox.pending():
                self.leading.outbox.refuse(event.id, "gone", "")
        started = self.clock.now()
        self.clock.forward(seconds=1)
        self.leading.ledger.add(Run(started_at=started, ended_at=self.clock.now(), outcome=outcome, reason=reason, sent=sent, applied=sent))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    opened = Pair(tmp_path / "profile")
    yield opened
    opened.following.close()
    opened.leading.close()


async def when_asked(pair: Pair, act: Callable[[], None]) -> None:
    async with asyncio.timeout(20):
        while not pair.leading.leader.asked():  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.01)
    act()


async def test_the_other_one_is_asked_and_waited_for(pair: Pair) -> None:
    pair.record()
    report, _ = await asyncio.gather(following.sent_by_another(pair.following), when_asked(pair, lambda: pair.runs("idle")))
    assert report is not None
    assert (report.state, report.sent, report.applied, report.pending, report.reason) == ("idle", 2, 2, 0, "")


async def test_what_keeps_the_other_one_from_the_database_is_told(pair: Pair) -> None:
    pair.record()
    fails = when_asked(pair, lambda: pair.runs("offline", "The database cannot be reached (cut).", takes=False))
    report, _ = await asyncio.gather(following.sent_by_another(pair.following), fails)
    assert report is not None
    assert (report.state, report.pending, report.reason) == ("offline", 2, "The database cannot be reached (cut).")


async def test_a_run_that_had_begun_before_is_not_enough(pair: Pair) -> None:
    pair.record()

    def twice() -> None:
        pair.runs("idle", takes=False)
        asyncio.get_running_loop().call_later(0.3, lambda: pair.runs("idle"))

    report, _ = await asyncio.gather(following.sent_by_another(pair.following), when_asked(pair, twice))
    assert report is not None
    assert (report.state, report.sent, report.pending) == ("idle", 2, 0)


async def test_one_that_does_not_come_to_it_is_named(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.3)
    pair.record()
    report = await following.sent_by_another(pair.following)
    assert report is not None
    assert (report.state, report.pending) == ("waiting", 2)
    assert report.reason == f"Another lms-tui (process {os.getpid()}) syncs this library."


async def test_one_that_ends_meanwhile_is_not_waited_for(pair: Pair) -> None:
    pair.record()
    report, _ = await asyncio.gather(following.sent_by_another(pair.following), when_asked(pair, pair.leading.leader.release))
    assert report is None


async def test_one_that_has_long_not_tried_is_told_of_and_not_waited_for(pair: Pair) -> None:
    pair.runs("idle")
    pair.clock.forward(hours=2)
    assert following.leader(pair.following) == Leader(process=os.getpid()), "nothing waits"
    pair.record()
    assert following.leader(pair.following) == Leader(process=os.getpid()), "not for long"
    since = pair.clock.now()
    pair.clock.forward(minutes=11)
    silent = following.leader(pair.following)
    assert silent == Leader(process=os.getpid(), silent_since=since)
    report = await following.sent_by_another(pair.following)
    assert report is not None
    assert report.state == "waiting"
    assert f"(process {os.getpid()}) is to sync this library, and has not tried since" in report.reason
    pair.runs("offline", takes=False)
    assert following.leader(pair.following) == Leader(process=os.getpid()), "it tries"


def test_who_syncs_itself_follows_nobody(pair: Pair) -> None:
    assert following.leader(pair.leading) is None
    pair.leading.leader.release()
    assert following.leader(pair.following) is None
    assert pair.following.lead()
    assert not pair.following.leader.asked()


def test_a_lock_that_nobody_signed(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "profile" / "sync.lock").write_text("")
    assert following.leader(pair.following) == Leader(process=0)
    assert leader_words(Leader(process=0), pair.clock.now()) == "Another lms-tui syncs this library."


def test_what_becomes_of_what_waits() -> None:
    now = HeldClock().now()
    told = [
        unsent_words(0, "online", None, now),
        unsent_words(2, "offline", Leader(process=7), now),
        unsent_words(1, "online", None, now),
        unsent_words(2, "online", Leader(process=7), now),
        unsent_words(2, "online", Leader(process=7, silent_since=now - timedelta(hours=1)), now),
    ]
    assert told[0] == ""
    assert told[1] == "Recorded on this machine; 2 events will be sent when the database can be reached."
    assert told[2] == "Recorded on this machine; 1 event put off by the database, to be sent again by itself."
    assert told[3] == "Recorded on this machine; 2 events still to be sent. Another lms-tui (process 7) syncs this library."
    assert "Once it is ended, another takes over." in told[4]
