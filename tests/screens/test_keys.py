"""Keys: one letter goes to a place; the settings give commands other keys, and all that names a key follows."""

import json
from collections.abc import Callable

import pytest

from lms_tui import paths
from lms_tui.commands import GO
from lms_tui.library import Library
from lms_tui.screens.help import GoScreen, HelpScreen
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.places import OPENERS
from lms_tui.screens.reading import ReadingScreen
from lms_tui.screens.study import StudyScreen
from lms_tui.views.nodes import SyncReport
from tests.screens.driving import Opened, press, said, shows


@pytest.mark.parametrize("command", GO, ids=lambda command: command.id)
async def test_after_g_a_letter_goes(app_with_tides: Callable[..., Opened], command: object) -> None:
    place = next(place for place in GO if place is command)
    async with app_with_tides() as pilot:
        assert place.hint in (await press(pilot, "o", "g")).splitlines()[-2]
        await press(pilot, place.key)
        name = place.action.removeprefix("to('").removesuffix("')")
        expected = type(OPENERS[name](pilot.app.screen.library)) if name in OPENERS else HomeScreen  # type: ignore[attr-defined]
        assert shows(pilot, expected)
        await press(pilot, "escape")
        assert shows(pilot, HomeScreen)


def _own_keys(keys: dict[str, object]) -> None:
    profile = paths.profile_folder("personal")
    (profile / "settings.json").write_text(json.dumps({"keys": keys}))


async def test_a_command_has_the_key_of_the_settings_everywhere(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys({"reading.done": "d", "reading.next": "ctrl+n", "reader.page_down": "f", "go": "G", "go.progress": "x"})
    async with app_with_tides(size=(140, 90)) as pilot:
        assert said(pilot) == ""
        bar = (await press(pilot, "enter")).splitlines()[-2]
        assert shows(pilot, ReadingScreen)
        assert "d done" in bar
        assert "Ctrl+N next" in bar
        help = await press(pilot, "?")
        assert "d           Mark as done" in help
        assert "f           Page down" in help
        assert "After G" in help
        assert "Mark as done  (d)" in await press(pilot, "escape", "ctrl+p")
        await press(pilot, "escape", ".")
        assert pilot.app.screen.page.section.progress.completed_at is None  # type: ignore[attr-defined]
        done = await press(pilot, "d")
        assert "✓ Done" in done


async def test_a_key_that_was_given_away_does_nothing_more_and_the_place_has_its_letter(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys({"go": "G", "go.progress": "x", "rows.down": "ctrl+n", "home.courses": "ctrl+n"})
    async with app_with_tides() as pilot:
        await press(pilot, "o", "g", "p")
        assert not shows(pilot, StudyScreen)
        assert "x progress" in await press(pilot, "G")
        await press(pilot, "x")
        assert shows(pilot, StudyScreen)


async def test_a_key_of_everywhere_that_was_given_away_is_given_away_on_the_sync_screen_too(
    app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    async def sync(self: Library) -> SyncReport:
        synced.append("once")
        return SyncReport(state="idle")

    _own_keys({"sync": "ctrl+r f12"})
    monkeypatch.setattr(Library, "sync", sync)
    async with app_with_tides() as pilot:
        assert said(pilot) == ""
        await press(pilot, "f5")
        shown = await press(pilot, "g", "s")
        assert "Ctrl+R sync now" in shown.splitlines()[-2]
        await press(pilot, "f5")
        assert synced == []
        for count, key in enumerate(("ctrl+r", "f12"), 1):
            await press(pilot, key)
            assert len(synced) == count


async def test_an_unbound_command_is_still_in_the_palette(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys({"reading.done": "", "palette": "f12"})
    async with app_with_tides() as pilot:
        text = await press(pilot, "enter", "end")
        assert ". " not in text.splitlines()[-2]
        assert "mark as done" in text
        assert "Mark as done" not in await press(pilot, "?")
        await press(pilot, "escape", "ctrl+p")
        assert shows(pilot, ReadingScreen)
        assert "Mark as done" in await press(pilot, "f12")
        await press(pilot, *"mark", "enter")
        await press(pilot, "enter")
        assert pilot.app.screen.page.section.progress.completed_at is not None  # type: ignore[attr-defined]


async def test_an_entry_that_cannot_hold_is_said_once_and_the_others_hold(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys({"reading.done": "o", "no.such": "[/b]", "help": "f11"})
    async with app_with_tides() as pilot:
        assert said(pilot).count("“no.such” is not the name of a command") == 1
        assert "and 1 more" in said(pilot)
        assert "F11 keys" in await press(pilot, "o")


_ODD = ("", "{", '{"keys": []}', '{"keys": {"back": "q"}, "theme": 1}', '{"keys": {"back": ["q"], "": "", "a\\u001bb": "x"}}')


@pytest.mark.parametrize("content", _ODD)
async def test_no_settings_file_keeps_the_app_from_opening_or_from_going_back(app_with_tides: Callable[..., Opened], content: str) -> None:
    (paths.profile_folder("personal") / "settings.json").write_text(content)
    async with app_with_tides() as pilot:
        await press(pilot, "o", "escape")
        assert shows(pilot, HomeScreen)
        assert "\x1b" not in said(pilot)


async def test_the_search_screen_names_the_keys_that_it_has(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys(
        {"search.finished": "ctrl+f", "search.level": "", "search.category": "ctrl+g", "search.widen": "ctrl+w", "search.down": "ctrl+n"}
    )
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", "/")
        assert "Ctrl+W ● this course" in shown
        assert "Ctrl+F finished left out   level any   Ctrl+G category any" in shown
        assert "↑ Ctrl+N choose" in shown
        shown = await press(pilot, *"qwxz")
        assert "Ctrl+W searches everything" in shown
        assert "Ctrl+F looks in finished sections, too" in shown
        assert "F3" not in shown
        assert "finished included" in await press(pilot, "ctrl+f")


async def test_the_catalogue_names_the_keys_that_it_has(app_with_tides: Callable[..., Opened]) -> None:
    _own_keys({"catalog.clear": "ctrl+x", "catalog.filter": "F", "catalog.undo": "U"})
    async with app_with_tides() as pilot:
        shown = await press(pilot, "g", "c", "m")
        assert "yours only  Ctrl+X clears" in shown
        assert "Ctrl+X clears the filters, F chooses others." in shown
        await press(pilot, "ctrl+x", "e")
        assert "U undoes it." in said(pilot)


@pytest.mark.parametrize(("own", "key"), [({}, "?"), ({}, "f1"), ({"help": "f11"}, "f11"), ({"back": "ctrl+b"}, "ctrl+b")])
async def test_what_opens_help_closes_it(app_with_tides: Callable[..., Opened], own: dict[str, object], key: str) -> None:
    _own_keys(own)
    async with app_with_tides() as pilot:
        await press(pilot, key if "help" in own or not own else "?")
        assert shows(pilot, HelpScreen)
        await press(pilot, key)
        assert shows(pilot, HomeScreen)


@pytest.mark.parametrize(("own", "key"), [({}, "g"), ({"go": "G"}, "G")])
async def test_what_asks_where_to_go_takes_it_back(app_with_tides: Callable[..., Opened], own: dict[str, object], key: str) -> None:
    _own_keys(own)
    async with app_with_tides() as pilot:
        await press(pilot, key)
        assert shows(pilot, GoScreen)
        await press(pilot, key)
        assert shows(pilot, HomeScreen)
