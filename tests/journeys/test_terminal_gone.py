"""The terminal goes, or the app is told to go: it ends, whatever it was started by, and what was done is there."""

import signal
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import PROGRAM, CommandLine
from tests.terminal import terminal

_SHELL = "trap '' HUP; {} -m lms_tui; echo $? > {}"
"""What waits for the app is not told when the terminal goes, and tells the app nothing, as ``make`` does."""

_STUCK = """
import threading, time
from lms_tui import app, signals
from lms_tui.library import Library
signals.LEAVING_SECONDS = 1.0

async def close(self):
    threading.Thread(target=time.sleep, args=(600,)).start()

Library.close = close
app.run()
"""


@pytest.mark.parametrize("first", ["the app", "what waits for it"])
def test_a_terminal_that_goes_ends_the_app_in_order(command_line: CommandLine, tmp_path: Path, first: str) -> None:
    status = tmp_path / "status"
    waiting = ["sh", "-c", _SHELL.format(sys.executable, status)]
    with terminal(PROGRAM if first == "the app" else waiting) as running:
        running.wait_for("Tour of lms-tui")
        running.wait_for("Enter starts it")
        running.press("enter")
        running.wait_for("1 of 10")
        running.press(".")
        running.wait_for("✓ [Dd]one")
        running.hang_up()
        assert running.process.wait(30) == 0
    assert first == "the app" or status.read_text() == "0\n"
    outline = command_line.json("course", "tour")
    assert outline["lessons"][0]["sections"][0]["progress"]["percent"] == 100
    assert command_line.json("sync")["pending"] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_app_that_cannot_leave(home: Path, number: signal.Signals) -> None:
    with terminal(["sh", "-c", 'trap "" HUP; exec "$@"', "-", sys.executable, "-c", _STUCK]) as running:
        running.wait_for("Continue|Start here|Preparing|Tour")
        running.settle()
        running.process.send_signal(number)
        assert running.process.wait(20) == -signal.SIGALRM
