"""One run: everything is sent once and counted once, whatever is lost on the way."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.model.errors import BadInput, LmsError, Refused, TooLarge, Unavailable, UpgradeNeeded
from lms_tui.model.events import Event
from lms_tui.model.person import Person
from lms_tui.model.wire import Cursor, SyncReply, SyncRequest
from lms_tui.sync.report import SyncState
from tests.cache.sample import PERSON, TIDES_S1, HeldClock, completed, enrolled, ident, make_course, spent
from tests.cache.twin import Twin
from tests.sync.channel import FaultyChannel, engine

TIDES = ident("tides")


def record(cache: Cache, times: int) -> tuple[Event, ...]:
    return cache.outbox.record([enrolled(cache), *(spent(cache, TIDES_S1, 10) for _ in range(times - 1))])


async def test_a_run_sends_what_waits_and_fetches_what_changed(cache: Cache, channel: FaultyChannel, twin: Twin) -> None:
    record(cache, 3)
    report = await engine(cache, channel).run_once()

    assert (report.state, report.sent, report.applied, report.pending) == (SyncState.IDLE, 3, 3, 0)
    assert set(twin.events) == {event.id for event in channel.requests[-1].events}
    assert channel.sizes == [0, 3]  # a first contact asks what is there before it sends


async def test_an_idle_run_and_a_small_one_are_one_round_trip(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 1)
    running = engine(cache, channel)
    await running.run_once()
    channel.requests.clear()

    await running.run_once()
    cache.outbox.record([completed(cache, TIDES_S1)])
    await running.run_once()

    assert channel.sizes == [0, 1]


async def test_progress_of_another_device_comes_without_anything_to_send(
    cache: Cache, channel: FaultyChannel, twin: Twin, clock: HeldClock, tmp_path: Path
) -> None:
    other = Cache.open(tmp_path / "other", PERSON, clock=clock)
    other.outbox.record([enrolled(other), completed(other, TIDES_S1)])
    await engine(other, channel).run_once()
    other.close()

    report = await engine(cache, channel).run_once()

    assert (report.sent, report.pulled > 0) == (0, True)
    assert cache.progress.section(TIDES_S1).completed_at == clock.now()
    assert cache.progress.course(TIDES).enrolled


async def test_a_lost_reply_is_sent_again_and_counted_once(cache: Cache, channel: FaultyChannel, twin: Twin) -> None:
    record(cache, 5)
    channel.lost.extend([False, True])
    running = engine(cache, channel)

    first = await running.run_once()
    before = cache.progress.section(TIDES_S1)
    second = await running.run_once()

    assert (first.state, first.sent, first.pending) == (SyncState.OFFLINE, 0, 5)
    assert (second.state, second.duplicate, second.pending) == (SyncState.IDLE, 5, 0)
    assert cache.progress.section(TIDES_S1) == before == twin.states[TIDES_S1]
    assert before.active_seconds == 40


async def test_batches_grow_while_replies_are_quick(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 2500)
    await engine(cache, channel).run_once()

    assert channel.sizes == [0, 250, 500, 1000, 750]


async def test_batches_do_not_grow_while_replies_are_slow(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 600)
    channel.takes_ms = 1500
    await engine(cache, channel).run_once()

    assert channel.sizes == [0, 250, 250, 100]


async def test_batches_shrink_after_a_time_out(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 300)
    running = engine(cache, channel)
    channel.before.extend([None, Unavailable("took too long"), Unavailable("took too long")])
    await running.run_once()
    await running.run_once()
    channel.requests.clear()
    await running.run_once()

    assert channel.sizes[0] == 62


async def test_what_is_too_large_is_halved_and_one_event_alone_set_aside(cache: Cache, channel: FaultyChannel) -> None:
    events = record(cache, 9)

    def limited(request: SyncRequest) -> None:
        if len(request.events) > 2 or events[4].id in {event.id for event in request.events}:
            raise TooLarge("This is more than the database takes in one call.")

    channel.rule = limited
    report = await engine(cache, channel).run_once()

    assert (report.applied, report.rejected, report.pending) == (8, 1, 0)
    (problem,) = cache.outbox.problems()
    assert (problem.event.id, problem.code) == (events[4].id, "too_large")


POISON_ERRORS = [BadInput("a value is not allowed there"), LmsError("internal"), ValueError("of our own")]


@pytest.mark.parametrize("error", POISON_ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("place", [1, 7, 19])
async def test_a_poison_event_is_set_aside_by_itself(
    cache: Cache, channel: FaultyChannel, twin: Twin, place: int, error: Exception
) -> None:
    events = record(cache, 20)

    def poisoned(request: SyncRequest) -> None:
        if events[place].id in {event.id for event in request.events}:
            raise error

    channel.rule = poisoned
    report = await engine(cache, channel).run_once()

    assert (report.state, report.applied, report.rejected, report.pending) == (SyncState.IDLE, 19, 1, 0)
    (problem,) = cache.outbox.problems()
    assert (problem.event.id, problem.code) == (events[place].id, "server_error")
    assert "of our own" not in problem.detail
    channel.rule = lambda request: None
    assert cache.outbox.retry([events[place].id]) == 1
    assert (await engine(cache, channel).run_once()).applied == 1
    assert set(twin.events) == {event.id for event in events}


async def test_a_single_poison_event_is_set_aside_when_the_database_answers_without_it(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 1)

    def poisoned(request: SyncRequest) -> None:
        if request.events:
            raise BadInput("not taken")

    channel.rule = poisoned

    assert (await engine(cache, channel).run_once()).rejected == 1


async def test_a_database_that_fails_on_everything_costs_no_event(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 40)
    running = engine(cache, channel)
    await running.run_once()
    cache.outbox.record([spent(cache, TIDES_S1, 10) for _ in range(40)])

    def broken(request: SyncRequest) -> None:
        raise LmsError("internal error")

    channel.rule = broken
    report = await running.run_once()

    assert (report.state, report.rejected, report.pending) == (SyncState.SERVER_BUSY, 0, 40)
    assert report.reason == "internal error"
    assert cache.outbox.problems() == ()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unavailable("no route"), SyncState.OFFLINE),
        (OSError("connection reset"), SyncState.OFFLINE),
        (TimeoutError(), SyncState.OFFLINE),
        (Refused("the login is not accepted"), SyncState.REFUSED),
        (UpgradeNeeded("another protocol"), SyncState.UPGRADE_NEEDED),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_stops_a_run_keeps_the_queue(cache: Cache, channel: FaultyChannel, error: LmsError | OSError, state: SyncState) -> None:
    record(cache, 3)
    channel.before.append(error)
    running = engine(cache, channel)
    report = await running.run_once()

    assert (report.state, report.pending, running.state) == (state, 3, state)
    assert report.reason
    assert cache.ledger.runs()[0].outcome == state.value
    assert (await running.run_once()).applied == 3


async def test_a_refused_event_blocks_nobody(cache: Cache, channel: FaultyChannel) -> None:
    cache.outbox.record([spent(cache, TIDES_S1, 10), enrolled(cache), spent(cache, TIDES_S1, 20)])
    report = await engine(cache, channel).run_once()

    assert (report.applied, report.rejected) == (2, 1)
    assert cache.progress.section(TIDES_S1).active_seconds == 20


async def test_what_the_database_does_not_know_yet_is_put_off(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    record(cache, 1)
    cache.outbox.record([replace(completed(cache, TIDES_S1), kind="unheard_of")])
    running = engine(cache, channel)
    report = await running.run_once()
    calls = len(channel.requests)

    assert (report.state, report.deferred, report.pending) == (SyncState.IDLE, 1, 1)
    clock.forward(minutes=16)
    assert (await running.run_once()).deferred == 1
    assert channel.sizes[calls:] == [1]
    assert "puts some" in running.reason


async def test_a_long_pull_comes_in_pages(cache: Cache, channel: FaultyChannel, twin: Twin, clock: HeldClock, tmp_path: Path) -> None:
    other = Cache.open(tmp_path / "other", PERSON, clock=clock)
    sections = [ident(f"tides/{lesson}/{name}") for lesson in (1, 2) for name in ("s1", "s2")]
    other.outbox.record([enrolled(other), *(completed(other, section) for section in sections)])
    await engine(other, channel).run_once()
    other.close()
    twin.page = 1
    channel.requests.clear()

    report = await engine(cache, channel).run_once()

    assert channel.sizes == [0, 0, 0, 0]
    assert report.state is SyncState.IDLE
    assert cache.progress.course(TIDES).sections == twin.states
    assert cache.mirror.cursor() == Cursor(epoch="epoch-1", version=twin.version)


async def test_more_that_never_comes_ends_the_run(cache: Cache, channel: FaultyChannel, twin: Twin) -> None:
    record(cache, 2)
    running = engine(cache, channel)
    await running.run_once()

    async def stuck(request: SyncRequest) -> SyncReply:
        return SyncReply(now=cache.clock.now(), epoch="epoch-1", version=request.cursor.version, more=True)

    channel.sync = stuck  # type: ignore[method-assign]  # another database

    assert (await running.run_once()).state is SyncState.SERVER_BUSY


async def test_a_reply_without_verdicts_ends_the_run_and_keeps_the_events(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 2)

    async def silent(request: SyncRequest) -> SyncReply:
        return SyncReply(now=cache.clock.now(), epoch="epoch-1", version=0)

    channel.sync = silent  # type: ignore[method-assign]  # another database
    report = await engine(cache, channel).run_once()

    assert (report.state, report.pending) == (SyncState.SERVER_BUSY, 2)


async def test_a_restored_database_gets_everything_again_and_counts_it_once(
    cache: Cache, channel: FaultyChannel, twin: Twin, clock: HeldClock
) -> None:
    record(cache, 6)
    running = engine(cache, channel)
    await running.run_once()
    truth = cache.progress.course(TIDES)
    twin.forget()
    twin.epoch = "epoch-2"

    report = await running.run_once()

    assert (report.applied, report.pending) == (6, 0)
    assert cache.progress.course(TIDES) == truth
    assert len(twin.events) == 6


async def test_a_database_that_went_back_in_time_without_saying_so_is_noticed(cache: Cache, channel: FaultyChannel, twin: Twin) -> None:
    record(cache, 6)
    running = engine(cache, channel)
    await running.run_once()
    truth = cache.progress.course(TIDES)
    twin.forget()

    await running.run_once()

    assert cache.progress.course(TIDES) == truth
    assert len(twin.events) == 6


async def test_nothing_is_sent_as_another_person(cache: Cache, channel: FaultyChannel) -> None:
    record(cache, 2)
    channel.person = Person(institution_id=PERSON.institution_id, user_id=ident("ben"), name="Ben")
    report = await engine(cache, channel).run_once()

    assert (report.state, report.pending, channel.requests) == (SyncState.STORAGE, 2, [])
    assert "work of Ana" in report.reason


async def test_only_the_leader_syncs(cache: Cache, channel: FaultyChannel, clock: HeldClock) -> None:
    record(cache, 2)
    assert cache.lead()
    second = Cache.open(cache._doors.path.parent, PERSON, clock=clock)
    report = await engine(second, channel).run_once()

    assert (report.state, report.pending, channel.requests) == (SyncState.OTHER_LEADER, 2, [])
    cache.leader.release()
    assert (await engine(second, channel).run_once()).applied == 2
    second.close()


_faults = st.lists(st.sampled_from(["ok", "lost", "down", "too large", "broken"]), max_size=12)


@settings(max_examples=40, deadline=None)
@given(_faults, st.integers(1, 30), st.integers(1, 8))
def test_whatever_fails_every_event_is_counted_once(faults: list[str], events: int, page: int) -> None:
    with TemporaryDirectory() as folder:
        clock = HeldClock()
        cache = Cache.open(Path(folder), PERSON, clock=clock)
        course, keys = make_course()
        cache.content.put(course, content_version=1, keys=keys)
        twin = Twin(clock, [(course, keys)], page=page)
        channel = FaultyChannel(twin)
        errors = {"down": Unavailable("down"), "too large": TooLarge("too large"), "broken": LmsError("broken")}
        kept = record(cache, events)
        channel.before.extend(errors.get(fault) for fault in faults)
        channel.lost.extend(fault == "lost" for fault in faults)
        running = engine(cache, channel)

        async def drain() -> None:
            for _ in range(len(faults) + 2):
                await running.run_once()
            channel.before.clear()
            channel.lost.clear()  # a last reply that is lost would be the truth
            cache.outbox.retry()
            await running.run_once()

        asyncio.run(drain())

        assert (cache.outbox.counts().queued, cache.outbox.problems()) == (0, ())
        assert set(twin.events) == {event.id for event in kept}
        assert cache.progress.section(TIDES_S1).active_seconds == 10 * (events - 1)
        assert cache.progress.course(TIDES).course == twin.roll_up(TIDES)
        cache.close()
