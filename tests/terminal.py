"""A program in a real pseudo-terminal: its keys, its screen as a person would see it, and every byte that it sent."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyte

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f9": "\x1b[20~",
    "shift+tab": "\x1b[Z",
}

# What pyte would print rather than ignore: mode and version queries, key protocols, window operations, OSC, APC and DCS strings.
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[?>=<][0-9;]*(?:\$p|u|c|q|m)|\x1b\[[0-9;]*(?:\$p| q|t)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?>=<$ ]*|[\]P_^][^\x07\x1b]*\x1b?)?$")

# Makes the pseudo-terminal the program's controlling terminal, so that a resize is told to it.
_TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


class Terminal:
    """A running program and its screen. ``raw`` has every byte that the program sent."""

    def __init__(self, command: Sequence[str], columns: int = 80, rows: int = 24, environment: Mapping[str, str] | None = None) -> None:
        self.raw = b""
        self._hung_up = False
        self._kept_back = b""
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = os.openpty()
        self._set_size(columns, rows)
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}  # they would beat a resize
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**inherited, **colours, **(environment or {})},
        )
        os.close(slave)

    @property
    def lines(self) -> list[str]:
        """The screen's lines without the blanks at their ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def press(self, *keys: str) -> None:
        """Presses keys by name, or characters."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def resize(self, columns: int, rows: int) -> None:
        """Gives the terminal another size."""
        self._set_size(columns, rows)
        self.screen.resize(rows, columns)

    def wait_for(self, pattern: str, seconds: float = 30.0) -> re.Match[str]:
        """Reads until the screen matches; fails with the screen when it does not, or the program ends."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.text, re.MULTILINE)):
            if time.monotonic() > deadline or not self._read(0.2):
                raise AssertionError(f"{pattern!r} did not come up within {seconds:g} s; the screen:\n{self.text}")
        return found

    def wait_until_gone(self, pattern: str, seconds: float = 30.0) -> None:
        """Reads until the screen no longer matches."""
        deadline = time.monotonic() + seconds
        while re.search(pattern, self.text, re.MULTILINE):
            if time.monotonic() > deadline or not self._read(0.2):
                raise AssertionError(f"{pattern!r} stayed for {seconds:g} s; the screen:\n{self.text}")

    def settle(self, quiet_seconds: float = 0.4, at_most: float = 10.0) -> None:
        """Reads until the program has sent nothing for a while."""
        deadline = time.monotonic() + at_most
        while time.monotonic() < deadline and self._ready(quiet_seconds) and self._read(0):
            pass

    def wait_for_end(self, seconds: float = 20.0) -> int:
        """Reads until the program has ended, and returns its exit status."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._read(0.2):
            pass
        return self.process.wait(timeout=max(0.1, deadline - time.monotonic()))

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def hang_up(self) -> None:
        """Closes the terminal under the program, as when a window or a connection goes."""
        os.close(self._master)
        self._hung_up = True

    def close(self) -> None:
        """Ends the program, gently first, and gives the terminal back."""
        if self._hung_up:
            self.kill()
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.wait_for_end(10)
            except subprocess.TimeoutExpired:
                self.kill()
        os.close(self._master)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _ready(self, seconds: float) -> bool:
        return bool(select.select([self._master], [], [], seconds)[0])

    def _read(self, seconds: float) -> bool:
        """Takes what comes within some seconds; False when the program has closed its terminal."""
        if not self._ready(seconds):
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: Linux says so where others say end of file
            return False
        self.raw += data
        data = self._kept_back + data
        unfinished = _UNFINISHED.search(data[-4096:])
        whole = len(data) - (len(unfinished.group()) if unfinished else 0)
        self._kept_back = data[whole:]
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[:whole]))
        return bool(data)


@contextmanager
def terminal(command: Sequence[str], columns: int = 80, rows: int = 24, environment: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """A program in a terminal that is closed at the end, whatever happens."""
    running = Terminal(command, columns, rows, environment)
    try:
        yield running
    finally:
        running.close()
