"""The number of the newest event, kept beside the cache file, so that a lost write-ahead log is noticed.

It is written after each commit and never waited for: the system keeps it through a kill of the program, and a power cut
can only make it older, which hides a loss and never invents one. It counts for one file alone (its inode), so a copy that
takes the file's place is no loss. What remains unseen: changes that are no events (places, drafts, what the database
said), which were in the log too; a loss where power went at the same time; and a log that was removed with this file.
"""

import os
import sqlite3
import threading
from pathlib import Path

from lms_tui.cache.failures import WorkLost
from lms_tui.cache.losses import logs_of

NAME = "cache.last"
_DIGITS = 20


class Highest:
    """Where the number is kept. ``note`` never fails: it is a help and not a record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._turn = threading.Lock()

    def note(self, number: int) -> None:
        """Keeps the number of an event that was committed."""
        with self._turn:
            try:
                if self._handle is None:
                    self._handle = os.open(self._path.with_name(NAME), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                os.lseek(self._handle, 0, os.SEEK_SET)
                os.write(self._handle, f"{self._path.stat().st_ino:0{_DIGITS}} {number:0{_DIGITS}}\n".encode())
            except OSError:
                self._let_go()

    def close(self) -> None:
        """Lets go of the file."""
        with self._turn:
            self._let_go()

    def _let_go(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def refuse_a_lost_log(path: Path, connection: sqlite3.Connection) -> None:
    """Raises ``WorkLost`` where events were recorded after the newest one that the file has."""
    noted = _noted(path)  # first: another process may be recording
    lost = noted - _newest(connection)
    if lost <= 0:
        return
    log, _ = logs_of(path)
    what = "The last thing that you did here is" if lost == 1 else f"The last {lost} things that you did here are"
    raise WorkLost(
        f"{what} not in {path}: {log.name} was removed while it held work, or an older copy took the file's place.",
        f"Put {log} back, or delete {path.with_name(NAME)} to go on without.",
    )


def _newest(connection: sqlite3.Connection) -> int:
    """The highest number that an event ever had: those that were deleted since count, too."""
    return int(connection.execute("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'").fetchone()[0])


def forget(path: Path) -> None:
    """A file that was made now has lost nothing: another one may have had its inode."""
    path.with_name(NAME).unlink(missing_ok=True)


def _noted(path: Path) -> int:
    """The number that was kept of this very file; 0 where there is none."""
    try:
        inode, number = path.with_name(NAME).read_bytes().split()
        return int(number) if int(inode) == path.stat().st_ino else 0
    except (OSError, ValueError):
        return 0
