"""An assessment on screen: handing in, by hand and when the time is up, the receipt, and the grade."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from lms_tui.model.course import Rules
from lms_tui.model.events import EventKind
from lms_tui.model.question import Kind, Question
from lms_tui.screens import assessment
from tests.cache.sample import HeldClock
from tests.screens.driving import opened, press, said, settled, text_of, write
from tests.screens.exam import (
    EXAM,
    TIMED,
    answer_all,
    begin,
    go_on,
    library_of,
    post,
    recorded,
    screen_of,
    the_database_says,
    to_the_card,
    with_exam,
)
from tests.screens.sample import ident

pytestmark = pytest.mark.usefixtures("no_calm")


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
        await begin(pilot)
        shown = await go_on(pilot, clock, 720)
        assert "The time is up, and nothing was answered." in said(pilot)
        assert "2 questions · 2 points" in shown


async def test_an_attempt_that_was_never_answered_takes_nothing_from_the_next(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await begin(pilot)
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
        await begin(pilot)
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
        assert "1 attempt left." in shown
        assert "attempt left" not in await go_on(pilot, clock, 3 * 24 * 3600)


@pytest.mark.parametrize(
    ("score", "told"),
    [("80", "✓ Passed · 80 % · pass mark 60 %"), ("40", "✗ Not passed · 40 % · pass mark 60 %")],
)
async def test_the_grade_comes_while_one_looks(clock: HeldClock, score: str, told: str) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await begin(pilot)
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
        await begin(pilot)
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
        await begin(pilot)
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
        await begin(pilot)
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []
        monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)
        await press(pilot, "enter")
        await answer_all(pilot)
        monkeypatch.setattr(assessment, "_CALM_SECONDS", 3600)
        assert "2 of 2 questions answered" in await press(pilot, "enter")
        assert recorded(pilot, EventKind.ANSWERED) == []


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
