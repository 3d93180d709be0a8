"""Text can be read: in our own themes every letter and figure on every screen has the contrast that WCAG AA asks for."""

from collections.abc import Callable, Iterator

import pytest
from textual.color import Color
from textual.pilot import Pilot

from lms_tui.screens import assessment
from lms_tui.themes import THEMES
from tests.screens.driving import Opened, press, settled
from tests.screens.test_catalog import course, know
from tests.screens.test_sync import newer, refusals, some_runs

_ENOUGH = 4.5
EXAM = ("o", "home", *["down"] * 7, "enter")
BOXES = (
    "HelpScreen > VerticalScroll, CommandPalette > #--container, GoScreen > Static, FilterScreen > Vertical, StoryScreen > VerticalScroll"
)
WAYS = {
    "home": (),
    "courses": ("down",),
    "outline": ("o",),
    "reading": ("enter",),
    "question in a text": ("enter", "tab"),
    "found": ("enter", "/", "m", "o", "o", "n", "enter"),
    "find": ("enter", "/"),
    "end of a text": ("enter", "end"),
    "question": ("o", "down", "down", "enter", "h"),
    "right": ("o", "down", "down", "enter", "2", "enter"),
    "wrong": ("o", "down", "down", "enter", "1", "enter", "w"),
    "partly": ("o", "down", "down", "enter", "s", "1", "enter"),
    "a field": ("o", "down", "down", "enter", "s", "s"),
    "summary": ("o", "down", "down", "enter", "s", "s", "f3"),
    "lines": ("o", *["down"] * 5, "enter", "f3", "f3", "f3", "f3"),
    "progress": ("p",),
    "help": ("?",),
    "go": ("g",),
    "palette": ("ctrl+p",),
    "catalogue": ("g", "c"),
    "chosen": ("g", "c", "f", "s", "e", "a", "enter", "e"),
    "filter": ("g", "c", "f"),
    "no such filter": ("g", "c", "f", "x", "q"),
    "sync": ("g", "s"),
    "run": ("g", "s", "tab", "enter"),
    "refused": ("g", "s", "enter"),
    "search": ("o", "/"),
    "matches": ("o", "/", *"moon"),
    "nothing": ("/", *"xqz"),
    "entry": EXAM,
    "asked": (*EXAM, "enter"),
    "review": (*EXAM, "enter", "1", "v", "enter"),
    "receipt": (*EXAM, "enter", "1", "v", "enter", "enter"),
    "attempts": (*EXAM, "enter", "1", "v", "enter", "enter", "a"),
    "under way": (*EXAM, "enter", "1", "escape", "escape"),
}


def too_faint(pilot: Pilot[None]) -> Iterator[tuple[str, str, str, float]]:
    """What is written with too little contrast: the text, its colour, its ground and the contrast."""
    screen = pilot.app.screen
    boxes = list(screen.query(BOXES))
    region = boxes[0].region if boxes else screen.region  # what is behind a box is meant to be faint
    for strip in screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in pilot.app._filters[0].apply(list(strip.crop(region.x, region.right)), screen.background_colors[1]):
            style = segment.style
            if style is None or not any(character.isalnum() for character in segment.text):
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            letters, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if style.reverse:
                letters, ground = ground, letters
            if (contrast := _contrast(letters, ground)) < _ENOUGH:
                yield segment.text.strip(), letters.hex, ground.hex, round(contrast, 2)


def _luminance(colour: Color) -> float:
    channels = (value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.normalized)
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def _contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_everything_written_can_be_read(
    app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch, way: tuple[str, ...]
) -> None:
    monkeypatch.setattr(assessment, "_CALM_SECONDS", 0)
    app_with_tides()
    know(*(course(number) for number in range(9)))
    some_runs()
    refusals()
    newer()
    async with app_with_tides(size=(140, 45)) as pilot:
        await press(pilot, *way)
        for theme in THEMES:
            pilot.app.theme = theme.name
            await settled(pilot)
            assert sorted(set(too_faint(pilot))) == [], theme.name
