"""The terminal that the journeys use shows what a program draws, passes keys and sizes on, and keeps every byte."""

import sys

import pytest

from tests.terminal import terminal

ECHO = """
import shutil, signal, sys, termios, tty
tty.setcbreak(0)
signal.signal(signal.SIGWINCH, lambda *_: print("now", *shutil.get_terminal_size(), flush=True))
sys.stdout.write("\\x1b]0;title\\x07\\x1b[?2026$p\\x1b[31mready\\x1b[0m\\n"); sys.stdout.flush()
while (key := sys.stdin.read(1)) != "q":
    print("key", key, flush=True)
sys.exit(3)
"""


def test_keys_sizes_and_bytes() -> None:
    with terminal([sys.executable, "-c", ECHO], columns=40, rows=10) as program:
        program.wait_for("^ready$")
        program.press("a")
        program.wait_for("key a")
        program.resize(60, 20)
        program.wait_for("now 60 20")
        program.press("q")
        assert program.wait_for_end() == 3
        assert b"\x1b]0;title\x07" in program.raw
        assert "title" not in program.text
        assert next(iter(program.screen.buffer[0].values())).fg == "red"


def test_what_does_not_come_fails_with_the_screen() -> None:
    with (
        terminal([sys.executable, "-c", "print('here I am')"]) as program,
        pytest.raises(AssertionError, match="here I am"),
    ):
        program.wait_for("never", seconds=5)
