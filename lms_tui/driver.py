"""Textual's driver for Linux and macOS, which notices when the terminal has gone, and ends the app then.

Textual's own goes on for ever: it reads end of file as fast as it can, and its writing thread dies of the first line that
cannot be written, behind which the app waits (Textual 8.2.8, ``LinuxDriver.run_input_thread``, ``WriterThread.run``).
"""

import os
import selectors
from codecs import getincrementaldecoder
from io import TextIOWrapper
from typing import IO, Any, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from lms_tui import signals

_LOOK_SECONDS = 0.1
_AT_ONCE = 4096


class TerminalDriver(LinuxDriver):
    """Leaves in order at end of file, and where the terminal can no longer be read or written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file = cast("TextIOWrapper", _WhileItIsThere(cast("IO[str]", self._file), self._gone))

    def run_input_thread(self) -> None:
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_SECONDS):
                    data = self._read()
                    if not data:
                        self._gone()
                        return
                    for message in parser.feed(decode(data)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _AT_ONCE)
        except OSError:  # EIO: the terminal was hung up
            return b""

    def _gone(self) -> None:
        self._loop.call_soon_threadsafe(signals.leave, self._app)


class _WhileItIsThere:
    """A stream that takes what is written to it even when it has gone, and tells of that."""

    def __init__(self, stream: IO[str], gone: Any) -> None:
        self._stream = stream
        self._gone = gone

    def write(self, text: str) -> None:
        try:
            self._stream.write(text)
        except OSError:
            self._gone()

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            self._gone()

    def fileno(self) -> int:
        return self._stream.fileno()
