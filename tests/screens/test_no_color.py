"""``NO_COLOR`` in a real terminal: everything is there, marked by signs and by bold and reversed letters, and no colour is sent."""

import json
import re
import sys

import pytest

from lms_tui import paths
from lms_tui.themes import CHOICES
from tests.screens.sample import put_into_cache
from tests.terminal import terminal

_STYLES = re.compile(rb"\x1b\[([0-9;]*)m")
_COLOURLESS = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29"}


@pytest.mark.parametrize("theme", CHOICES.values())
def test_no_colour_is_sent_whatever_theme_is_remembered(theme: str) -> None:
    put_into_cache()
    (paths.profile_folder("personal") / "settings.json").write_text(json.dumps({"theme": theme}))
    with terminal([sys.executable, "-m", "lms_tui", "--offline"], 80, 24, {"NO_COLOR": "1"}) as app:
        app.wait_for("Tides for Beginners")
        app.press("o")
        app.wait_for("▌ +○ The pull of the moon")
        app.press("enter")
        app.wait_for("The moon pulls at the sea")
        app.press("/")
        app.wait_for("Enter finds")
        app.press(*"moon", "enter")
        app.wait_for("N previous")
        app.settle()
        marked = [app.screen.buffer[y][x] for y in range(24) for x in range(80) if app.screen.buffer[y][x].reverse]
        assert "".join(cell.data for cell in marked if cell.data.isalpha()).casefold() == "moon"
        cells = [cell for row in app.screen.buffer.values() for cell in row.values()]
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}
        app.press("q")
    codes = {code for found in _STYLES.findall(app.raw) for code in found.decode().split(";")}
    assert codes <= _COLOURLESS
