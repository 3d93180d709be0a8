"""An assessment on screen: the entry card, the time that runs, sending, and the receipt."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.pilot import Pilot

from lms_tui.library import Change, Library
from lms_tui.model.course import Course, Rules
from lms_tui.model.events import EventKind
from lms_tui.model.question import Kind, Question
from lms_tui.model.wire import AttemptRow, Outcome, SyncReply, SyncRequest, Verdict
from lms_tui.screens import assessment
from lms_tui.screens.assessment import AssessmentScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.reading import ReadingScreen
from tests.cache.sample import HeldClock
from tests.screens.driving import Clock, opened, press, said, settled, shows, text_of, write
from tests.screens.sample import COURSE, KEYS, ident, put_into_cache

EXAM = ident("tides/exam")
SIZES = {"narrow": (60, 20), "usual": (80, 24), "wide": (140, 45)}
TIMED = Rules(attempts=2, time_limit_seconds=720, pass_mark=60.0)


@pytest.fixture(autouse=True)
def no_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of tests are always meant for what is on the screen, and no time is studied."""
    monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)
    Clock(monkeypatch)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


def course_with(rules: Rules, questions: tuple[Question, ...] | None = None) -> Course:
    """The course, its exam with these rules, and with these questions in place of its own."""
    shore = COURSE.lessons[1]
    exam = next(section for section in shore.sections if section.id == EXAM)
    exam = replace(exam, rules=rules, questions=exam.questions if questions is None else questions)
    sections = tuple(exam if section.id == EXAM else section for section in shore.sections)
    return replace(COURSE, lessons=(COURSE.lessons[0], replace(shore, sections=sections)))


def with_exam(rules: Rules = TIMED, questions: tuple[Question, ...] | None = None) -> None:
    """A library that has that course."""
    put_into_cache(course_with(rules, questions))


async def republish(pilot: Pilot[None], rules: Rules = TIMED, questions: tuple[Question, ...] | None = None) -> None:
    """The course comes anew while the app is open."""
    library = library_of(pilot)
    library._cache.content.put(course_with(rules, questions), content_version=2, keys=KEYS)
    assert library.listener is not None
    library.listener(Change.CONTENT)
    await settled(pilot)


def library_of(pilot: Pilot[None]) -> Library:
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return library


def recorded(pilot: Pilot[None], kind: EventKind) -> list[dict[str, Any]]:
    """The bodies of the recorded events of a kind, in order."""
    return [event.body for event in library_of(pilot)._cache.outbox.pending() if event.kind == kind]


def screen_of(pilot: Pilot[None]) -> AssessmentScreen:
    screen = pilot.app.screen
    assert isinstance(screen, AssessmentScreen)
    return screen


async def to_the_card(pilot: Pilot[None]) -> str:
    return await press(pilot, "o", "home", *["down"] * 7, "enter")


async def go_on(pilot: Pilot[None], clock: HeldClock, seconds: int) -> str:
    """Time goes by on the wall, and the screen hears it tick."""
    clock.forward(seconds=seconds)
    screen = pilot.app.screen
    assert isinstance(screen, AssessmentScreen)
    screen.beat()
    await settled(pilot)
    return text_of(pilot)


async def answer_all(pilot: Pilot[None]) -> str:
    await press(pilot, "1", "enter")
    await write(pilot, "Kiel")
    return await press(pilot, "enter")


def post(pilot: Pilot[None], *keys: str) -> None:
    """Keys as a terminal gives them, whatever the app is doing."""
    for key in keys:
        pilot.app.post_message(events.Key(key, None))


