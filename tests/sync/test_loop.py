"""The loop: when it runs, how it waits, and what it says meanwhile."""

import logging
import random
from itertools import pairwise

import pytest

from lms_tui.cache.store import Cache
from lms_tui.model.errors import Refused, Unavailable
from lms_tui.model.wire import SyncRequest
from lms_tui.sync.loop import Engine, full_jitter
from lms_tui.sync.report import SyncState
from tests.cache.sample import TIDES_S1, HeldClock, completed, enrolled, ident, spent
from tests.cache.twin import Twin
from tests.sync.channel import FaultyChannel, Stopped, Ticks, engine


async def run(running: Engine) -> None:
    with pytest.raises(Stopped):
        await running.run()


def down(request: SyncRequest) -> None:
    raise Unavailable("The database cannot be reached.")


async def test_it_pulls_once_a_minute(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    await run(engine(cache, channel, wait=Ticks(clock, 599)))

    assert len(channel.requests) == 10


async def test_what_is_recorded_goes_within_five_seconds_without_a_word(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    def act() -> None:
        cache.outbox.record([enrolled(cache)])

    await run(engine(cache, channel, wait=Ticks(clock, 17, {12.0: act})))

    assert cache.outbox.counts().queued == 0


async def test_a_nudge_sends_at_once(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    began = clock.now()

    def act() -> None:
        cache.outbox.record([enrolled(cache)])
        running.nudge(now=True)

    running = engine(cache, channel, wait=Ticks(clock, 12.5, {12.0: act}))
    await run(running)

    assert (channel.requests[-1].sent_at - began).total_seconds() == 12
    assert channel.sizes[-1] == 1


async def test_failures_back_off_to_five_minutes_and_success_resets(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    began = clock.now()
    channel.rule = down
    running = engine(cache, channel, wait=Ticks(clock, 1500))
    await run(running)
    times = [(request.sent_at - began).total_seconds() for request in channel.requests]

    assert [round(later - earlier) for earlier, later in pairwise(times)] == [
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        300,
        300,
        300,
    ]
    assert (running.state, running.since) == (SyncState.OFFLINE, began)
    channel.rule = lambda request: None
    await run(engine(cache, channel, wait=Ticks(clock, 400)))
    assert (await running.run_once()).state is SyncState.IDLE
    channel.rule = down
    await running.run_once()
    assert running._not_before is not None
    assert (running._not_before - clock.now()).total_seconds() == 1


async def test_a_new_event_ends_a_wait_for_the_network(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    began = clock.now()
    channel.rule = down

    def act() -> None:
        channel.rule = lambda request: None
        cache.outbox.record([enrolled(cache)])
        running.nudge()

    running = engine(cache, channel, wait=Ticks(clock, 300, {270.0: act}))
    await run(running)

    assert [(request.sent_at - began).total_seconds() for request in channel.requests if request.events] == [275]
    assert cache.outbox.counts().queued == 0


async def test_a_contact_that_others_lost_is_looked_for_at_once(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    began = clock.now()

    def act() -> None:
        channel.before.append(Unavailable("down"))
        running.lost()

    running = engine(cache, channel, wait=Ticks(clock, 22, {20.0: act}))
    await run(running)

    assert [(request.sent_at - began).total_seconds() for request in channel.requests] == [0, 20, 21]
    assert running.state is SyncState.IDLE


async def test_what_was_asked_for_and_failed_is_tried_again_though_nothing_waits(
    cache: Cache, channel: FaultyChannel, clock: HeldClock
) -> None:
    began = clock.now()

    def act() -> None:
        channel.before.append(Unavailable("down"))
        running.nudge(now=True)

    running = engine(cache, channel, wait=Ticks(clock, 25, {20.0: act}))
    await run(running)

    assert [(request.sent_at - began).total_seconds() for request in channel.requests] == [0, 20, 21]
    assert running.state is SyncState.IDLE


async def test_a_refusal_waits_for_the_person(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    channel.before.extend([Refused("The login is not accepted."), None])
    ticks = Ticks(clock, 290)
    running = engine(cache, channel, wait=ticks)
    await run(running)

    assert len(channel.requests) == 1
    running.nudge()
    assert not running._is_due()
    running.nudge(now=True)
    assert running._is_due()
    assert (await running.run_once()).state is SyncState.IDLE


@pytest.mark.parametrize("failing", ["network", "refused", "bug", "storage"])
async def test_after_any_one_failure_the_queue_drains_by_itself(
    cache: Cache, channel: FaultyChannel, clock: HeldClock, caplog: pytest.LogCaptureFixture, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.outbox.record([enrolled(cache), *(spent(cache, TIDES_S1, 5) for _ in range(9))])
    running = engine(cache, channel, wait=Ticks(clock, 120))
    if failing == "network":
        channel.before.append(Unavailable("down"))
    elif failing == "refused":
        channel.before.extend([None, Refused("no")])
        running = engine(cache, channel, wait=Ticks(clock, 700))
    elif failing == "bug":
        honest, calls = cache.mirror.acknowledge, iter([True])
        monkeypatch.setattr(cache.mirror, "acknowledge", lambda request, reply: 1 / 0 if next(calls, False) else honest(request, reply))
    else:
        cache._doors.read_only = "for now"
        running = engine(cache, channel, wait=Ticks(clock, 120, {20.0: lambda: setattr(cache._doors, "read_only", "")}))
    with caplog.at_level(logging.CRITICAL):
        await run(running)

    assert (cache.outbox.counts().queued, running.state) == (0, SyncState.IDLE)


async def test_what_nobody_foresaw_is_told_in_our_words(
    cache: Cache, channel: FaultyChannel, clock: HeldClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("row (7, secret)")

    monkeypatch.setattr(cache.mirror, "acknowledge", broken)
    running = engine(cache, channel, wait=Ticks(clock, 1))
    with caplog.at_level(logging.CRITICAL):
        await run(running)

    assert (running.state, running.reason) == (
        SyncState.SERVER_BUSY,
        "Sync failed (ValueError); the log in the state folder has the details.",
    )


async def test_it_says_what_it_does(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    cache.outbox.record([enrolled(cache)])
    said: list[str] = []
    progress: list[int] = []
    running = Engine(cache, channel.connect, on_status=lambda: said.append(running.state.value), on_progress=lambda: progress.append(1))
    await running.run_once()
    channel.rule = down
    clock.forward(hours=1)
    await running.run_once()
    since = running.since
    clock.forward(hours=1)
    await running.run_once()

    assert said == ["connecting", "pulling", "pushing", "idle", "connecting", "pulling", "offline"]
    assert running.since == since
    assert progress == [1]


async def test_runs_are_kept_in_the_ledger_and_idle_ones_are_one(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    running = engine(cache, channel)
    cache.outbox.record([enrolled(cache), spent(cache, ident("tides/1/s2"), 5)])
    await running.run_once()
    for _ in range(5):
        clock.forward(minutes=1)
        await running.run_once()

    runs = cache.ledger.runs()
    assert [(one.outcome, one.sent, one.applied) for one in runs] == [("idle", 0, 0), ("idle", 2, 2)]
    assert cache.ledger.last_success() == clock.now()


async def test_the_ledger_keeps_200_runs(cache: Cache, channel: FaultyChannel, twin: Twin) -> None:
    running = engine(cache, channel)
    cache.outbox.record([enrolled(cache)])
    for _ in range(205):
        cache.outbox.record([completed(cache, TIDES_S1)])
        await running.run_once()

    assert len(cache.ledger.runs(limit=1000)) == 200


async def test_a_run_makes_the_daily_copy_while_something_waits(cache: Cache, channel: FaultyChannel) -> None:
    cache.outbox.record([enrolled(cache)])
    channel.rule = down
    await engine(cache, channel).run_once()

    assert len(list((cache._doors.path.parent / "backups").iterdir())) == 1


def test_jitter_is_within_its_bounds() -> None:
    random.seed(1)
    drawn = [full_jitter(60) for _ in range(500)]

    assert min(drawn) >= 1
    assert 50 < max(drawn) <= 60


@pytest.mark.parametrize("answers", [True, False])
async def test_a_clock_that_is_set_back_does_not_stop_it(cache: Cache, channel: FaultyChannel, clock: HeldClock, answers: bool) -> None:
    def act() -> None:
        clock.forward(days=-400)
        channel.requests.clear()

    if not answers:
        channel.rule = down
    await run(engine(cache, channel, wait=Ticks(clock, 800, {150.0: act})))

    assert len(channel.requests) >= 2
