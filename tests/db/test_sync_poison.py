"""No event, however broken, stops the others or the call."""

import time
from copy import deepcopy
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from lms_tui.db.sync import sync
from lms_tui.model.course import Course
from lms_tui.model.errors import BadInput, Refused, TooLarge, UpgradeNeeded
from lms_tui.model.person import Role
from lms_tui.model.wire import SyncRequest
from tests.db.courses import MONDAY, Recorder, question_ids, section_id, small_course
from tests.db.world import DEVICE, Someone, World

Json = dict[str, Any]


@pytest.fixture
async def student(world: World) -> tuple[Someone, Course]:
    """Somebody who takes a published course of an institution."""
    teacher = await world.add_person(Role.INSTRUCTOR)
    course = await teacher.imports(small_course())
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, course.id))
    learner = await world.add_person()
    await learner.sends(Recorder(course).event("enrolled"))
    return learner, course


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def poison(good: Json, course: Course) -> list[tuple[Any, str, str | None]]:
    """Broken events with the verdict that each must get."""

    def but(**changes: Any) -> Json:
        event = deepcopy(good) | {"id": str(uuid4())} | changes
        return {key: value for key, value in event.items() if value != "absent"}

    quiz, exam, intro = (section_id(course, slug) for slug in ("quiz", "exam", "intro"))
    one = question_ids(course, "quiz")["one"]
    bad_event: list[Any] = [
        5, "text", None, [], [[]], {}, True, 1e308, nested(200),
        but(id="absent"), but(id=7), but(id=None), but(id="x" * 36), but(id="018f0000-0000-7000-8000-00000000000g"), but(id={"a": 1}),
        but(course="absent"), but(course=None), but(course="nope"), but(course=[1]),
        but(kind="absent"), but(kind=None), but(kind=3), but(kind=["time"]), but(section="nope"), but(section=5), but(section={}),
        but(section=None), but(body=[]), but(body="x"), but(body=None), but(v="1"), but(v=None), but(v=-1), but(v=1.5),
        but(kind="answered", section=quiz), but(kind="answered", section=quiz, body={"responses": []}),
        but(kind="answered", section=quiz, body={"responses": "x"}),
    ]  # fmt: skip
    bad_time = [
        "", "now", "infinity", "-infinity", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", None, 5,
        "2026-01-01T00:00:00", "0000-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+99:00",
        "2026-01-01T00:00:00Z; DROP TABLE", {"a": 1}, "10000-01-01T00:00:00Z", "2026-01-00T00:00:00Z", "absent",
    ]  # fmt: skip
    bad_seconds = ["30", 30.5, -1, 301, 1e308, None, [30], {}, True, "NaN", 10**30]
    responses: list[Any] = [None, "2", 2.5, [2], {}, True, -1, 10**40, 1e308, nested(100), "x" * 20000]
    return [
        *((event, "rejected", "bad_event") for event in bad_event),
        *((but(at=at), "rejected", "bad_time") for at in bad_time),
        *((but(body={"seconds": seconds}), "rejected", "bad_duration") for seconds in bad_seconds),
        (but(body={}), "rejected", "bad_duration"),
        (but(course=str(uuid4())), "rejected", "unknown_item"),
        (but(section=str(uuid4())), "rejected", "unknown_item"),
        (but(section=str(uuid4()), content_v=2), "deferred", "newer_content"),
        (but(section=str(uuid4()), content_v="2"), "rejected", "unknown_item"),
        (but(kind="teleported"), "deferred", "unknown_kind"),
        (but(kind="x" * 10000), "deferred", "unknown_kind"),
        (but(v=2), "deferred", "unknown_format"),
        (but(kind="completed", section=quiz, body={}), "rejected", "not_by_hand"),
        (but(kind="completed", section=exam, body={}), "rejected", "not_by_hand"),
        (but(body={"seconds": 1, "x": "y" * 70000}), "rejected", "too_large"),
        (but(kind="attempt_started", section=exam, body={"attempt": [1]}), "applied", None),
        (but(kind="answered", section=exam, body={"responses": {}, "attempt": str(uuid4())}), "rejected", "not_started"),
        (but(kind="answered", section=exam, body={"responses": {}, "attempt": 5}), "rejected", "bad_event"),
        (but(kind="answered", section=exam, body={"responses": {}, "attempt": "\u202e" * 36}), "rejected", "bad_event"),
        (but(kind="answered", section=quiz, body={"responses": {}, "attempt": {"a": 1}}), "applied", None),
        *((but(kind="answered", section=quiz, body={"responses": {one: response}, "hints": 3}), "applied", None) for response in responses),
        (but(kind="answered", section=quiz, body={"responses": {"nobody": 1, str(uuid4()): 2}}), "applied", None),
        (but(kind="position", body={"block": [1], "quote": {"a": 1}, "ratio": "x"}), "applied", None),
        (but(kind="position", body={"block": "b" * 900, "quote": "q" * 900, "ratio": 1e308}), "applied", None),
        (but(seq="x", boot=[1], mono_ms=-5, content_v=-3, at="9999-12-31T23:59:59Z"), "applied", None),
        (but(seq=10**40, boot="b" * 900, mono_ms=1e308, content_v=10**14, at="0001-01-01T00:00:00+14:00"), "applied", None),
        (but(kind="note", section=None, body={"text": "\u202e\ud7ff\U0010ffff"}), "applied", None),
        (but(kind="opened", section=intro, body={"deep": nested(500)}), "applied", None),
    ]


