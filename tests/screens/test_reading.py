"""Reading: turning pages, ticks that mean something, time that counts, and a place that is kept."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from lms_tui.library import Library
from lms_tui.model.errors import StorageFailed
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from tests.screens.driving import Clock, Opened, press, settled, shows, text_of, write
from tests.screens.sample import ident


def library_of(pilot: Pilot[None]) -> Library:
    """The library of the app."""
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return library


async def test_turning_pages_and_lessons(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "enter")
        assert "1 of 7" in shown
        assert "2 of 7" in await press(pilot, "]")
        assert "1 of 7" in await press(pilot, "[")
        assert "1 of 7" in await press(pilot, "[")
        assert "Walk the shore" in await press(pilot, "}")
        assert "This is the last lesson." in await press(pilot, "}")
        assert "The pull of the moon" in await press(pilot, "{")
        assert len(pilot.app.screen_stack) == 2


async def test_a_video_has_its_address_and_transcript(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "enter", "]")
        assert "▶ Video (1:02): https://example.org/tide" in shown
        assert "The boats sink. The boats rise." in shown


async def test_the_next_section_of_a_quiz_is_practised_in_its_place(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "]", "]")
        assert shows(pilot, PracticeScreen)
        assert len(pilot.app.screen_stack) == 2


async def test_done_is_drawn_once_it_is_recorded(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "enter", ".")
        assert "✓ done" in shown
        assert ". done" not in shown
        assert library_of(pilot).page("tides/moon/pull").section.progress.completed_at is not None


async def test_no_tick_where_it_could_not_be_recorded(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise StorageFailed("The disk is full.", "Make room; what you did before is safe.")

    async with app_with_tides() as pilot:
        await press(pilot, "enter")
        monkeypatch.setattr(library_of(pilot), "done", full)
        shown = await press(pilot, ".")
        assert "✓ done" not in shown
        assert "The disk is full." in shown


async def test_the_end_of_a_text_says_how_to_go_on(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        assert "next: A tide in a minute" not in await press(pilot, "enter")
        assert "next: A tide in a minute" in await press(pilot, "end")


async def test_find(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "/")
        await write(pilot, "Paragraph 20")
        assert "Paragraph 20 says" in await press(pilot, "enter")
        await press(pilot, "/")
        await write(pilot, "nowhere")
        assert "“nowhere” is not in this section." in await press(pilot, "enter")
        await press(pilot, "/", "escape")
        assert shows(pilot, ReadingScreen)


async def test_the_outline_is_at_this_section(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "]", "o")
        assert shows(pilot, OutlineScreen)
        assert "The boats sink." in await press(pilot, "enter")
        assert len(pilot.app.screen_stack) == 3
        await press(pilot, "o")
        assert len(pilot.app.screen_stack) == 2


async def test_a_question_in_a_text_is_practised_and_leads_back(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        shown = await press(pilot, "enter", "tab", "enter")
        assert "Is this scored?" in shown
        shown = await press(pilot, "2", "enter")
        assert "✓ Correct" in shown
        assert "The moon pulls at the sea." in await press(pilot, "enter")
        assert library_of(pilot).page("tides/moon/pull").section.progress.score is None


async def test_active_time_is_recorded_and_idle_time_is_not(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    async with app_with_tides() as pilot:
        await press(pilot, "enter")
        clock.go_on(pilot, 40)
        await press(pilot, "j")
        clock.go_on(pilot, 3000)
        await press(pilot, "escape")
        assert library_of(pilot).page("tides/moon/pull").section.progress.active_seconds == 40 + 120
        assert "2 min today" in text_of(pilot)


async def test_time_stops_while_another_window_has_focus(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    async with app_with_tides() as pilot:
        await press(pilot, "enter")
        clock.go_on(pilot, 10)
        pilot.app.app_focus = False
        await settled(pilot)
        clock.go_on(pilot, 100)
        pilot.app.app_focus = True
        await settled(pilot)
        clock.go_on(pilot, 5)
        await press(pilot, "escape")
        assert library_of(pilot).page("tides/moon/pull").section.progress.active_seconds == 15


async def test_leaving_the_app_records_time_and_place(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "space")
        clock.go_on(pilot, 7)
        await pilot.press("ctrl+q")
    async with app_with_tides() as pilot:
        page = library_of(pilot).page(ident("tides/pull"))
        assert page.section.progress.active_seconds == 7
        assert page.place.quote


async def test_finding_says_its_keys_until_it_is_ended(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "enter", "/")
        await write(pilot, "shore")
        assert "find “shore”   n next   N previous   Esc ends" in await press(pilot, "enter")
        assert "Esc ends" not in await press(pilot, "escape")
        assert shows(pilot, ReadingScreen)


async def test_enter_opens_a_question_that_is_in_sight(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        assert "Is this scored?" in await press(pilot, "enter", "enter")
