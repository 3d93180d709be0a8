"""Courses that are taken on purpose, as in an institution: until then there is a key to take one, and none to mark anything as done."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from lms_tui.library import Library
from lms_tui.model.events import EventKind
from tests.screens.driving import Opened, press, said
from tests.screens.sample import ident
from tests.screens.test_fast_keys import recorded

App = Callable[..., Opened]


@asynccontextmanager
async def at_a_school(app: Opened) -> AsyncIterator[tuple[Pilot[None], Library]]:
    """The app with a library in which opening a course does not take it."""
    async with app as pilot:
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        assert isinstance(library, Library)
        library.personal = library._recording._enrols = library._entries._enrols = False
        yield pilot, library


def bar(shown: str) -> str:
    return shown.splitlines()[-2]


async def test_the_outline_takes_the_course_before_it_marks_anything(app_with_tides: App) -> None:
    async with at_a_school(app_with_tides()) as (pilot, library):
        shown = await press(pilot, "o")
        assert "e take it" in bar(shown)
        assert ". done" not in bar(shown)
        await press(pilot, ".")
        assert said(pilot) == ""
        shown = await press(pilot, "e")
        assert library.outline("tides").course.enrolled
        assert "e take it" not in bar(shown)
        assert ". done" in bar(shown)
        await press(pilot, "e")
        assert said(pilot) == "You take “Tides for Beginners” already."


async def test_a_page_takes_its_course_and_counts_as_opened(app_with_tides: App) -> None:
    async with at_a_school(app_with_tides()) as (pilot, library):
        shown = await press(pilot, "o", "enter", "end")
        assert "e take it" in bar(shown)
        assert ". done" not in bar(shown)
        assert "e take the course" in shown
        assert "mark as done" not in shown
        shown = await press(pilot, "e")
        assert "You take “Tides for Beginners” now." in said(pilot)
        assert len(recorded(pilot, EventKind.OPENED)) == 1
        assert "e take it" not in bar(shown)
        assert ". mark as done" in shown
        await press(pilot, ".")
        assert library.page(ident("tides/pull")).section.progress.completed_at is not None


@pytest.mark.parametrize(("down", "key"), [(2, "e"), (5, "f10")])
async def test_a_quiz_takes_its_course(app_with_tides: App, down: int, key: str) -> None:
    async with at_a_school(app_with_tides()) as (pilot, library):
        shown = await press(pilot, "o", *["down"] * down, "enter")
        assert f"{key.capitalize() if len(key) > 1 else key} take it" in bar(shown)
        shown = await press(pilot, key)
        assert library.outline("tides").course.enrolled
        assert "take it" not in bar(shown)


async def test_the_card_of_an_assessment_takes_its_course_and_then_begins(app_with_tides: App) -> None:
    async with at_a_school(app_with_tides()) as (pilot, _):
        shown = await press(pilot, "o", *["down"] * 6, "enter")
        assert "Take the course first, so that an attempt can count." in shown
        assert "e take it" in bar(shown)
        shown = await press(pilot, "e")
        assert "Enter begins attempt 1 of 2" in shown
        assert "e take it" not in bar(shown)
        assert "Enter start" in bar(shown)
