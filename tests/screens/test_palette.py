"""The palette: places, courses by name, what was used last, and colours that can be seen before they are chosen."""

from collections.abc import Callable

from textual.command import CommandPalette
from textual.pilot import Pilot

from lms_tui.model.course import Course
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.study import StudyScreen
from lms_tui.themes import CHOICES
from tests.screens.driving import Opened, press, settled, shows, text_of, until, write
from tests.screens.sample import ident, put_into_cache

_HOSTILE = "Tides [/b] [@click=app.quit]x[/]\x1b]0;y\x07"


def _rows(pilot: Pilot[None]) -> int:
    return int(pilot.app.screen.query_one("CommandList").option_count)  # type: ignore[attr-defined]


async def _ask(pilot: Pilot[None], text: str) -> str:
    await press(pilot, "ctrl+p")
    await write(pilot, text)
    await until(pilot, lambda: _rows(pilot) > 0)
    return text_of(pilot)


async def test_places_and_their_keys(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o")
        assert "Go to: Progress  (g p)" in await _ask(pilot, "go to pro")
        await press(pilot, "enter")
        await until(pilot, lambda: shows(pilot, StudyScreen))
        await press(pilot, "escape")
        assert shows(pilot, HomeScreen)


async def test_a_course_is_opened_by_its_name_and_a_title_is_text(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        put_into_cache(Course(slug="evil", title=_HOSTILE, id=ident("evil")))
        shown = await _ask(pilot, "open tides [/b")
        assert "Open: Tides [/b] [@click=app.quit]x[/]" in shown
        assert "\x1b" not in shown
        await press(pilot, "enter")
        await until(pilot, lambda: shows(pilot, OutlineScreen))


async def test_what_was_used_last_comes_first(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides(size=(80, 60)) as pilot:
        await _ask(pilot, "Go to: Progress")
        await press(pilot, "enter")
        await until(pilot, lambda: shows(pilot, StudyScreen))
        await press(pilot, "escape", "ctrl+p")
        await until(pilot, lambda: _rows(pilot) > 0)
        shown = text_of(pilot)
        assert shown.index("Go to: Progress") < shown.index("Go on")
        assert shown.count("Go to: Progress") == 1


async def test_a_theme_is_seen_under_the_cursor_and_escape_takes_it_back(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        before = pilot.app.theme
        await _ask(pilot, "theme: light")
        await until(pilot, lambda: pilot.app.theme == CHOICES["Light"])
        await press(pilot, "down")
        assert pilot.app.theme not in (before, CHOICES["Light"])
        await press(pilot, "escape")
        assert not shows(pilot, CommandPalette)
        assert pilot.app.theme == before
        assert pilot.app.library.settings.theme == ""  # type: ignore[attr-defined]


async def test_a_theme_that_was_only_seen_is_not_kept_when_another_thing_is_chosen(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        before = pilot.app.theme
        await _ask(pilot, "theme: light")
        await press(pilot, *["backspace"] * 12)
        await write(pilot, "go to progress")
        await until(pilot, lambda: "Go to: Progress" in text_of(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: shows(pilot, StudyScreen))
        await settled(pilot)
        assert pilot.app.theme == before
