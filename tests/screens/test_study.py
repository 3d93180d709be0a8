"""Progress, help, the palette: what is said of what was done, and of what can be done."""

from collections.abc import Callable

import pytest
from textual.command import CommandPalette

from lms_tui import commands
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.catalog import CatalogScreen
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.screens.study import StudyScreen
from tests.screens.driving import Opened, opened, press, shows, until, write


async def test_progress_shows_what_was_done(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", ".", "g", "p")
        assert "sections done  1" in shown
        assert "streak         1 day" in shown
        assert "16 %" in shown
        await press(pilot, "enter")
        assert shows(pilot, OutlineScreen)


async def test_progress_of_nothing_says_how_to_begin() -> None:
    async with opened() as pilot:
        shown = await press(pilot, "p")
        assert "No course begun yet." in shown
        assert "average score  none yet" in shown


async def test_help_has_every_key_of_the_screen_and_closes(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides(size=(100, 110)) as pilot:
        shown = await press(pilot, "enter", "?")
        for command in (*commands.READING, *commands.EVERYWHERE):
            if command.id not in ("reading.previous", "reading.enrol"):  # there is none before the first, and the course is taken
                assert command.title in shown
                assert command.sentence.split(";")[0][:50] in shown
        assert "Copy code" in shown
        await press(pilot, "escape")
        assert shows(pilot, ReadingScreen)


async def test_the_palette_does_what_a_key_does(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", ":")
        assert shows(pilot, CommandPalette)
        await write(pilot, "Next sec")
        await until(pilot, lambda: bool(pilot.app.screen.query_one("CommandList").option_count))  # type: ignore[attr-defined]
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReadingScreen))
        assert "2 of 7" in await press(pilot)


@pytest.mark.parametrize("theme", ["Light", "Terminal colours on dark"])
async def test_the_palette_changes_the_theme(app_with_tides: Callable[..., Opened], theme: str) -> None:
    from lms_tui.themes import CHOICES

    async with app_with_tides() as pilot:
        await press(pilot, "ctrl+p")
        await write(pilot, f"Theme: {theme}")
        await until(pilot, lambda: bool(pilot.app.screen.query_one("CommandList").option_count))  # type: ignore[attr-defined]
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.theme == CHOICES[theme])
        assert "Tides for Beginners" in await press(pilot, "enter")


ALL: dict[type[LibraryScreen], tuple[commands.Command, ...]] = {
    CatalogScreen: commands.CATALOG,
    HomeScreen: commands.HOME,
    OutlineScreen: commands.OUTLINE,
    ReadingScreen: commands.READING,
    PracticeScreen: commands.PRACTICE,
    StudyScreen: commands.STUDY,
}


def test_every_command_has_an_id_of_its_own_and_words() -> None:
    every = [*commands.EVERYWHERE, *(command for here in ALL.values() for command in here)]
    assert len({command.id for command in every}) == len(every)
    assert all(command.title and command.sentence.endswith(".") and command.keys for command in every)


@pytest.mark.parametrize("screen", ALL)
def test_every_command_is_done_by_its_screen(screen: type[LibraryScreen]) -> None:
    for command in (*ALL[screen], *commands.EVERYWHERE):
        if not command.action.startswith("app."):
            assert callable(getattr(screen, f"action_{command.action.partition('(')[0]}"))
