"""How things stand is told as it is: an attempt under way, an assessment that was not passed, a question that has its answer."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from lms_tui.library import Change
from lms_tui.model.course import Rules
from lms_tui.model.wire import SectionRow, SyncReply, SyncRequest
from lms_tui.screens.assessment import AssessmentScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.widgets.find_bar import FindBar
from tests.cache.sample import HeldClock
from tests.screens.driving import Opened, opened, press, settled, shows, text_of
from tests.screens.exam import TIMED, library_of, recorded, to_the_card, with_exam
from tests.screens.sample import ident, put_into_cache

pytestmark = pytest.mark.usefixtures("no_calm")

App = Callable[..., Opened]


# --- an attempt under way


async def test_home_tells_of_an_attempt_under_way_before_all_else(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter", "1", "escape", "home", "down", "enter", "escape", "escape")
        assert shown.splitlines()[3].strip(" │") == "! Attempt under way, 12 min left"
        assert "The shore › The exam" in shown
        assert "Enter leads to it, and goes on with it there" in shown
        clock.forward(seconds=125)
        pilot.app.screen.minutes_go_by()  # type: ignore[attr-defined]  # the clock of the screen is not waited for
        await settled(pilot)
        assert "! Attempt under way, 9 min left" in text_of(pilot)
        await press(pilot, "enter")
        assert shows(pilot, AssessmentScreen)


async def test_the_outline_tells_of_an_attempt_under_way(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "escape")
        pilot.app.clear_notifications()
        await settled(pilot)
        shown = text_of(pilot)
        assert "attempt under way, 12 min left · assessment, 2 questions" in shown
        clock.forward(seconds=125)
        pilot.app.screen.minutes_go_by()  # type: ignore[attr-defined]  # the clock of the screen is not waited for
        await settled(pilot)
        assert "attempt under way, 9 min left" in text_of(pilot)
        assert "attempt" not in await press(pilot, "up")
    async with opened((140, 45), clock=clock) as pilot:
        shown = await press(pilot, "o", "home", *["down"] * 7)
        assert "◐ attempt under way, 9 min left" in shown


async def test_without_a_limit_an_attempt_is_under_way_all_the_same(clock: HeldClock) -> None:
    with_exam(Rules())
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        shown = await press(pilot, "enter", "1", "escape", "escape")
        assert "! Attempt under way" in shown
        assert "left" not in shown.splitlines()[3]


async def test_what_was_handed_in_is_not_under_way(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "v", "enter", "enter")
        assert "under way" not in await press(pilot, "escape")
        assert "under way" not in await press(pilot, "escape")


async def test_a_course_that_is_gone_has_no_attempt(clock: HeldClock) -> None:
    with_exam()
    async with opened(clock=clock) as pilot:
        await to_the_card(pilot)
        await press(pilot, "enter", "1", "escape", "escape")
        library = library_of(pilot)
        library._cache.content.remove(ident("tides"))
        assert library.listener is not None
        library.listener(Change.CONTENT)
        await settled(pilot)
        assert "under way" not in text_of(pilot)


# --- not passed


def the_database_says(pilot: Pilot[None], clock: HeldClock, score: str) -> None:
    """The exam is graded."""
    library = library_of(pilot)
    cache, now = library._cache, clock.at
    row = SectionRow(
        course=ident("tides"), lesson=ident("tides/shore"), section=ident("tides/exam"), completed_at=now, attempts=1, score=Decimal(score)
    )
    request = SyncRequest(device=cache.device_id, sent_at=now, cursor=cache.mirror.cursor(), events=())
    cache.mirror.acknowledge(request, SyncReply(now=now, epoch="e", version=1, sections=(row,)))
    assert library.listener is not None
    library.listener(Change.PROGRESS)


@pytest.mark.parametrize(("score", "mark", "word"), [("0", "✗", "not passed"), ("60", "✓", "done")])
async def test_an_assessment_that_was_not_passed_has_no_tick(clock: HeldClock, score: str, mark: str, word: str) -> None:
    with_exam(TIMED)
    async with opened(clock=clock) as pilot:
        await press(pilot, "o", "home", *["down"] * 7)
        the_database_says(pilot, clock, score)
        await settled(pilot)
        shown = text_of(pilot)
        assert f"{mark} The exam" in shown
        assert f"{word} · assessment, 2 questions" in shown
        [section] = [
            section for lesson in library_of(pilot).outline("tides").lessons for section in lesson.sections if section.ref.endswith("exam")
        ]
        assert section.progress.percent == 100
        assert section.passed is (word == "done")
        assert f"{mark} {'passed' if word == 'done' else 'not passed'}" in (await press(pilot, "enter")).splitlines()[0]


async def test_without_a_pass_mark_nothing_is_failed(clock: HeldClock) -> None:
    with_exam(Rules())
    async with opened(clock=clock) as pilot:
        await press(pilot, "o")
        the_database_says(pilot, clock, "0")
        await settled(pilot)
        assert "✓ The exam" in text_of(pilot)


# --- questions in a text


async def test_a_question_in_a_text_says_that_it_was_answered(app_with_tides: App) -> None:
    async with app_with_tides() as pilot:
        assert "? Question · Enter to answer" in await press(pilot, "enter")
        shown = await press(pilot, "tab", "enter", "2", "enter", "enter")
        assert shows(pilot, ReadingScreen)
        assert "✓ Question · answered; Enter to answer again" in shown
        await press(pilot, "escape")
        assert "✓ Question · answered" in await press(pilot, "enter", "home")
        assert recorded(pilot, "answered")  # type: ignore[arg-type]  # the kind by its name


# --- what is said


async def test_the_same_words_are_on_the_screen_once() -> None:
    put_into_cache()
    async with opened() as pilot:
        for _ in range(3):
            pilot.app.notify("Copied.")
            await settled(pilot)
        pilot.app.notify("Something else.")
        await settled(pilot)
        assert text_of(pilot).count("Copied.") == 1
        assert "Something else." in text_of(pilot)


async def test_what_is_said_leaves_the_find_field_in_sight(app_with_tides: App) -> None:
    async with app_with_tides((60, 20)) as pilot:
        await press(pilot, "enter", "/")
        pilot.app.notify("A sentence that is long enough to take more than a line of this small screen, and then some more.")
        await settled(pilot)
        shown = text_of(pilot).splitlines()
        assert "find" in shown[pilot.app.screen.query_one(FindBar).region.y]
