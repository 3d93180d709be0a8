"""Taking an assessment: the entry card, what may begin when, and what happens without a connection."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.library.assessing import Assessing
from lms_tui.library.entries import Entries
from lms_tui.library.recording import Recording
from lms_tui.model.course import Course, Rules
from lms_tui.model.errors import BadInput, Unavailable
from lms_tui.model.events import Event, EventKind
from lms_tui.model.wire import AttemptRow, SyncReply, SyncRequest
from lms_tui.views.assessing import Entry, Standing, receipt
from lms_tui.views.nodes import SyncReport
from tests.cache.sample import PERSON, HeldClock
from tests.screens.sample import COURSE, ident

EXAM = ident("tides/exam")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday; where the clock stands
HOUR = timedelta(hours=1)


class Desk:
    """A cache with the exam, and a database that takes what is sent, or is not there."""

    def __init__(self, folder: Path, rules: Rules, enrols: bool = True) -> None:
        self.clock = HeldClock()
        self.cache = Cache.open(folder, PERSON, clock=self.clock)
        self.cache.content.put(with_exam(rules), content_version=1)
        self.entries = Entries(self.cache, lambda: UTC, enrols)
        self.assessing = Assessing(self.cache, self.entries, Recording(self.cache, enrols), self.sync)
        self.online = True
        self.batches: list[list[str]] = []
        self.rows: dict[str, AttemptRow] = {}

    async def sync(self) -> SyncReport:
        if not self.online:
            return SyncReport(state="offline", reason="The database cannot be reached (cut).")
        events = self.cache.outbox.pending()
        self.batches.append([event.kind for event in events if event.section == EXAM])
        for event in events:
            if event.section != EXAM:
                continue
            name = event.body.get("attempt", event.id)
            row = self.rows.get(name, AttemptRow(id=name, course=event.course, section=EXAM, started_at=event.at))
            handed = event.kind == EventKind.ANSWERED
            self.rows[name] = replace(row, at=event.at, received_at=self.clock.now(), standing="waiting") if handed else row
        self.tells(*self.rows.values())
        return SyncReport(state="idle")

    def tells(self, *rows: AttemptRow) -> None:
        """The database takes all that waits, and says how attempts stand."""
        events = self.cache.outbox.pending()
        request = SyncRequest(device=self.cache.device_id, sent_at=self.clock.now(), events=events, cursor=self.cache.mirror.cursor())
        verdicts = [[event.id, "applied", None, None] for event in events]

        reply = msgspec.convert(
            {"now": self.clock.now(), "epoch": "e", "version": (request.cursor.version or 0) + 1, "verdicts": verdicts}, SyncReply
        )
        self.cache.mirror.acknowledge(request, replace(reply, attempts=rows))
        self.rows |= {row.id: row for row in rows}

    def graded(self, score: float, **changes: Any) -> None:
        """The attempt that was handed in last is graded."""
        row = max(self.rows.values(), key=lambda row: row.id)
        self.tells(replace(row, standing="graded", score=Decimal(str(score)), **changes))

    def entry(self) -> Entry:
        return self.entries.of(EXAM)

    def recorded(self) -> list[str]:
        return [event.kind for event in self.cache.outbox.pending() if event.section == EXAM]

    async def hand_in(self) -> None:
        await self.assessing.hand_in(EXAM, {"exam-1": 1})


def with_exam(rules: Rules, hidden: bool = False) -> Course:
    parts: dict[str, Any] = {"rules": rules} | ({"questions": (), "hidden_questions": 2} if hidden else {})
    lessons = tuple(
        replace(lesson, sections=tuple(replace(one, **parts) if one.id == EXAM else one for one in lesson.sections))
        for lesson in COURSE.lessons
    )
    return replace(COURSE, lessons=lessons)


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[Any]:
    desks: list[Desk] = []

    def sit_down(enrols: bool = True, **rules: Any) -> Desk:
        desks.append(Desk(tmp_path, Rules(**rules), enrols))
        return desks[-1]

    yield sit_down
    for desk in desks:
        desk.cache.close()


async def test_the_card_says_what_enter_does(at_desk: Any) -> None:
    desk = at_desk(attempts=2, time_limit_seconds=1200, pass_mark=60)
    entry = desk.entry()
    assert (entry.may_start, entry.sentence) == (True, "Enter begins attempt 1 of 2; you have 20 min from then on.")
    assert (entry.attempts_used, entry.attempts_left, entry.seconds_left, entry.passed) == (0, 2, None, None)

    begun = await desk.assessing.start(EXAM)
    desk.clock.forward(minutes=5, seconds=30)
    entry = desk.entry()
    assert entry.under_way == begun
    assert (entry.may_start, entry.sentence) == (True, "Enter goes on with the attempt that began at 12:00; 14 min left.")
    assert (entry.attempts_used, entry.attempts_left, entry.seconds_left) == (1, 1, 870)
    assert (await desk.assessing.start(EXAM)).id == begun.id, "and begins no other one"

    await desk.hand_in()
    entry = desk.entry()
    assert (entry.may_start, entry.under_way) == (False, None)
    assert entry.sentence == "What you handed in is not sent yet; the next attempt can begin once the database has it."
    [queued] = entry.attempts
    assert (queued.id, queued.standing, queued.answered_at) == (begun.id, Standing.QUEUED, desk.clock.now())

    await desk.sync()
    assert [attempt.standing for attempt in desk.entry().attempts] == [Standing.RECEIVED]
    desk.graded(80)
    entry = desk.entry()
    assert (entry.best_score, entry.passed, entry.attempts[0].passed) == (80.0, True, True)
    assert entry.sentence == "Enter begins attempt 2 of 2; you have 20 min from then on."
    await desk.assessing.start(EXAM)
    await desk.hand_in()
    await desk.sync()
    desk.graded(40)
    entry = desk.entry()
    assert (entry.may_start, entry.sentence, entry.attempts_left) == (False, "All 2 attempts are used up.", 0)
    assert (entry.best_score, entry.passed, [one.passed for one in entry.attempts]) == (80.0, True, [True, False])


async def test_it_opens_and_closes(at_desk: Any) -> None:
    desk = at_desk(opens=NOON + 20 * HOUR, closes=NOON + 30 * HOUR)
    assert (desk.entry().may_start, desk.entry().sentence) == (False, "It opens on Tue 6 Jan 08:00.")
    desk.clock.forward(hours=13)
    assert desk.entry().sentence == "It opens at 08:00."
    with pytest.raises(BadInput, match="It opens at 08:00"):
        await desk.assessing.start(EXAM)
    desk.clock.forward(hours=8)
    await desk.assessing.start(EXAM)
    desk.clock.forward(hours=10)
    entry = desk.entry()
    assert (entry.may_start, entry.sentence, entry.under_way) == (False, "It closed at 18:00.", None)
    await desk.hand_in()
    assert desk.recorded() == ["attempt_started", "answered"], "what was written is kept all the same, and the database judges it"


async def test_an_attempt_under_way_whose_questions_are_not_here_says_when_they_come(at_desk: Any) -> None:
    desk = at_desk()
    await desk.assessing.start(EXAM)
    desk.cache.content.remove(str(COURSE.id))
    for opens, sentence in (
        (NOON + HOUR, "It opens at 13:00."),
        (NOON - HOUR, "It is open; its questions come as soon as the database can be reached."),
        (None, "It is open; its questions come as soon as the database can be reached."),
    ):
        desk.cache.content.put(with_exam(Rules(opens=opens), hidden=True), content_version=1)
        entry = desk.entry()
        assert (entry.may_start, entry.sentence) == (False, sentence)
        assert entry.under_way is not None


async def test_the_time_of_an_attempt_runs_out(at_desk: Any) -> None:
    desk = at_desk(time_limit_seconds=600)
    first = await desk.assessing.start(EXAM)
    desk.clock.forward(seconds=655)
    assert (desk.entry().under_way, desk.entry().seconds_left) == (first, 0), "a minute of grace"
    desk.clock.forward(seconds=10)
    entry = desk.entry()
    assert (entry.under_way, entry.seconds_left, [one.standing for one in entry.attempts]) == (None, None, [Standing.LATE])
    second = await desk.assessing.start(EXAM)
    assert second.id != first.id
    await desk.hand_in()
    assert [(one.id, one.standing) for one in desk.entry().attempts] == [(first.id, Standing.LATE), (second.id, Standing.QUEUED)]


async def test_answers_whose_time_is_over_belong_to_their_attempt(at_desk: Any) -> None:
    desk = at_desk(time_limit_seconds=600)
    first = await desk.assessing.start(EXAM)
    desk.clock.forward(hours=1)
    await desk.hand_in()
    assert [event.body.get("attempt") for event in desk.cache.outbox.pending() if event.kind == "answered"] == [first.id]


async def test_an_answer_without_an_attempt_begins_one(at_desk: Any) -> None:
    desk = at_desk(attempts=1)
    await desk.hand_in()
    assert desk.recorded() == ["attempt_started", "answered"]
    await desk.sync()
    with pytest.raises(BadInput, match="The one attempt is used up"):
        await desk.hand_in()
    assert desk.recorded() == []


async def test_a_wrong_answer_file_uses_up_nothing(at_desk: Any) -> None:
    desk = at_desk()
    for wrong in ({}, {"exam-9": 1}, {"exam-1": "Ebb"}):
        with pytest.raises(BadInput):
            await desk.assessing.hand_in(EXAM, wrong)
    assert desk.recorded() == []


async def test_a_connection_that_is_needed_and_not_there(at_desk: Any) -> None:
    desk = at_desk(connection="required", time_limit_seconds=600)
    assert desk.entry().sentence == "Enter begins attempt 1; you have 10 min from then on; the database has to be reached."
    desk.online = False
    with pytest.raises(Unavailable, match=r"needs a connection\. The database cannot be reached"):
        await desk.assessing.start(EXAM)
    assert desk.recorded() == []
    desk.online = True
    await desk.assessing.start(EXAM)
    assert desk.batches == [[], ["attempt_started"]]
    desk.online = False
    await desk.hand_in()
    [queued] = desk.entry().attempts
    assert queued.standing is Standing.QUEUED, "work is never lost"
    desk.online = True
    await desk.sync()
    assert desk.batches[-1] == ["answered"]


async def test_a_beginning_that_was_cut_off_goes_before_the_answers(at_desk: Any) -> None:
    desk = at_desk(connection="required")
    whole: Callable[[], Awaitable[SyncReport]] = desk.sync

    async def once() -> SyncReport:
        report = await whole()
        desk.online = False
        return report

    desk.assessing._sync = once
    with pytest.raises(Unavailable, match="does not have the beginning"):
        await desk.assessing.start(EXAM)
    desk.online, desk.assessing._sync = True, whole
    await desk.hand_in()
    assert desk.batches == [[], ["attempt_started"], ["answered"]]


async def test_a_beginning_that_is_refused_is_told(at_desk: Any) -> None:
    desk = at_desk(connection="required")

    async def refuses() -> SyncReport:
        for event in desk.cache.outbox.pending():
            desk.cache.outbox.refuse(event.id, "not_enrolled", "")
        return SyncReport(state="idle")

    desk.assessing._sync = refuses
    with pytest.raises(BadInput, match="did not take the beginning"):
        await desk.assessing.start(EXAM)
    assert desk.entry().attempts == ()


@pytest.mark.parametrize("connection", ["optional", "required"])
async def test_two_at_once_begin_one(at_desk: Any, connection: str) -> None:
    desk = at_desk(attempts=3, connection=connection)
    begun = await asyncio.gather(*(desk.assessing.start(EXAM) for _ in range(2)))
    assert begun[0] == begun[1]
    assert desk.entry().attempts_used == 1


@pytest.mark.parametrize("connection", ["optional", "required"])
@pytest.mark.parametrize("under_way", [True, False])
async def test_two_at_once_hand_in_one(at_desk: Any, connection: str, under_way: bool) -> None:
    desk = at_desk(attempts=3, connection=connection)
    if under_way:
        await desk.assessing.start(EXAM)
    done = await asyncio.gather(desk.hand_in(), desk.hand_in(), return_exceptions=True)
    assert [type(one) for one in done] == [type(None), BadInput]
    assert (desk.entry().attempts_used, len(desk.entry().attempts)) == (1, 1)


async def test_two_windows_at_once_use_up_one_attempt(at_desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program recorded between a decision and its event is seen in the transaction that records it."""
    desk = at_desk(attempts=3)
    other = Desk(tmp_path, Rules(attempts=3))
    record: Callable[..., tuple[Event, ...]] = desk.cache.outbox.record

    def first(what: Callable[[], Coroutine[Any, Any, object]]) -> None:
        def after_the_other(events: Sequence[Event], **parts: Any) -> tuple[Event, ...]:
            monkeypatch.undo()
            asyncio.run(what())
            return record(events, **parts)

        monkeypatch.setattr(desk.cache.outbox, "record", after_the_other)

    first(lambda: other.assessing.start(EXAM))
    begun = await desk.assessing.start(EXAM)
    assert (desk.recorded(), desk.entry().attempts_used) == (["attempt_started"], 1)
    first(other.hand_in)
    with pytest.raises(BadInput, match="handed in at the same moment"):
        await desk.hand_in()
    assert [(one.id, one.standing) for one in desk.entry().attempts] == [(begun.id, Standing.QUEUED)]
    assert desk.recorded() == ["attempt_started", "answered"]
    other.cache.close()


