"""An assessment on screen: the entry card, the questions, and the time that runs."""

from datetime import timedelta
from itertools import count

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from lms_tui.library.backend import Backend
from lms_tui.model.course import Rules
from lms_tui.model.errors import Unavailable
from lms_tui.model.events import EventKind
from lms_tui.screens import attempt
from lms_tui.screens.assessment import AssessmentScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.reading import ReadingScreen
from tests.cache.sample import HeldClock
from tests.screens.driving import opened, press, said, settled, shows, text_of, write
from tests.screens.exam import (
    EXAM,
    TIMED,
    answer_all,
    begin,
    course_with,
    go_on,
    recorded,
    republish,
    screen_of,
    the_database_says,
    to_the_card,
    with_exam,
)
from tests.screens.sample import COURSE, KEYS, ident, put_into_cache

pytestmark = pytest.mark.usefixtures("no_calm")
SIZES = {"narrow": (60, 20), "usual": (80, 24), "wide": (140, 45)}


async def test_the_card_says_what_is_asked_and_starts_nothing(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        shown = await to_the_card(pilot)
        for words in ("The exam", "2 questions · 2 points", "2 of 2 left", "12 min", "60 %", "needs a connection  no"):
            assert words in shown
        assert "Ebb or flood?" not in shown
        assert recorded(pilot, EventKind.ATTEMPT_STARTED) == []


async def test_questions_that_were_hidden_come_when_it_opens(clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(TIMED, opens=clock.now() + timedelta(minutes=5))
    asked: list[str] = []
    reread: list[AssessmentScreen] = []

    async def fetch(backend: Backend, ref: str) -> None:
        asked.append(ref)
        if len(asked) == 1:
            raise Unavailable("The database cannot be reached (cut).")
        backend._cache.content.put(course_with(rules), content_version=1, keys=KEYS)
        backend._tell("content")

    def read(screen: AssessmentScreen) -> None:
        reread.append(screen)
        whole(screen)

    whole = AssessmentScreen.reread
    monkeypatch.setattr(Backend, "fetch_course", fetch)
    monkeypatch.setattr(attempt, "_ASK_AGAIN_SECONDS", 0)
    put_into_cache(course_with(rules, (), hidden=2))
    async with opened(clock=clock) as pilot:
        shown = await to_the_card(pilot)
        assert "2 questions" in shown
        assert "It opens at" in shown
        monkeypatch.setattr(AssessmentScreen, "reread", read)
        await go_on(pilot, clock, 60)
        assert asked == []
        shown = await go_on(pilot, clock, 300)
        assert (asked, reread) == ([EXAM], [])
        assert "It is open; its questions come as soon as the database can be reached." in shown
        shown = await go_on(pilot, clock, 10)
        assert reread == [screen_of(pilot)]
        assert "2 questions · 2 points" in shown
        assert "Ebb or flood?" in await press(pilot, "enter")
        assert asked == [EXAM, EXAM]


async def test_the_card_turns_when_it_opens_and_closes(clock: HeldClock) -> None:
    with_exam(Rules(opens=clock.now() + timedelta(minutes=5), closes=clock.now() + timedelta(minutes=10)))
    async with opened(clock=clock) as pilot:
        assert "It opens at" in await to_the_card(pilot)
        assert "Enter begins attempt 1." in await go_on(pilot, clock, 300)
        assert "It closed at" in await go_on(pilot, clock, 301)


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
        await begin(pilot)
        for _ in range(710):
            clock.forward(seconds=1)
            pilot.app.screen.beat()  # type: ignore[attr-defined]  # the screen of an assessment has it
        await settled(pilot)
        assert said(pilot) == "5 min left. 1 min left."


async def test_a_warning_stays_when_one_writes_and_when_another_question_is_asked(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "enter")
        assert "Choose an option first" in said(pilot)
        await press(pilot, "f8")
        assert said(pilot) == ""
        await go_on(pilot, clock, 425)
        assert said(pilot) == "5 min left."
        await press(pilot, "K", "f7", "f8")
        assert said(pilot) == "5 min left."


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


async def test_all_attempts_used_is_said_and_enter_goes_on(clock: HeldClock) -> None:
    with_exam(replace(TIMED, attempts=1))
    async with opened(clock=clock) as pilot:
        await begin(pilot)
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
        await begin(pilot)
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
            here = {command.title for command in screen.commands() if command.id.startswith(("assessment.", "question."))}
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
