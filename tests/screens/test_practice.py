"""Practice: one question at a time, feedback in words, and drafts that stay."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from lms_tui.library import Library
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from tests.screens.driving import Opened, press, said, settled, shows, text_of, write
from tests.screens.sample import OWN, TIDE, ident


def library_of(pilot: Pilot[None]) -> Library:
    """The library of the app."""
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return library


async def practise(pilot: Pilot[None], row: int) -> str:
    """Opens the section on a row of the outline."""
    return await press(pilot, "o", "home", *["down"] * row, "enter")


CHECK, KINDS = 3, 6


async def test_wrong_then_hint_then_right(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await practise(pilot, CHECK)
        assert "Why are there two high tides a day?" in shown
        assert "question 1 of 3" in shown
        shown = await press(pilot, "1", "enter")
        assert "✗ Not yet · you chose 1" in shown
        assert "The sun helps, but not so." in shown
        assert "left behind" not in shown
        shown = await press(pilot, "r", "h")
        assert "Hint 1 of 2" in shown
        shown = await press(pilot, "2", "enter")
        assert "✓ Correct" in shown
        assert "the other is left behind." in shown
        assert library_of(pilot).tried(ident("tides/check"))[TIDE.id or ""].points == 1


async def test_the_best_answer_counts(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        await press(pilot, "2", "enter", "r")
        shown = await press(pilot, "1", "enter")
        assert "✗ Not yet" in shown
        assert "[✓]" in shown


async def test_why_tells_the_right_answer(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        shown = await press(pilot, "1", "enter", "w")
        assert "A right answer: 2" in shown
        assert "left behind" in shown


async def test_nothing_chosen_is_not_checked(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        shown = await press(pilot, "enter")
        assert "Choose an option first" in shown
        assert library_of(pilot).tried(ident("tides/check")) == {}


async def test_several_options_and_part_marks(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        shown = await press(pilot, "s", "1", "3", "3", "enter")
        assert "◐ Partly right · 0.5 of 1 point" in shown
        assert "»" in shown


async def test_a_number_and_what_the_author_says_of_a_wrong_one(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        await press(pilot, "s", "s")
        await write(pilot, "2h4")
        shown = await press(pilot, "enter")
        assert "you wrote “24”" in shown
        assert "That is a whole day." in shown


async def test_the_summary_and_beginning_again(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        await press(pilot, "2", "enter", "enter", "1", "2", "enter", "enter")
        await write(pilot, "12.4")
        shown = await press(pilot, "enter", "enter")
        assert "3 of 3 questions correct" in shown
        assert "Best score 100 % · ✓ This quiz is done." in shown
        assert "question 1 of 3" in await press(pilot, "a")
        await press(pilot, "escape")
        assert "3 of 3 questions correct" in await press(pilot, "enter")
        shown = await press(pilot, "enter")
        assert shows(pilot, ReadingScreen)
        assert "Walk the shore" in shown


async def test_a_draft_stays_when_one_leaves(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        await press(pilot, "s", "s")
        await write(pilot, "12")
        await press(pilot, "escape")
        assert shows(pilot, OutlineScreen)
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        shown = await press(pilot, "]", "]")
        assert "12" in shown.split("write a number")[1]


async def test_every_kind_can_be_answered_right(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, KINDS)
        await write(pilot, "NEAP")
        assert "✓ Correct" in await press(pilot, "enter")
        await press(pilot, "enter")
        await write(pilot, "moon")
        await press(pilot, "enter", "1")
        assert "✓ Correct" in await press(pilot, "enter")
        await press(pilot, "enter", "2", "enter", "1")
        assert "✓ Correct · you said 2, 1" in await press(pilot, "enter")
        await press(pilot, "enter")
        await write(pilot, "2 3 1")
        assert "✓ Correct · you said 2, 3, 1" in await press(pilot, "enter")
        await press(pilot, "enter", "1", "enter", "2")
        assert "✓ Correct" in await press(pilot, "f4")
        await press(pilot, "enter")
        await write(pilot, "In one line")
        shown = await press(pilot, "f4")
        assert "Sun and moon pull in one line." in shown
        assert "Say first how near" in await press(pilot, "enter")
        assert "◐ Partly right · 1 of 2 points" in await press(pilot, "2", "enter")
        assert library_of(pilot).tried(ident("tides/kinds"))[OWN.id or ""].points == 1


@pytest.mark.parametrize("typed", ["", "2", "2 2 1", "2 3 4"])
async def test_an_incomplete_order_is_not_checked(app_with_tides: Callable[..., Opened], typed: str) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, KINDS)
        await press(pilot, "f3", "f3", "f3")
        await write(pilot, typed)
        assert "Type the number of every item once" in await press(pilot, "enter")


async def test_hints_while_a_field_has_the_cursor(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        assert "F2 hint" in await practise(pilot, KINDS)
        assert "It rhymes with heap." in await press(pilot, "f2")


async def test_one_leaves_a_field_for_the_next_question_and_for_the_one_before(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, KINDS)
        await write(pilot, "ne")
        assert "question 2 of 6" in await press(pilot, "f8")
        shown = await press(pilot, "f7")
        assert "question 1 of 6" in shown
        assert "ne" in shown.split()


async def test_help_in_a_field_names_only_keys_that_do_not_write(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides(size=(80, 90)) as pilot:
        await practise(pilot, KINDS)
        help = await press(pilot, "f1")
        for row in ("F8          Next question", "Enter F4    Check the answer", "Esc         Leave", "F6          Search"):
            assert row in help
        for title in ("Outline", "Go to…", "After g", "Home"):
            assert title not in help
        await press(pilot, "escape", "escape")
        await press(pilot, "up", "up", "up", "enter")
        help = await press(pilot, "?")
        assert "] F8        Next question" in help
        assert "After g" in help


async def test_options_can_be_clicked(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        await pilot.click("Choices", offset=(10, 1))
        await settled(pilot)
        assert "(•) 2" in text_of(pilot)
        await pilot.click("KeyBar", offset=(3, 0))
        await settled(pilot)
        assert "✓ Correct" in text_of(pilot)
        assert shows(pilot, PracticeScreen)


async def test_what_was_skipped_is_answered_from_the_summary(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", "down", "down", "enter", "s", "s", "f3")
        assert "Enter goes on to Walk the shore" in shown
        assert "r answer the rest" in shown
        assert "Why are there two high tides a day?" in await press(pilot, "r")


async def test_what_was_said_of_an_answer_goes_with_its_question(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, KINDS)
        await press(pilot, "f3", "f3", "f3", "enter")
        assert "Type the number of every item once" in said(pilot)
        await press(pilot, "f7")
        assert said(pilot) == ""


async def test_the_line_of_a_pair_that_takes_another_number_is_named(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, KINDS)
        await press(pilot, "f8", "f8", "2", "enter", "9")
        assert "1 to 2, on line 2." in await press(pilot, "enter")
