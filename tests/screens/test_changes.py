"""A course that changes under a person: what they do is told or kept, and what is gone leads back."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from lms_tui.library import Change
from lms_tui.model.events import EventKind
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from tests.screens.driving import Opened, press, said, settled, shows, text_of
from tests.screens.sample import COURSE, KEYS


async def republish(pilot: Pilot[None], lesson: int, section: int, **change: object) -> None:
    """The course comes anew, with one section changed, or without it."""
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    sections = list(COURSE.lessons[lesson].sections)
    if change:
        sections[section] = replace(sections[section], **change)
    else:
        del sections[section]
    lessons = list(COURSE.lessons)
    lessons[lesson] = replace(lessons[lesson], sections=tuple(sections))
    library._cache.content.put(replace(COURSE, lessons=tuple(lessons)), content_version=2, keys=KEYS)
    library.listener(Change.CONTENT)
    await settled(pilot)


async def test_a_question_that_is_gone_is_not_answered(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "down", "down", "enter")
        quiz = COURSE.lessons[0].sections[2]
        await republish(pilot, 0, 2, questions=quiz.questions[1:])
        await press(pilot, "2", "enter")
        assert "has no question" in said(pilot)
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        assert not [event for event in library._cache.outbox.pending() if event.kind == EventKind.ANSWERED]
        shown = await press(pilot, "s", "1", "2", "enter")
        assert "✓ Correct" in shown


async def test_a_quiz_that_is_gone_leads_back_with_one_sentence(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "down", "down", "enter")
        assert shows(pilot, PracticeScreen)
        await republish(pilot, 0, 2)
        assert shows(pilot, OutlineScreen)
        assert "Check yourself" not in text_of(pilot)


@pytest.mark.parametrize(("over", "then"), [("/", ()), ("?", ("escape",)), ("g", ("escape",)), ("ctrl+p", ("escape",))])
async def test_a_text_that_is_gone_leads_back_whatever_is_open_over_it(
    app_with_tides: Callable[..., Opened], over: str, then: tuple[str, ...]
) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "enter")
        assert shows(pilot, ReadingScreen)
        await press(pilot, over)
        await republish(pilot, 0, 0)
        await press(pilot, *then)
        assert shows(pilot, OutlineScreen)


async def test_a_text_that_changes_keeps_its_paragraph(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "enter", *["space"] * 2)
        screen = pilot.app.screen
        assert isinstance(screen, ReadingScreen)
        place = screen._place
        assert place is not None
        await republish(pilot, 0, 0, body="A new beginning.\n\n" * 20 + COURSE.lessons[0].sections[0].body)
        assert screen._place is not None
        assert screen._place.quote == place.quote


async def test_a_course_that_is_gone_leads_home(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o")
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        library._cache.content.drop_all()
        library.listener(Change.CONTENT)
        await settled(pilot)
        assert shows(pilot, HomeScreen)
        assert "There is no course here yet" in text_of(pilot)
