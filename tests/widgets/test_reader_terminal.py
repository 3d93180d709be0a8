"""The reader in a real terminal: what an author wrote never reaches it as a command."""

import re
import sys
from pathlib import Path

import pytest

from tests.terminal import terminal
from tests.widgets.pages import HOSTILE

APP = """
import sys
from pathlib import Path
from textual.app import App
from lms_tui.widgets.reader import Reader

class Page(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Reader()
    def on_mount(self):
        reader = self.query_one(Reader)
        reader.show(Path(sys.argv[1]).read_text(encoding="utf-8", errors="surrogateescape"))
        reader.focus()
    def on_reader_reached_end(self):
        self.title = "end"

Page().run()
"""
# What the app itself sends: colours, cursor and modes (CSI), colour queries and the pointer's shape (OSC 10, 11, 22), and device strings.
SEQUENCE = re.compile(rb"\x1b\[[?>=<0-9;:$ ]*[A-Za-z]|\x1b\](?:10|11|22);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_][^\x1b]*\x1b\\|\x1b[=>78]")
REORDERING = "\u202e\u2066\u2069\ufeff"
FORBIDDEN = [b"\x1b[2J\x1b[H", b"owned", b"\x1b]0;", b"\x1b[5m", b"\x1b[?1049l"]


@pytest.mark.parametrize("colours", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}])
def test_no_byte_of_the_page_is_obeyed(tmp_path: Path, colours: dict[str, str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(HOSTILE, encoding="utf-8", errors="surrogateescape")
    with terminal([sys.executable, "-c", APP, str(page)], 80, 24, colours) as app:
        app.wait_for("last line")
        assert "[bold]Title[/bold] [/b]" in app.text
        assert "red C1" in app.text
        app.press("tab", "tab", "enter")
        app.wait_for("body")
        app.resize(1, 1)
        app.settle()
        app.resize(60, 20)
        app.press("home")
        app.wait_for("Title")
        app.settle()
        shown = app.raw
        app.press("q")
        assert app.wait_for_end() == 0
    assert [found for found in FORBIDDEN if found in shown] == []
    rest = SEQUENCE.sub(b"", shown).decode("utf-8")
    controls = {found for found in rest if ord(found) < 32 or 0x7F <= ord(found) < 0xA0 or found in REORDERING}
    assert controls <= {"\r", "\n"}