def good_event(course: Course) -> Json:
    event: Json = msgspec.to_builtins(Recorder(course).event("time", "intro", seconds=60))
    return event


async def test_each_broken_event_gets_its_own_verdict(student: tuple[Someone, Course]) -> None:
    learner, course = student
    for event, outcome, code in poison(good_event(course), course):
        assert learner.sends_raw([event]) == [[outcome, code]], event


async def test_broken_events_among_good_ones_change_nothing_for_the_good(student: tuple[Someone, Course]) -> None:
    learner, course = student
    good = good_event(course)
    broken = poison(good, course)
    batch = [{**good, "id": str(uuid4())}]
    expected: list[list[str | None]] = [["applied", None]]
    for event, outcome, code in broken:
        batch += [event, {**good, "id": str(uuid4())}]
        expected += [[outcome, code], ["applied", None]]
    assert learner.sends_raw(batch) == expected
    progress = await learner.progress()
    intro = next(row for row in progress.sections if row.section == section_id(course, "intro"))
    odd_but_whole = sum(outcome == "applied" and event["kind"] == "time" for event, outcome, _ in broken)
    assert intro.active_seconds == 60 * (len(broken) + 1 + odd_but_whole)
    with learner.psql() as connection:
        kept = connection.execute("SELECT count(*) FROM lms.event_rejects").fetchone()
    assert kept is not None
    assert kept[0] == len({str(event) for event, outcome, _ in broken if outcome == "rejected"})


async def test_progress_can_be_read_whatever_was_sent(student: tuple[Someone, Course]) -> None:
    learner, course = student
    learner.sends_raw([event for event, _, _ in poison(good_event(course), course)])
    progress = await learner.progress()
    assert all(row.last_accessed_at is None or row.last_accessed_at <= progress.now for row in progress.sections)
    assert all(0 <= place.ratio <= 1 and len(place.quote) <= 64 and len(place.block) <= 64 for place in progress.places)


async def test_one_id_is_counted_once_whatever_its_time(student: tuple[Someone, Course]) -> None:
    learner, course = student
    good = good_event(course)
    assert learner.sends_raw([good, good, {**good, "at": "2020-01-01T00:00:00Z"}]) == [
        ["applied", None],
        ["duplicate", None],
        ["rejected", "id_collision"],
    ]
    assert learner.sends_raw([{**good, "at": "2024-01-01T00:00:00Z"}]) == [["rejected", "id_collision"]]
    assert learner.sends_raw([{**good, "body": {"seconds": 61}}]) == [["rejected", "id_collision"]]
    assert learner.sends_raw([{**good, "seq": 900, "boot": "another"}]) == [["duplicate", None]]


async def test_a_repetition_in_one_batch_gets_the_verdict_of_the_first(student: tuple[Someone, Course]) -> None:
    learner, course = student
    lost = {**good_event(course), "course": str(uuid4())}
    assert learner.sends_raw([lost, lost]) == [["rejected", "unknown_item"]] * 2


