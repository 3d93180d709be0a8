"""The outline: what is done, begun and not begun, in shapes and in words."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from lms_tui.library import Change
from lms_tui.model.errors import NotFound
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from tests.cache.sample import HeldClock
from tests.screens.driving import Opened, press, said, settled, shows, text_of, until
from tests.screens.sample import ident


async def test_marks_types_and_minutes(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o")
        assert "○ 1  The moon" in shown
        assert "0 of 3 sections · 10 min left" in shown
        assert "assessment  10 min" in shown
        assert "not begun · text, 1 question · 4 min" in shown


async def test_opening_a_course_enrols(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o")
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        assert library.outline("tides").course.enrolled
        assert "1 queued" in text_of(pilot)
        assert "take it" not in text_of(pilot)
        assert said(pilot) == ""
        shown = await press(pilot, "e")
        assert said(pilot) == "You take “Tides for Beginners” already: in a library of your own, opening a course takes it."
        assert "1 queued" in shown


async def test_a_tick_from_here(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", ".")
        assert "✓ The pull of the moon" in shown
        assert "◐ 1  The moon" in shown
        assert " 16 %" in shown
        assert "37 min left" not in shown  # a quiz that is not done says no minutes: the sum would be too small
        assert ". done" not in shown


@pytest.mark.parametrize(("down", "words"), [(2, "not begun · quiz, 3 questions · 5 min"), (6, "not begun · assessment")])
async def test_what_is_finished_by_answering_has_no_done_key(app_with_tides: Callable[..., Opened], down: int, words: str) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", *["down"] * down)
        assert words in shown
        assert ". done" not in shown
        assert "✓" not in await press(pilot, ".")
        screen = pilot.app.screen
        assert isinstance(screen, OutlineScreen)
        screen.action_done()  # a click that was under way
        await settled(pilot)
        assert said(pilot) == ""


async def test_enter_opens_a_section_by_its_type(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "enter")
        assert shows(pilot, ReadingScreen)
        await press(pilot, "escape", "j", "j", "enter")
        assert shows(pilot, PracticeScreen)


async def test_enter_on_a_lesson_opens_its_first_unfinished_section(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", ".", "up", "enter")
        assert "A tide in a minute" in shown
        assert "Transcript" in shown


async def test_a_wide_terminal_has_the_details_beside_it(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides(size=(140, 30)) as pilot:
        shown = await press(pilot, "o", "up")
        assert "Say why there are two tides a day" in shown
        assert "Why the sea comes and goes, in an hour." in shown
        assert "By A. Sailor" in shown


async def test_a_click_opens_a_section(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o")
        await pilot.click("OutlineRows", offset=(10, 2))
        shown = await press(pilot)
        assert "The boats sink." in shown


async def test_a_course_that_goes_away_while_it_is_shown_leads_back(
    app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> None:
        raise NotFound("There is no course “tides”.", "It may have been taken back.")

    async with app_with_tides() as pilot:
        await press(pilot, "o")
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        monkeypatch.setattr(library, "outline", gone)
        library.listener(Change.CONTENT)
        await until(pilot, lambda: shows(pilot, HomeScreen))
        assert "There is no course “tides”. It may have been taken back." in said(pilot)


async def test_a_course_that_is_not_downloaded_says_so(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        library._cache.content.remove(ident("tides"))
        await press(pilot, "down", "enter")
        assert shows(pilot, HomeScreen)
        assert "That course is not downloaded." in said(pilot)
        assert "You asked to stay offline." in said(pilot)


async def test_when_a_section_was_done_is_told_where_the_person_is(app_with_tides: Callable[..., Opened], clock: HeldClock) -> None:
    async with app_with_tides(size=(130, 40), clock=clock) as pilot:
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        library._cache.remember(replace(library.person, timezone="Pacific/Auckland"))
        await library.done(["tides/moon/pull"])
        assert "done on 6 January 2026, 00:00" in await press(pilot, "o", "home", "down")
