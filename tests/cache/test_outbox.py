"""The queue: what enters it, that it never changes, and what becomes of it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_tui.cache.clock import from_ms, to_ms
from lms_tui.cache.storable import cleaned
from lms_tui.cache.store import Cache
from lms_tui.model.errors import BadInput
from lms_tui.model.events import Event, EventKind
from lms_tui.model.wire import Cursor, DayRow, Outcome, PlaceRow, SectionRow, SyncReply, SyncRequest, Verdict
from tests.cache.sample import TIDES_S1, TIDES_S2, HeldClock, answered, completed, enrolled, ident, spent


def reply(cache: Cache, *verdicts: Verdict, epoch: str = "e", version: int = 1) -> SyncReply:
    return SyncReply(now=cache.clock.now(), epoch=epoch, version=version, verdicts=verdicts)


def acknowledge(cache: Cache, *verdicts: Verdict, **parts: Any) -> None:
    request = SyncRequest(device=cache.device_id, sent_at=cache.clock.now(), cursor=cache.mirror.cursor())
    cache.mirror.acknowledge(request, reply(cache, *verdicts, **parts))


def test_events_come_back_numbered_and_otherwise_as_they_were(cache: Cache) -> None:
    events = [completed(cache, TIDES_S1), spent(cache, TIDES_S2, 20), answered(cache, 1, {1: 2})]

    kept = cache.outbox.record(events)

    assert [event.seq for event in kept] == [1, 2, 3]
    assert [msgspec.structs.replace(event, seq=0) for event in kept] == events
    assert cache.outbox.pending() == kept


def test_the_same_event_twice_is_one(cache: Cache) -> None:
    event = completed(cache, TIDES_S1)

    first, second = cache.outbox.record([event]), cache.outbox.record([event])

    assert first == second
    assert cache.outbox.counts().pending == 1


def test_place_and_drafts_go_with_the_events_or_not_at_all(cache: Cache) -> None:
    cache.places.save_draft(TIDES_S1, ident("q"), {"text": "half"})
    place = PlaceRow(section=TIDES_S1, block="b7", quote="the moon", ratio=0.5, at=cache.clock.now())
    bad = msgspec.structs.replace(completed(cache, TIDES_S1), body={"seconds": object()})
    with pytest.raises(BadInput):
        cache.outbox.record([completed(cache, TIDES_S1), bad], place=place, drafts_done=[(TIDES_S1, ident("q"))])
    assert (cache.outbox.counts().pending, cache.places.of(TIDES_S1), cache.places.drafts(TIDES_S1)) == (
        0,
        None,
        {ident("q"): {"text": "half"}},
    )

    cache.outbox.record([completed(cache, TIDES_S1)], place=place, drafts_done=[(TIDES_S1, ident("q"))])

    assert (cache.outbox.counts().pending, cache.places.of(TIDES_S1), cache.places.drafts(TIDES_S1)) == (1, place, {})


def test_an_older_place_does_not_replace_a_newer_one(cache: Cache, clock: HeldClock) -> None:
    newer = PlaceRow(section=TIDES_S1, block="b2", at=clock.now())
    cache.places.save(newer)
    cache.places.save(PlaceRow(section=TIDES_S1, block="b1", at=clock.now() - timedelta(hours=1)))

    assert cache.places.of(TIDES_S1) == newer


@pytest.mark.parametrize(
    "change",
    [
        "body = '{}'", "event_id = 'x'", "kind = 'left'", "section_id = NULL", "course_id = ''", "content_v = 9", "at_ms = 0",
        "boot = ''", "mono_ms = 0", "v = 2", "seq = 9",
    ],
)  # fmt: skip
def test_an_event_never_changes(cache: Cache, change: str) -> None:
    cache.outbox.record([spent(cache, TIDES_S1, 10)])

    with pytest.raises(sqlite3.IntegrityError, match="never changes"), cache._doors.working() as connection:
        connection.execute(f"UPDATE outbox SET {change}")


@pytest.mark.parametrize("state", [0, 2, 3])
def test_only_an_acknowledged_event_can_be_deleted(cache: Cache, state: int) -> None:
    cache.outbox.record([spent(cache, TIDES_S1, 10)])
    with cache._doors.working() as connection:
        connection.execute("UPDATE outbox SET state = ?", (state,))

    with pytest.raises(sqlite3.IntegrityError, match="not acknowledged"), cache._doors.working() as connection:
        connection.execute("DELETE FROM outbox")


def test_a_number_is_never_used_again(cache: Cache) -> None:
    (event,) = cache.outbox.record([completed(cache, TIDES_S1)])
    acknowledge(cache, Verdict(event.id, Outcome.APPLIED))
    with cache._doors.working() as connection:
        connection.execute("DELETE FROM outbox")

    assert cache.outbox.record([completed(cache, TIDES_S1)])[0].seq == event.seq + 1


def test_batches_end_at_their_limits_and_hold_one_at_least(cache: Cache) -> None:
    long = [cache.event(EventKind.NOTE, course=ident("tides"), section=TIDES_S1, body={"text": "x" * 60_000}) for _ in range(6)]
    cache.outbox.record(long)

    assert len(cache.outbox.pending()) == 4
    assert len(cache.outbox.pending(max_bytes=10)) == 1
    assert len(cache.outbox.pending(limit=2)) == 2


def test_too_much_for_one_event_is_refused(cache: Cache) -> None:
    with pytest.raises(BadInput, match="bytes long"):
        cache.outbox.record([cache.event(EventKind.NOTE, course=ident("tides"), body={"text": "é" * 40_000})])


@pytest.mark.parametrize("seconds", [301, -1, 1.5, True, "20", None])
def test_a_duration_that_is_none_is_refused(cache: Cache, seconds: object) -> None:
    with pytest.raises(BadInput, match="whole seconds"):
        cache.outbox.record([cache.event(EventKind.TIME, course=ident("tides"), section=TIDES_S1, body={"seconds": seconds})])


@pytest.mark.parametrize("name", ["id", "course", "section"])
def test_what_is_no_uuid_is_refused(cache: Cache, name: str) -> None:
    with pytest.raises(BadInput, match="not a UUID"):
        cache.outbox.record([msgspec.structs.replace(completed(cache, TIDES_S1), **{name: "tides"})])


def test_characters_that_jsonb_refuses_are_cleaned(cache: Cache) -> None:
    body = {"responses": {ident("q"): ["a\0b", "\ud800x", {"k\0": "y"}]}, "hints": {}}
    (kept,) = cache.outbox.record([cache.event(EventKind.ANSWERED, course=ident("tides"), section=TIDES_S1, body=body)])

    assert kept.body == {"responses": {ident("q"): ["ab", "\ufffdx", {"k": "y"}]}, "hints": {}}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [nested(5000), {1, 2, object()}, float], ids=["deep", "objects", "a class"])
def test_what_json_cannot_hold_is_refused(cache: Cache, value: object) -> None:
    with pytest.raises(BadInput):
        cache.outbox.record([cache.event(EventKind.NOTE, course=ident("tides"), body={"text": value})])


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=[]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=_json)
def test_whatever_is_recorded_is_json_that_a_database_takes(cache: Cache, value: Any) -> None:
    (kept,) = cache.outbox.record([cache.event(EventKind.NOTE, course=ident("tides"), body={"value": value})])

    text = msgspec.json.encode(kept).decode("utf-8", "strict")
    assert "\\u0000" not in text
    assert kept.body == {"value": cleaned(value)}
    assert cleaned(kept.body) == kept.body


def test_verdicts_move_events(cache: Cache, clock: HeldClock) -> None:
    events = cache.outbox.record([completed(cache, TIDES_S1) for _ in range(4)])
    acknowledge(
        cache,
        Verdict(events[0].id, Outcome.APPLIED),
        Verdict(events[1].id, Outcome.REJECTED, "not_enrolled", "You left."),
        Verdict(events[2].id, Outcome.DEFERRED, "unknown_kind"),
        Verdict(None, Outcome.REJECTED, "bad_event"),
    )

    counts = cache.outbox.counts()
    assert (counts.pending, counts.deferred, counts.rejected, counts.queued) == (1, 1, 1, 2)
    assert cache.outbox.pending() == (events[3],)  # without a verdict it stays
    clock.forward(minutes=3)
    assert cache.outbox.pending() == (events[2], events[3])


def test_answers_wait_for_the_beginning_of_their_attempt(cache: Cache, clock: HeldClock) -> None:
    begun = cache.event(EventKind.ATTEMPT_STARTED, course=ident("tides"), section=TIDES_S1)
    answered = cache.event(EventKind.ANSWERED, course=ident("tides"), section=TIDES_S1, body={"responses": {}, "attempt": begun.id})
    cache.outbox.record([begun, answered])
    acknowledge(cache, Verdict(begun.id, Outcome.DEFERRED, "newer_content"), Verdict(answered.id, Outcome.REJECTED, "not_started"))
    assert (cache.outbox.counts().deferred, cache.outbox.put_off()) == (2, {"newer_content": 1, "not_started": 1})
    clock.forward(hours=1)
    acknowledge(cache, Verdict(begun.id, Outcome.REJECTED, "not_enrolled"), Verdict(answered.id, Outcome.REJECTED, "not_started"))
    assert cache.outbox.counts().rejected == 2, "nothing is to come any more"


def test_what_is_put_off_waits_longer_each_time_up_to_an_hour(cache: Cache, clock: HeldClock) -> None:
    (event,) = cache.outbox.record([completed(cache, TIDES_S1)])
    delays = []
    for _ in range(9):
        acknowledge(cache, Verdict(event.id, Outcome.DEFERRED, "newer_content"))
        due = cache.outbox.next_due()
        assert due is not None
        delays.append((due - clock.now()).total_seconds() / 60)
        clock.at = due

    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_retry_sends_refused_and_put_off_events_again(cache: Cache) -> None:
    events = cache.outbox.record([completed(cache, TIDES_S1) for _ in range(3)])
    acknowledge(
        cache,
        *(Verdict(event.id, Outcome.REJECTED, "not_enrolled") for event in events[:2]),
        Verdict(events[2].id, Outcome.DEFERRED, "unknown_kind"),
    )

    assert cache.outbox.retry([events[0].id]) == 1
    assert cache.outbox.pending() == events[:1]
    assert cache.outbox.retry() == 2
    assert cache.outbox.pending() == events


def test_acknowledged_events_are_kept_for_90_days(cache: Cache, clock: HeldClock) -> None:
    events = cache.outbox.record([completed(cache, TIDES_S1) for _ in range(3)])
    acknowledge(cache, Verdict(events[0].id, Outcome.APPLIED), Verdict(events[1].id, Outcome.REJECTED, "bad_time"))
    clock.forward(days=90)
    assert cache.outbox.prune() == 0
    clock.forward(seconds=1)

    assert cache.outbox.prune() == 1
    assert (cache.outbox.counts().pending, cache.outbox.counts().rejected) == (1, 1)


def test_who_took_a_course_is_kept_for_good(cache: Cache, clock: HeldClock) -> None:
    events = cache.outbox.record([enrolled(cache), completed(cache, TIDES_S1)])
    acknowledge(cache, *(Verdict(event.id, Outcome.APPLIED) for event in events))
    clock.forward(days=91)
    assert cache.outbox.prune() == 1

    acknowledge(cache, epoch="other")

    assert cache.outbox.pending() == events[:1]


def test_what_was_refused_for_a_course_that_is_found_goes_again(cache: Cache) -> None:
    events = cache.outbox.record([enrolled(cache), completed(cache, TIDES_S1), enrolled(cache, ident("another"))])
    codes = ("unknown_item", "bad_time", "unknown_item")
    acknowledge(cache, *(Verdict(event.id, Outcome.REJECTED, code) for event, code in zip(events, codes, strict=True)))

    assert cache.outbox.retry_found([ident("tides")]) == 1

    assert cache.outbox.pending() == events[:1]


@pytest.mark.parametrize(("epoch", "version"), [("other", 99), ("e", 4)], ids=["another epoch", "behind the cursor"])
def test_a_restored_database_gets_every_kept_event_again(cache: Cache, epoch: str, version: int) -> None:
    events = cache.outbox.record([spent(cache, TIDES_S1, 10) for _ in range(3)])
    acknowledge(cache, *(Verdict(event.id, Outcome.APPLIED) for event in events[:2]), version=5)
    assert cache.outbox.pending() == events[2:]

    acknowledge(cache, Verdict(events[2].id, Outcome.APPLIED), epoch=epoch, version=version)

    assert cache.outbox.pending() == events[:2]
    assert cache.progress.section(TIDES_S1).active_seconds == 0  # the database is asked before anything is counted twice
    assert cache.mirror.cursor() == Cursor(epoch=epoch, version=version, event=events[2].id)


@given(st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # the zone is given
def test_milliseconds_are_exact(at: datetime) -> None:
    kept = from_ms(to_ms(at))
    assert timedelta(0) <= at - kept < timedelta(milliseconds=1)
    assert to_ms(kept) == to_ms(at)


def test_counts_say_since_when_the_oldest_waits(cache: Cache, clock: HeldClock) -> None:
    assert cache.outbox.counts().oldest_at is None
    began = clock.now()
    cache.outbox.record([completed(cache, TIDES_S1)])
    clock.forward(hours=1)
    cache.outbox.record([completed(cache, TIDES_S1)])

    assert cache.outbox.counts().oldest_at == began


def test_the_id_of_an_event_carries_its_time(cache: Cache) -> None:
    event: Event = completed(cache, TIDES_S1)

    assert from_ms(int(event.id.replace("-", "")[:12], 16)) == event.at


def test_a_reply_is_taken_in_whole_or_not_at_all(cache: Cache) -> None:
    (event,) = cache.outbox.record([spent(cache, TIDES_S1, 10)])
    request = SyncRequest(device=cache.device_id, sent_at=cache.clock.now(), events=(event,))
    nothing: Any = None
    section = SectionRow(course=ident("tides"), lesson=ident("tides/1"), section=TIDES_S1, active_seconds=10)
    day = DayRow(date="2026-01-05", active_seconds=nothing)
    broken = msgspec.structs.replace(reply(cache, Verdict(event.id, Outcome.APPLIED)), sections=(section,), days=(day,))

    with pytest.raises(sqlite3.IntegrityError):
        cache.mirror.acknowledge(request, broken)

    assert cache.outbox.pending() == (event,)
    assert cache.mirror.cursor() == Cursor()
    assert cache.progress.section(TIDES_S1).active_seconds == 0


def test_a_clock_that_was_ahead_holds_nothing_back(cache: Cache, clock: HeldClock) -> None:
    clock.forward(days=400)
    (event,) = cache.outbox.record([completed(cache, TIDES_S1)])
    cache.places.save(PlaceRow(section=TIDES_S1, block="b1", at=clock.now()))
    acknowledge(cache, Verdict(event.id, Outcome.DEFERRED, "unknown_kind"))
    clock.forward(days=-400)
    later = PlaceRow(section=TIDES_S1, block="b2", at=clock.now())
    cache.places.save(later)

    assert cache.places.of(TIDES_S1) == later
    assert [waiting.id for waiting in cache.outbox.pending()] == [event.id]
    due = cache.outbox.next_due()
    assert due is not None
    assert due <= clock.now()


def test_what_was_refused_is_sent_behind_what_is_new_and_enrolments_before_both(with_course: Cache) -> None:
    cache = with_course
    first, refused = cache.outbox.record([enrolled(cache), spent(cache, TIDES_S1, 1)])
    for event in (first, refused):
        cache.outbox.refuse(event.id, "not_enrolled", "")
    new, late = cache.outbox.record([spent(cache, TIDES_S1, 2), enrolled(cache)])
    assert cache.outbox.pending() == (new, late)
    cache.outbox.retry()
    assert cache.outbox.pending() == (first, new, late)
    with cache._doors.working() as connection:
        connection.execute("UPDATE outbox SET state = 1 WHERE event_id <> ?", (refused.id,))
    assert cache.outbox.pending() == (refused,)


def test_the_queue_is_told_by_kinds_and_what_was_put_off_by_reasons(with_course: Cache) -> None:
    cache = with_course
    assert (cache.outbox.waiting(), cache.outbox.put_off()) == ({}, {})
    events = cache.outbox.record([enrolled(cache), spent(cache, TIDES_S1, 1), spent(cache, TIDES_S1, 2), completed(cache, TIDES_S2)])
    acknowledge(
        cache,
        Verdict(events[1].id, Outcome.DEFERRED, "newer_content"),
        Verdict(events[2].id, Outcome.REJECTED, "bad_duration"),
        Verdict(events[3].id, Outcome.APPLIED),
    )
    assert cache.outbox.waiting() == {"enrolled": 1, "time": 1}
    assert cache.outbox.put_off() == {"newer_content": 1}
