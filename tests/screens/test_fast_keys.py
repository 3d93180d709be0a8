"""Keys that come faster than screens open: every key does what it says there, once, and none ends the app."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from lms_tui.library import Library
from lms_tui.model.events import EventKind
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.outline import OutlineScreen
from lms_tui.screens.practice import PracticeScreen
from lms_tui.screens.reading import ReadingScreen
from lms_tui.widgets.course_rows import CourseRows
from tests.screens.driving import Opened, press, settled, shows, text_of, until
from tests.screens.sample import ident
from tests.screens.test_catalog import course, know

_NAMES = {"]": "right_square_bracket", "[": "left_square_bracket", "}": "right_curly_bracket", "{": "left_curly_bracket"}
_NAMES |= {".": "full_stop", "?": "question_mark", "/": "slash", "N": "upper_n"}
_CHARACTERS = {"space": " "}
CHECK = 3


def post(pilot: Pilot[None], *keys: str) -> None:
    """Keys as a terminal gives them: one after the other, whatever the app is doing."""
    for key in keys:
        pilot.app.post_message(events.Key(_NAMES.get(key, key), _CHARACTERS.get(key, key if len(key) == 1 else None)))


def recorded(pilot: Pilot[None], kind: EventKind) -> list[dict[str, Any]]:
    """The bodies of the recorded events of a kind, in order."""
    library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
    assert isinstance(library, Library)
    return [event.body for event in library._cache.outbox.pending() if event.kind == kind]


async def practise(pilot: Pilot[None], row: int) -> None:
    await press(pilot, "o", "home", *["down"] * row, "enter")


async def test_a_second_enter_answers_nothing_twice(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        post(pilot, "2", "enter", "enter", "enter")
        await settled(pilot)
        answers = recorded(pilot, EventKind.ANSWERED)
        assert [list(body["responses"]) for body in answers] == [[ident("why-twice")]]


async def test_a_grade_belongs_to_its_own_question(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        post(pilot, "2", "enter", "]")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        marks = [str(mark) for mark in screen._run.marks.values()]
        assert marks == ["correct", "not answered", "not answered"]


async def test_an_answered_question_has_no_draft(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, 6)
        post(pilot, *"neap", "enter")
        await settled(pilot)
        assert len(recorded(pilot, EventKind.ANSWERED)) == 1
        library = pilot.app.library  # type: ignore[attr-defined]  # the pilot knows any app
        assert library.drafts(ident("tides/kinds")) == {}


async def test_the_next_section_keeps_its_own_place(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "enter")
        post(pilot, "space", "space", "space", "]")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ReadingScreen)
        assert screen.page.section.title == "A tide in a minute"
        assert screen._place is None or "Paragraph" not in screen._place.quote


async def test_a_screen_can_be_left_before_it_is_drawn(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        for _ in range(5):
            post(pilot, "o", "enter", "q", "q", "enter", "o", "escape", "escape", "p", "escape", "g", "p", "q", "?", "escape")
            await settled(pilot)
            while not shows(pilot, HomeScreen):
                await press(pilot, "escape")


async def test_two_clicks_open_one_screen(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        rows = pilot.app.screen.query_one(CourseRows)
        rows.focus()
        rows.post_message(CourseRows.Clicked(rows, 0))
        rows.post_message(CourseRows.Clicked(rows, 0))
        await settled(pilot)
        assert [type(screen) for screen in pilot.app.screen_stack] == [HomeScreen, OutlineScreen]


async def test_the_palette_takes_keys_before_it_has_anything(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        for keys in (("pagedown", "pageup", "enter", "enter", "enter"), ("z", "z", "pagedown", "enter", "enter"), ("escape", "enter")):
            post(pilot, "ctrl+p", *keys)
            await settled(pilot)
            post(pilot, "escape", "escape")
            await settled(pilot)
            while not shows(pilot, HomeScreen):
                await press(pilot, "escape")


async def test_what_is_typed_right_after_the_key_that_finds_is_looked_for(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, "o", "home", "down", "enter")
        post(pilot, "/", *"shore", "enter", "n", "n")
        await settled(pilot)
        assert "“shore”" in text_of(pilot)
        post(pilot, "escape", "/")
        pilot.app.post_message(events.Paste("water"))
        post(pilot, "s", "backspace", "enter")
        await settled(pilot)
        assert "“water”" in text_of(pilot)


async def test_keys_whose_widget_goes_away_hold_up_no_others(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await practise(pilot, CHECK)
        post(pilot, *["f3"] * 5, "a", "2", "f4")
        await until(pilot, lambda: len(recorded(pilot, EventKind.ANSWERED)) == 1)
        await settled(pilot)
        assert "✓ Correct" in text_of(pilot)


_KEYS = (
    *"1234]][}{.ohsrwanpgjk?/xyN", "enter", "enter", "enter", "space", "down", "up", "tab", "shift+tab", "home", "end",
    "pagedown", "pageup", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f10", "ctrl+p", "escape", "q", *"cfmseuDXRv",
)  # fmt: skip


_FROM = {
    "home": (),
    "outline": ("o",),
    "exam": ("o", "home", *["down"] * 7, "enter"),
    "catalogue": ("g", "c"),
    "filter": ("g", "c", "f"),
    "sync": ("g", "s"),
    "search": ("/", *"moon"),
}


@pytest.mark.parametrize(("seed", "way"), list(enumerate(_FROM)))
async def test_no_keys_and_no_size_end_the_app(app_with_tides: Callable[..., Opened], seed: int, way: str) -> None:
    chance = random.Random(seed)
    opening = app_with_tides()
    know(*(course(number) for number in range(300)))
    async with opening as pilot:
        await press(pilot, *_FROM[way])
        for _ in range(150):
            key = chance.choice(_KEYS)
            if key in ("escape", "q"):
                await settled(pilot)  # a person who leaves means to
                if shows(pilot, HomeScreen):
                    continue
            post(pilot, key)
            if chance.random() < 0.2:
                await pilot.pause(chance.choice((0.001, 0.02)))
            if chance.random() < 0.02:
                await pilot.resize_terminal(*chance.choice(((1, 1), (3, 2), (60, 20), (80, 24), (140, 45))))
        await settled(pilot)
        assert pilot.app.is_running
