"""Keys: one letter goes to a place; the settings give commands other keys, and all that names a key follows."""

from collections.abc import Callable

import pytest

from lms_tui.commands import GO
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.places import OPENERS
from tests.screens.driving import Opened, press, shows


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