async def test_closing_has_no_grace(at_desk: Any) -> None:
    desk = at_desk(closes=NOON + HOUR, time_limit_seconds=7200)
    await desk.assessing.start(EXAM)
    desk.clock.forward(hours=1, seconds=1)
    assert (desk.entry().under_way, desk.entry().attempts[0].standing) == (None, Standing.LATE)


async def test_an_answer_without_a_beginning_that_does_not_count_uses_up_nothing(at_desk: Any) -> None:
    desk = at_desk(attempts=1, time_limit_seconds=600)
    desk.tells(AttemptRow(id=ident("old"), course=str(COURSE.id), section=EXAM, at=NOON, received_at=NOON, standing="late"))
    entry = desk.entry()
    assert (entry.attempts_used, entry.may_start) == (0, True)
    assert receipt(entry.attempts[0], entry, UTC, NOON).endswith("because nothing says when it was begun.")


async def test_another_devices_attempt_is_gone_on_with(at_desk: Any) -> None:
    desk = at_desk(attempts=1)
    elsewhere = AttemptRow(id="018f0000-0000-7000-8000-0000000fffff", course=str(COURSE.id), section=EXAM, started_at=NOON)
    desk.tells(elsewhere)
    assert desk.entry().under_way is not None
    begun = await desk.assessing.start(EXAM)
    assert (begun.id, begun.receipt, desk.recorded()) == (elsewhere.id, "ZZZZ", [])


