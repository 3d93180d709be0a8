"""An attempt whose time runs out while the person is elsewhere in the app is handed in all the same, and in time."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from lms_tui.app import LmsApp
from lms_tui.model.course import Rules
from lms_tui.model.events import EventKind
from lms_tui.screens.home import HomeScreen
from tests.cache.sample import HeldClock
from tests.screens.driving import opened, press, said, settled, shows
from tests.screens.exam import EXAM, TIMED, library_of, recorded, to_the_card, with_exam
from tests.screens.sample import COURSE, ident, put_into_cache

pytestmark = pytest.mark.usefixtures("no_calm")


async def look(pilot: Pilot[None]) -> None:
    """The app looks for attempts whose time is up, as it does again and again."""
    assert isinstance(pilot.app, LmsApp)
    await pilot.app.hand_in_overdue()
    await settled(pilot)


@pytest.mark.parametrize("by", ["its limit", "closing"])
async def test_what_is_answered_is_handed_in_from_elsewhere(by: str) -> None:
    clock = HeldClock()
    with_exam(TIMED if by == "its limit" else Rules(closes=clock.at + timedelta(minutes=12)))
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "escape", "escape")
        assert shows(pilot, HomeScreen)
        clock.forward(seconds=704)
        await look(pilot)
        assert recorded(pilot, EventKind.ANSWERED) == []
        clock.forward(seconds=2 if by == "closing" else 16)
        await look(pilot)
        await look(pilot)
        assert [body["responses"] for body in recorded(pilot, EventKind.ANSWERED)] == [{ident("exam-1"): 1}]
        assert "The time of “The exam” is up. What you had answered is handed in." in said(pilot)


async def test_one_that_cannot_be_handed_in_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    clock = HeldClock()
    with_exam()
    question = replace(COURSE.lessons[1].sections[2].questions[0], id=ident("left-1"))
    first = "00000000-0000-7000-8000-000000000001"
    exam = replace(COURSE.lessons[1].sections[2], id=first, title="The first exam", rules=TIMED, questions=(question,))
    put_into_cache(
        replace(COURSE, slug="left", id=ident("left"), lessons=(replace(COURSE.lessons[1], id=ident("left/1"), sections=(exam,)),))
    )
    async with opened(clock=clock) as pilot:
        library = library_of(pilot)
        for section, question_id in ((first, ident("left-1")), (EXAM, ident("exam-1"))):
            await library.start_attempt(section)
            await library.save_draft(section, question_id, 1)
        await library.leave("left")
        library._recording._enrols = False  # as in an institution
        clock.forward(seconds=721)
        await look(pilot)
        assert [body["responses"] for body in recorded(pilot, EventKind.ANSWERED)] == [{ident("exam-1"): 1}]
        assert "The time of “The exam” is up." in said(pilot)
        assert "The first exam" not in said(pilot)
        assert "You do not take" in caplog.text


async def test_an_assessment_that_is_shown_hands_itself_in() -> None:
    clock = HeldClock()
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1")
        clock.forward(seconds=721)
        await look(pilot)
        assert "The time of" not in said(pilot)


async def test_where_nothing_was_answered_nothing_is_sent() -> None:
    clock = HeldClock()
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "escape", "escape")
        clock.forward(seconds=721)
        await look(pilot)
        assert recorded(pilot, EventKind.ANSWERED) == []
        assert "is up" not in said(pilot)