async def test_old_ids_and_ids_of_the_far_future_are_taken(student: tuple[Someone, Course]) -> None:
    learner, course = student
    good = good_event(course)
    two_years_ago = MONDAY.replace(year=2024)
    ids = [f"{int(two_years_ago.timestamp() * 1000):012x}", "e677d21fdbff", "000000000000", "ffffffffffff"]
    events = [{**good, "id": f"{hexadecimal[:8]}-{hexadecimal[8:]}-7000-8000-00000000beef"} for hexadecimal in ids]
    events[0]["at"] = two_years_ago.isoformat()
    assert learner.sends_raw(events) == [["applied", None]] * 4
    assert learner.sends_raw(events) == [["duplicate", None]] * 4


async def test_another_person_may_use_the_same_event_id(world: World, student: tuple[Someone, Course]) -> None:
    learner, course = student
    other = await world.add_person()
    enrolled = msgspec.to_builtins(Recorder(course).event("enrolled"))
    assert learner.sends_raw([{**enrolled, "id": (same := str(uuid4()))}]) == [["applied", None]]
    assert other.sends_raw([{**enrolled, "id": same, "at": "2025-01-01T00:00:00Z"}]) == [["applied", None]]


async def test_a_batch_that_is_too_large_is_refused_as_such(student: tuple[Someone, Course]) -> None:
    learner, course = student
    device = Recorder(course)
    with pytest.raises(TooLarge):
        await learner.sends(*(device.event("opened", "intro") for _ in range(1001)))
    with pytest.raises(TooLarge):
        await learner.sends(*(device.event("note", "intro", text="x" * 60000) for _ in range(20)))
    with pytest.raises(BadInput):
        await learner.sends(device.event("note", "intro", text="nul \x00"))


async def test_another_protocol_and_another_institution_are_refused(world: World, student: tuple[Someone, Course]) -> None:
    learner, _ = student
    with pytest.raises(UpgradeNeeded):
        await sync(learner.database, learner.me, SyncRequest(device=DEVICE, sent_at=MONDAY, protocol=2))
    elsewhere = msgspec.structs.replace(learner.me, institution_id=world.add_institution())
    with pytest.raises(Refused):
        await sync(learner.database, elsewhere, SyncRequest(device=DEVICE, sent_at=MONDAY))


@pytest.mark.parametrize("sent_at", ["infinity", "-infinity", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", None])
async def test_any_clock_of_the_device_is_taken(student: tuple[Someone, Course], sent_at: str | None) -> None:
    learner, course = student
    with learner.psql() as connection:
        row = connection.execute(
            "SELECT lms.sync(%s, %s, 1, NULL, %s, %s, NULL)",
            (learner.me.institution_id, DEVICE, sent_at, psycopg.types.json.Jsonb([good_event(course)])),
        ).fetchone()
    assert row is not None
    assert row[0]["verdicts"][0][1] == "applied"


async def test_numbers_that_are_long_as_texts_are_never_made_texts(student: tuple[Someone, Course]) -> None:
    """Each of these is ten bytes of jsonb and 131,072 characters; all together they are more than a text can be."""
    learner, course = student
    good = good_event(course)
    quiz, one = section_id(course, "quiz"), question_ids(course, "quiz")["one"]

    def but(count: int, **changes: object) -> str:
        event = msgspec.json.encode({**good, "id": str(uuid4()), **changes}).decode()
        return event.replace('"HUGE"', f"[{','.join(['1e131071'] * count)}]")

    events = [
        *(but(10000, **{name: "HUGE"}) for name in ("id", "kind", "course", "section", "at", "boot")),
        but(3000, body={"seconds": "HUGE"}),
        but(1500, kind="position", body={"block": "HUGE", "quote": "HUGE", "ratio": 0.5}),
        but(3000, kind="answered", section=quiz, body={"responses": {one: "HUGE"}}),
    ]
    with learner.psql() as connection:
        sync = "SELECT lms.sync(%s, %s, 1, 'test', now(), %s, %s) -> 'verdicts'"
        began = time.monotonic()
        verdicts = []
        for event in events:
            cursors = but(3000, me={"epoch": "HUGE", "version": 1})
            row = connection.execute(sync, (learner.me.institution_id, DEVICE, f"[{event}]", cursors)).fetchone()
            assert row is not None
            verdicts.append(row[0][0][1])
        assert verdicts == ["rejected"] * 7 + ["applied"] * 2
        assert time.monotonic() - began < 3