async def test_the_card_says_what_is_asked_and_starts_nothing(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        shown = await to_the_card(pilot)
        for words in ("The exam", "2 questions · 2 points", "2 of 2 left", "12 min", "60 %", "needs a connection  no"):
            assert words in shown
        assert "Ebb or flood?" not in shown
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []


async def test_enter_starts_and_the_time_runs_in_sight(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter")
        assert "Ebb or flood?" in shown
        assert "1 of 2 · 12 min left" in shown
        assert "1 of 2 · 7 min left" in await go_on(pilot, clock, 300)
        assert "1 of 2 · 41 s left" in await go_on(pilot, clock, 379)
        assert len(recorded(pilot, EventKind.ATTEMPT_STARTED)) == 1


async def test_the_last_minutes_are_told_once_each(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        for _ in range(710):
            clock.forward(seconds=1)
            pilot.app.screen.beat()  # type: ignore[attr-defined]  # the screen of an assessment has it
        await settled(pilot)
        assert said(pilot) == "5 min left. 1 min left."


async def test_without_a_limit_no_time_is_shown(clock: HeldClock) -> None:
    with_exam(Rules(attempts=2))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        assert "question 1 of 2" in await press(pilot, "enter")
        assert "left" not in await go_on(pilot, clock, 3600)


async def test_questions_in_any_order_and_an_answer_needs_no_key_to_count(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "f8")
        await write(pilot, "Kiel")
        shown = await press(pilot, "f7")
        assert "Ebb or flood?" in shown
        assert "[○] ●" in shown
        shown = await press(pilot, "f10")
        assert "1 of 2 questions answered" in shown
        assert "○ not answered" in shown
        assert "Ebb or flood?" in (await press(pilot, "[")).splitlines()[4]
        assert "1 of 2 questions answered" in await press(pilot, "]", "f8")


async def test_leaving_says_that_the_time_goes_on_and_enter_goes_on(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "2", "enter", "escape")
        assert shows(pilot, OutlineScreen)
        assert "The time goes on: 12 min left." in said(pilot)
        clock.forward(seconds=240)
        shown = await press(pilot, "enter")
        assert "Enter go on" in shown
        shown = await press(pilot, "enter")
        assert "2 of 2 · 8 min left" in shown
        assert " ● [○]" in shown


async def test_an_attempt_goes_on_in_a_new_app(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "2", "enter")
        await write(pilot, "Ki")
    clock.forward(seconds=60)
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter")
        assert "11 min left" in shown
        assert "2 of 2 questions answered" in shown
        assert "Ki" in await press(pilot, "[")
        assert len(recorded(pilot, EventKind.ATTEMPT_STARTED)) == 1


async def test_when_the_time_is_up_what_is_answered_is_handed_in_once(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1")
        await go_on(pilot, clock, 719)
        shown = await go_on(pilot, clock, 1)
        assert "The time is up. What you have answered is handed in." in said(pilot)
        assert "○ Saved here, not sent yet" in shown
        await go_on(pilot, clock, 1)
        [body] = recorded(pilot, EventKind.ANSWERED)
        assert body["responses"] == {ident("exam-1"): 1}


async def test_a_time_that_ran_out_while_the_app_was_closed_is_handed_in_on_the_card(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1")
    clock.forward(hours=2)
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await go_on(pilot, clock, 1)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


async def test_when_the_time_is_up_and_nothing_was_answered_it_is_said(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        shown = await go_on(pilot, clock, 720)
        assert "The time is up, and nothing was answered." in said(pilot)
        assert "2 questions · 2 points" in shown


async def test_an_attempt_that_was_never_answered_takes_nothing_from_the_next(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        await go_on(pilot, clock, 3600)
        assert "1 of 2 left" in text_of(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        await press(pilot, "enter")
        first, second = library_of(pilot).entry(EXAM).attempts
        shown = await press(pilot, "a")
        assert f"! late · 00:00 · id {first.receipt}" in shown
        assert [body["attempt"] for body in recorded(pilot, EventKind.ANSWERED)] == [second.id]


async def test_sending_gives_a_receipt(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        assert "2 of 2 questions answered" in await answer_all(pilot)
        queued = library_of(pilot).status().queued
        shown = await press(pilot, "enter")
        [attempt] = library_of(pilot).entry(EXAM).attempts
        assert "○ Saved here, not sent yet" in shown
        assert f"id {attempt.receipt}" in shown
        assert library_of(pilot).status().queued == queued + 1
        assert library_of(pilot).drafts(EXAM) == {}
        shown = await press(pilot, "a")
        assert f"○ queued · 00:00 · id {attempt.receipt}" in shown


async def test_a_receipt_says_until_when_it_has_to_be_sent(clock: HeldClock) -> None:
    with_exam(replace(TIMED, closes=clock.at + timedelta(days=2)))
    async with opened(clock=clock) as pilot:
        assert "Wed 7 Jan 00:00, in 2 days" in await to_the_card(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        shown = " ".join((await press(pilot, "enter")).split())
        assert "if sent before Wed 7 Jan 00:00" in shown


def the_database_says(pilot: Pilot[None], standing: str, score: str | None = None) -> None:
    """Everything that waits has arrived, and the last attempt stands so."""
    library = library_of(pilot)
    cache = library._cache
    pending, now = cache.outbox.pending(), cache.clock.now()
    attempt = library.entry(EXAM).attempts[-1]
    request = SyncRequest(device=cache.device_id, sent_at=now, cursor=cache.mirror.cursor(), events=tuple(pending))
    row = AttemptRow(
        id=attempt.id, course=ident("tides"), section=EXAM, started_at=attempt.started_at, at=attempt.answered_at, received_at=now,
        standing=standing, score=None if score is None else Decimal(score),
    )  # fmt: skip
    verdicts = tuple(Verdict(event_id=event.id, outcome=Outcome.APPLIED) for event in pending)
    cache.mirror.acknowledge(request, SyncReply(now=now, epoch="e", version=1, verdicts=verdicts, attempts=(row,)))
    assert library.listener is not None
    library.listener(Change.PROGRESS)


@pytest.mark.parametrize(
    ("score", "told"),
    [("80", "✓ Passed · 80 % · pass mark 60 %"), ("40", "✗ Not passed · 40 % · pass mark 60 %")],
)
async def test_the_grade_comes_while_one_looks(clock: HeldClock, score: str, told: str) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        assert "○ Saved here, not sent yet" in await press(pilot, "enter")
        the_database_says(pilot, "waiting")
        await settled(pilot)
        assert "● Handed in" in text_of(pilot)
        the_database_says(pilot, "graded", score)
        await settled(pilot)
        [attempt] = library_of(pilot).entry(EXAM).attempts
        assert told in text_of(pilot)
        assert f"Received 00:00:00, id {attempt.receipt}" in text_of(pilot)
        shown = await press(pilot, "a")
        assert f"best score          {score} %" in shown
        assert f"graded · 00:00 · {score} % · " in shown


@pytest.mark.parametrize(("standing", "why"), [("late", "came too late"), ("over_limit", "were used up"), ("early", "was not open yet")])
async def test_what_does_not_count_is_said_to_be_kept(clock: HeldClock, standing: str, why: str) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        await press(pilot, "enter")
        the_database_says(pilot, standing)
        await settled(pilot)
        shown = " ".join(text_of(pilot).split())
        assert f"! {standing.replace('over_', 'over the ').capitalize()}" in shown
        assert "kept and does not count" in shown
        assert why in shown


async def test_what_one_marks_oneself_in_practice_is_for_a_person_to_judge(clock: HeldClock) -> None:
    own = Question(key="s", id=ident("exam-s"), kind=Kind.SELF_MARKED, prompt="Explain.")
    with_exam(questions=(own,))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        assert "only a person can judge" in await press(pilot, "enter")
        await write(pilot, "Because.")
        assert "1 of 1 question answered" in await press(pilot, "f4")
        assert "1 answer is for a person to judge" in await press(pilot, "enter")


async def test_what_is_open_is_asked_about_once(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "enter", "f3")
        assert "Nothing is sent before you press Enter." in text_of(pilot)
        assert "! 1 question has no answer. Enter sends all the same." in await press(pilot, "enter")
        assert "! 1 question" not in await press(pilot, "escape")
        await press(pilot, "enter")
        assert recorded(pilot, EventKind.ANSWERED) == []
        await press(pilot, "enter")
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


async def test_keys_that_are_offered_do_something(clock: HeldClock) -> None:
    with_exam()
    async with opened((140, 45), clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        titles = [command.title for command in screen_of(pilot).commands()]
        assert "Next question" in titles
        assert "Previous question" not in titles, "it is the first one"
        await press(pilot, "1", "v")
        titles = [command.title for command in screen_of(pilot).commands()]
        assert "Previous question" in titles
        assert "Next question" not in titles
        bar = (await press(pilot, "enter")).splitlines()[-2]
        assert "Esc not yet" in bar
        assert "leave" not in bar
        bar = (await press(pilot, "escape")).splitlines()[-2]
        assert "Esc leave" in bar
        assert recorded(pilot, EventKind.ANSWERED) == []


async def test_nothing_at_all_cannot_be_sent(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter", "v")
        assert "There is nothing to send yet." in shown
        await press(pilot, "enter", "enter")
        assert recorded(pilot, EventKind.ANSWERED) == []
        assert "Ebb or flood?" in await press(pilot, "r")


async def test_enter_twice_is_one_start_and_one_hand_in(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        post(pilot, "enter", "enter")
        await settled(pilot)
        assert len(recorded(pilot, EventKind.ATTEMPT_STARTED)) == 1
        await answer_all(pilot)
        post(pilot, "enter", "enter")
        await settled(pilot)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


async def test_keys_meant_for_the_screen_before_start_and_send_nothing(clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    with_exam()
    monkeypatch.setattr(assessment, "_CALM_SECONDS", 3600)
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []
        monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)
        await press(pilot, "enter")
        await answer_all(pilot)
        monkeypatch.setattr(assessment, "_CALM_SECONDS", 3600)
        assert "2 of 2 questions answered" in await press(pilot, "enter")
        assert recorded(pilot, EventKind.ANSWERED) == []


async def test_all_attempts_used_is_said_and_enter_goes_on(clock: HeldClock) -> None:
    with_exam(replace(TIMED, attempts=1))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        assert "This was the last attempt." in await press(pilot, "enter")
        shown = await press(pilot, "a")
        assert "0 of 1 left" in shown
        assert "Enter goes on to Goodbye" in shown
        await press(pilot, "enter")
        assert shows(pilot, ReadingScreen)
        assert len(recorded(pilot, EventKind.ATTEMPT_STARTED)) == 1


async def test_what_is_not_open_yet_or_closed_is_said_with_its_time(clock: HeldClock) -> None:
    for rules, name, when in (
        (replace(TIMED, opens=clock.at + timedelta(days=2)), "opens", "Wed 7 Jan 00:00, in 2 days"),
        (replace(TIMED, closes=clock.at - timedelta(days=1)), "closes", "Sun 4 Jan 00:00, 1 day ago"),
    ):
        with_exam(rules)
        async with opened(clock=clock) as pilot:
            shown = await to_the_card(pilot)
            assert f"{name:<20}{when}" in shown
            assert f"It {name[:-1]}" in shown.split("needs a connection")[1]
            assert "Enter start" not in shown
            await press(pilot, "enter")
            assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []


async def test_a_second_attempt_begins_with_nothing_answered(clock: HeldClock) -> None:
    with_exam(replace(TIMED, attempts=None))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter")
        await answer_all(pilot)
        await press(pilot, "enter")
        the_database_says(pilot, "graded", "50")
        await settled(pilot)
        assert "You may take it again." in text_of(pilot)
        assert "Enter begins attempt 2" in await press(pilot, "a")
        assert "[○] ○   not answered" in await press(pilot, "enter")


async def test_the_keys_are_those_of_the_moment(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        for keys, titles in (
            ((), {"Start"}),
            (("enter",), {"Keep the answer", "Skip", "Review", "Next question"}),
            (("f8",), {"Keep the answer", "Skip", "Review", "Next question", "Previous question"}),
            (("f7", "1", "v"), {"Send all answers", "Answer the rest", "Previous question"}),
            (("enter", "enter"), {"Go on", "All attempts"}),
        ):
            await press(pilot, *keys)
            screen = pilot.app.screen
            assert isinstance(screen, AssessmentScreen)
            here = {command.title for command in screen.commands() if command.id.startswith("assessment.")}
            assert here == {*titles, "Outline", "Leave"}


async def test_home_says_that_nothing_begins_yet(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        assert "Enter shows what is asked; no attempt begins yet" in await press(pilot, "escape", "escape")


async def test_no_questions_no_start(clock: HeldClock) -> None:
    with_exam(questions=())
    async with opened(clock=clock) as pilot:
        assert "There are no questions in this assessment yet." in await to_the_card(pilot)
        await press(pilot, "enter")
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []


async def test_what_needs_a_connection_is_not_started_without_one(clock: HeldClock) -> None:
    with_exam(replace(TIMED, connection="required"))
    async with opened(clock=clock) as pilot:
        assert "needs a connection  yes" in await to_the_card(pilot)
        shown = await press(pilot, "enter")
        assert "Ebb or flood?" not in shown
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []


async def test_a_database_out_of_reach_is_told_where_it_is_needed(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        assert "cannot be reached" not in await press(pilot, "enter")
        await republish(pilot, replace(TIMED, connection="required"))
        assert "! The database cannot be reached, and the time goes on." in " ".join(text_of(pilot).split())


async def test_questions_that_change_while_one_answers_are_asked_as_they_are_now(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "enter")
        await write(pilot, "Kiel")
        exam = COURSE.lessons[1].sections[2]
        await republish(pilot, questions=exam.questions[1:])
        assert "1 of 1 · 12 min left" in text_of(pilot)
        assert "Kiel" in text_of(pilot)
        await press(pilot, "f10", "enter")
        [body] = recorded(pilot, EventKind.ANSWERED)
        assert body["responses"] == {ident("exam-2"): "Kiel"}


async def test_an_assessment_that_closes_soon_shows_its_time_and_is_handed_in(clock: HeldClock) -> None:
    with_exam(Rules(closes=clock.at + timedelta(hours=2)))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        assert "question 1 of 2" in await press(pilot, "enter", "1")
        assert "1 of 2 · 30 min left" in await go_on(pilot, clock, 5400)
        await go_on(pilot, clock, 1800)
        assert "The time is up." in said(pilot)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


async def test_an_attempt_handed_in_elsewhere_leads_back_to_the_card(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1")
        library = library_of(pilot)
        await library.answer(EXAM, {"exam-1": 2})
        await settled(pilot)
        assert "This attempt was handed in elsewhere." in said(pilot)
        assert "2 questions · 2 points" in text_of(pilot)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


async def test_half_an_answer_is_sent_where_it_can_be_graded(clock: HeldClock) -> None:
    gaps = Question(key="g", id=ident("exam-g"), kind=Kind.BLANKS, prompt="[[1]] and [[2]]", gaps=((), ()))
    row = Question(key="o", id=ident("exam-o"), kind=Kind.ORDER, prompt="Order", options=("a", "b"))
    with_exam(questions=(gaps, row))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "m", "f8", "1", "f10")
        assert "! 2 answers are unfinished. Enter sends all the same." in await press(pilot, "enter")
        await press(pilot, "enter")
        [body] = recorded(pilot, EventKind.ANSWERED)
        assert body["responses"] == {ident("exam-g"): ["m", ""]}
        assert library_of(pilot).drafts(EXAM) == {}


async def test_the_mouse_starts_goes_about_and_sends(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        shown = await to_the_card(pilot)
        line = next(number for number, line in enumerate(shown.splitlines()) if line.strip().startswith("Enter begins"))
        await pilot.click(offset=(8, line))
        await settled(pilot)
        await answer_all(pilot)
        await pilot.click("Review", offset=(5, 4))
        await settled(pilot)
        assert "Name a harbour." in text_of(pilot)
        await pilot.click("ProgressDots", offset=(2, 0))
        await settled(pilot)
        assert "Ebb or flood?" in text_of(pilot)
        await press(pilot, "v")
        await pilot.click("KeyBar", offset=(3, 0))
        await settled(pilot)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1


LOOKS = {
    "card": (),
    "running": ("enter",),
    "review": ("enter", "1", "v"),
    "sent": ("enter", "1", "v", "enter", "enter"),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
async def test_look(clock: HeldClock, fixed_ids: None, snapshot: SnapshotAssertion, size: str, look: str) -> None:
    with_exam()
    async with opened(size=SIZES[size], clock=clock) as pilot:
        await to_the_card(pilot)
        assert await press(pilot, *LOOKS[look]) == snapshot


@pytest.fixture
def fixed_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts of snapshots are the same each time."""
    numbers = count(1)
    monkeypatch.setattr("lms_tui.cache.store.os.urandom", lambda size: next(numbers).to_bytes(size, "big"))
