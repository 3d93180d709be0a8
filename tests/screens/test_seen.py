"""What is asked, what is missing and what is said stays in sight, whatever its length, and the keyboard reaches all of it."""

from collections.abc import Callable

from textual.pilot import Pilot

from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.question import AnswerKey, Kind, Question
from lms_tui.screens.opening import open_section
from tests.screens.driving import Opened, press, said, settled, text_of, write
from tests.screens.sample import ident, put_into_cache

PRACTICE = ("o", "down", "down", "enter")
KINDS = ("o", *["down"] * 5, "enter")
NARROW = (60, 20)


def _question(key: str, kind: Kind, **more: object) -> Question:
    return Question(key=key, id=ident(f"long/{key}"), kind=kind, prompt=f"Asked: {key}.", **more)  # type: ignore[arg-type]  # shapes are the fields'


FIRST = _question("first", Kind.SINGLE, options=("one", "two"), hints=("The *first* hint.", "The second.", "The third."))
SEVERAL = _question("several", Kind.MULTIPLE, options=("ash", "oak", "iron"))
HUNDRED = _question("hundred", Kind.SINGLE, options=tuple(f"option {number}" for number in range(1, 101)))
ROW = _question("row", Kind.ORDER, options=tuple(f"step {number}" for number in range(1, 13)))
QUESTIONS = (FIRST, SEVERAL, HUNDRED, ROW)
ANSWERS = {
    FIRST.id or "": AnswerKey(correct=(2,)),
    SEVERAL.id or "": AnswerKey(correct=(1, 2), feedback=("Said of ash.", "", "Said of iron.")),
    HUNDRED.id or "": AnswerKey(correct=(73,)),
    ROW.id or "": AnswerKey(correct=tuple(range(12, 0, -1)), partial=True, explanation="Said at the end."),
}
BODY = "\n\n".join(f"Paragraph {number} of the quiz's own text." for number in range(1, 20))


def put_long_quiz() -> None:
    """A course with a quiz below a long text."""
    section = Section(slug="quiz", title="Long", id=ident("long/quiz"), type=SectionType.QUIZ, body=BODY, questions=QUESTIONS)
    lesson = Lesson(slug="l", title="L", id=ident("long/l"), sections=(section,))
    put_into_cache(Course(slug="long", title="Long", id=ident("long"), lessons=(lesson,)), keys=ANSWERS)


async def open_long_quiz(pilot: Pilot[None]) -> None:
    """That quiz, on the screen."""
    open_section(pilot.app.screen, "long/l/quiz")  # type: ignore[arg-type]  # a library's screen
    await settled(pilot)


async def test_each_hint_is_in_sight_when_it_is_given(app_with_tides: Callable[..., Opened]) -> None:
    put_long_quiz()
    async with app_with_tides(size=NARROW) as pilot:
        await open_long_quiz(pilot)
        assert "The first hint." in await press(pilot, "h")
        assert "The second." in await press(pilot, "h")
        shown = await press(pilot, "h")
        assert "Hint 3 of 3" in shown
        assert "The third." in shown


async def test_a_second_try_has_its_question_in_sight_below_a_long_text(app_with_tides: Callable[..., Opened]) -> None:
    put_long_quiz()
    async with app_with_tides(size=NARROW) as pilot:
        await open_long_quiz(pilot)
        assert "Asked: first." in text_of(pilot)
        assert "(•) 1  one" in await press(pilot, "1")
        await press(pilot, "enter")
        shown = await press(pilot, "r")
        assert "Asked: first." in shown
        assert "( ) 2  two" in shown


async def test_a_hundred_options_are_reached_page_by_page(app_with_tides: Callable[..., Opened]) -> None:
    put_long_quiz()
    async with app_with_tides(size=NARROW) as pilot:
        await open_long_quiz(pilot)
        assert "( ) 100 option 100" in await press(pilot, "s", "s", "end")
        assert "▌( ) 100 option 100" in await press(pilot, "up")
        assert "you chose 100" in await press(pilot, "space", "enter")


async def test_what_is_said_of_an_answer_is_read_to_its_end(app_with_tides: Callable[..., Opened]) -> None:
    put_long_quiz()
    async with app_with_tides(size=NARROW) as pilot:
        await open_long_quiz(pilot)
        await press(pilot, "s", "s", "s")
        await write(pilot, "1 2 3 4 5 6 7 8 9 10 11 12")
        assert "Said at the end." not in await press(pilot, "enter", "w")
        assert "Said at the end." in await press(pilot, "pagedown", "pagedown")


async def test_what_is_said_of_several_options_names_each(app_with_tides: Callable[..., Opened]) -> None:
    put_long_quiz()
    async with app_with_tides() as pilot:
        await open_long_quiz(pilot)
        lines = [line.strip(" █") for line in (await press(pilot, "s", "1", "2", "3", "enter")).splitlines()]
        assert [line.split(maxsplit=1) for line in lines if "Said of" in line] == [["1", "Said of ash."], ["3", "Said of iron."]]


async def test_a_number_that_is_no_option_is_told_before_it_is_graded(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *KINDS, "f3")
        await write(pilot, "moon")
        await press(pilot, "tab", "7", "enter")
        assert "where choices are listed, with the number of one" in said(pilot)
        assert "Partly right" in await press(pilot, "backspace", "2", "enter")
        await press(pilot, "enter", "9", "tab", "1", "enter")
        assert "one of the numbers above" in said(pilot)
        assert "✗ Not yet" in await press(pilot, "shift+tab", "backspace", "1", "tab", "backspace", "2", "enter")
        assert said(pilot) == ""


async def test_escape_leads_from_a_question_to_the_summary_that_it_was_opened_from(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *PRACTICE, "s", "s", "f3", "down", "down")
        assert "question 2 of 3" in await press(pilot, "enter")
        assert "0 of 3 questions correct" in await press(pilot, "1", "escape")
        assert "[x] 1  The moon" in await press(pilot, "down", "down", "enter")
        assert "Enter open" in await press(pilot, "escape", "escape")