async def test_who_does_not_take_the_course_is_told_so(at_desk: Any) -> None:
    desk = at_desk(enrols=False)
    assert desk.entry().sentence == "Take the course first, so that an attempt can count."
    desk.cache.outbox.record([desk.cache.event(EventKind.ENROLLED, course=str(COURSE.id))])
    assert desk.entry().may_start


async def test_what_a_person_is_told_of_an_attempt(at_desk: Any) -> None:
    desk = at_desk(closes=NOON + 150 * HOUR, attempts=3)

    def words() -> str:
        entry = desk.entry()
        return receipt(entry.attempts[-1], entry, UTC, desk.clock.now())

    begun = await desk.assessing.start(EXAM)
    assert words() == f"Not handed in yet, id {begun.receipt}."
    desk.clock.forward(hours=2, seconds=22)
    await desk.hand_in()
    assert words() == f"Queued 14:00:22, id {begun.receipt}; it will count as 14:00:22 if sent before Sun 11 Jan 18:00."
    desk.clock.forward(seconds=8)
    await desk.sync()
    assert words() == f"Received 14:00:30, id {begun.receipt}."
    desk.graded(50)
    assert words() == f"Received 14:00:30, id {begun.receipt}."
    desk.tells(replace(next(iter(desk.rows.values())), standing="late"))
    assert words() == f"Received 14:00:30, id {begun.receipt}; it is kept and does not count, because it came too late."


def test_another_section_has_no_card(at_desk: Any) -> None:
    desk = at_desk()
    with pytest.raises(BadInput, match="is not an assessment"):
        desk.entries.of(ident("tides/film"))
