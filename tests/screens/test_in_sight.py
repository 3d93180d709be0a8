"""A question that is asked is in sight, whatever stands above it."""

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from lms_tui.model.course import Course
from tests.cache.sample import HeldClock
from tests.screens.driving import opened, press, text_of, write
from tests.screens.exam import begin, to_the_card
from tests.screens.sample import COURSE, put_into_cache

SIZES = pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])
LONG = "\n\n".join(f"Paragraph {number} says what is allowed, and that the tide waits for nobody." for number in range(1, 12))
SHORT = "This is about the tides."

pytestmark = pytest.mark.usefixtures("no_calm")


def _with_body(body: str) -> Course:
    """The course, with this text above the questions of its quizzes and of its exam."""
    lessons = tuple(
        replace(lesson, sections=tuple(replace(section, body=body) if section.questions else section for section in lesson.sections))
        for lesson in COURSE.lessons
    )
    return replace(COURSE, lessons=lessons)


async def _to_row(pilot: Pilot[None], row: int) -> str:
    return await press(pilot, "o", "home", *["down"] * row, "enter")


@SIZES
async def test_the_first_question_of_an_assessment(clock: HeldClock, size: tuple[int, int]) -> None:
    put_into_cache(_with_body(LONG))
    async with opened(size, clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter")
        for words in ("Ebb or flood?", "( ) 1", "( ) 2"):
            assert words in shown
        assert "Paragraph 1 says" not in shown
        assert "Paragraph 1 says" in await press(pilot, *["pageup"] * 4)


@SIZES
async def test_the_first_question_of_a_quiz_with_its_field(clock: HeldClock, size: tuple[int, int]) -> None:
    put_into_cache(_with_body(LONG))
    async with opened(size, clock) as pilot:
        shown = await _to_row(pilot, 6)
        assert "What is a weak tide called?" in shown
        assert "your answer" in shown
        await write(pilot, "neap")
        shown = await press(pilot, "f8", "f7")
        assert "What is a weak tide called?" in shown
        assert "neap" in shown


@SIZES
async def test_a_short_introduction_stays_in_sight_above_it(clock: HeldClock, size: tuple[int, int]) -> None:
    put_into_cache(_with_body(SHORT))
    async with opened(size, clock) as pilot:
        shown = await _to_row(pilot, 3)
        for words in (SHORT, "Why are there two high tides", "Rain"):
            assert words in shown
        await press(pilot, "escape", "escape")
        await begin(pilot)
        assert SHORT in text_of(pilot)
