"""Home: where to go on, what there is, and never an empty list without a word."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from lms_tui.library import Library
from lms_tui.model.errors import Unavailable
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.screens.study import StudyScreen
from lms_tui.views.nodes import Home, Status, Study
from lms_tui.widgets.continue_card import Continue
from tests.cache.sample import HeldClock
from tests.screens.driving import Opened, opened, press, settled, shows, text_of
from tests.screens.sample import COURSE, ident, put_into_cache


async def test_it_says_where_to_start_and_enter_goes_there(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = text_of(pilot)
        assert "Start here" in shown
        assert "Tides for Beginners" in shown
        assert "offline since 00:00" in shown
        shown = await press(pilot, "enter")
        assert shows(pilot, ReadingScreen)
        assert "The pull of the moon" in shown


async def test_after_reading_it_goes_on_at_the_paragraph(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "space", "space", "escape")
        shown = text_of(pilot)
        assert "Continue" in shown
        assert "goes on at" in shown
        assert "Paragraph" in shown
    async with app_with_tides() as pilot:
        shown = await press(pilot, "enter")
        assert "Paragraph 1 says" not in shown
        assert "water follows the moon" in shown


async def test_courses_are_reached_with_down_and_open_their_outline(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "down", "enter")
        assert shows(pilot, OutlineScreen)
        await press(pilot, "escape", "up", "enter")
        assert shows(pilot, ReadingScreen)


async def test_a_click_on_a_course_opens_it(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await pilot.click("#courses", offset=(5, 0))
        await settled(pilot)
        assert shows(pilot, OutlineScreen)


async def test_g_goes(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "g", "p")
        assert shows(pilot, StudyScreen)
        assert len(pilot.app.screen_stack) == 2
        await press(pilot, "g", "escape")
        assert shows(pilot, StudyScreen)
        await press(pilot, "g", "h")
        assert shows(pilot, HomeScreen)


async def test_an_empty_library_says_what_to_do() -> None:
    async with opened() as pilot:
        shown = text_of(pilot)
        assert "There is no course here yet." in shown
        assert "You asked to stay offline." in shown
        assert "lms-tui import FOLDER" in shown
        assert "Enter go on" not in shown
        await press(pilot, "enter", "o", "down")
        assert shows(pilot, HomeScreen)


async def test_while_the_library_is_prepared_it_says_so() -> None:
    async with opened() as pilot:
        pilot.app.screen.query_one(Continue).show(Home(), Status(state="starting", reason="Laying out the tables"), datetime.now(UTC))
        await settled(pilot)
        shown = text_of(pilot)
        assert "Preparing your library…" in shown
        assert "Laying out the tables" in shown


async def test_what_comes_in_later_is_shown_without_a_key() -> None:
    async with opened() as pilot:
        put_into_cache()
        from lms_tui.library import Change

        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        library.listener(Change.CONTENT)
        await settled(pilot)
        assert "Tides for Beginners" in text_of(pilot)


async def test_markup_and_control_bytes_in_titles_are_text() -> None:
    put_into_cache(replace(COURSE, title="arr[1] [/b] \x1b]0;gone\x07[red]"))
    async with opened() as pilot:
        assert "arr[1] [/b] [red]" in text_of(pilot)
        assert "arr[1] [/b] [red]" in await press(pilot, "o")


async def test_a_failure_behind_a_screen_is_one_sentence(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, HomeScreen)

        async def fails() -> None:
            raise Unavailable("The [database] is away.", "What you did is safe.")

        screen.work(fails())
        await settled(pilot)
        assert [note.message for note in pilot.app._notifications] == ["The [database] is away. What you did is safe."]


async def test_esc_leads_to_the_card_and_never_out(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "down")
        assert "Enter outline" in shown
        shown = await press(pilot, "escape", "escape")
        assert "Enter go on" in shown
        assert pilot.app.is_running
        assert pilot.app.return_code is None


async def test_only_what_is_seen_is_counted(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    counted, study = [], Library.study

    def counting(self: Library) -> Study:
        counted.append(self)
        return study(self)

    monkeypatch.setattr(Library, "study", counting)
    async with app_with_tides() as pilot:
        await press(pilot, "o", "enter", "escape", "escape")
        assert counted == []
        await pilot.resize_terminal(140, 45)
        await settled(pilot)
        assert "Your study" in text_of(pilot)
        assert counted


@pytest.mark.parametrize("keys", [(), ("o",), ("p",), ("g", "c"), ("enter",)], ids="-".join)
async def test_a_day_that_begins_is_seen_without_a_key(
    app_with_tides: Callable[..., Opened], clock: HeldClock, keys: tuple[str, ...]
) -> None:
    """Nothing else reads the screen again while there is no database."""
    async with app_with_tides(size=(130, 40), clock=clock) as pilot:
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        await library.spent(ident("tides/pull"), 120)
        await press(pilot, *keys)
        await settled(pilot)
        assert "2 min today" in text_of(pilot)
        assert "offline since 00:00 " in text_of(pilot)
        clock.forward(hours=11)
        pilot.app.screen.minutes_go_by()  # type: ignore[attr-defined]  # the clock of the screen is not waited for
        await settled(pilot)
        assert "2 min today" in text_of(pilot)
        clock.forward(hours=1)
        pilot.app.screen.minutes_go_by()  # type: ignore[attr-defined]  # the clock of the screen is not waited for
        await settled(pilot)
        assert "0 min today" in text_of(pilot)
        assert "offline since 5 Jan 00:00 " in text_of(pilot)
