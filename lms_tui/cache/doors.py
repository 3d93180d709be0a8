"""The three connections of a cache file: one writer of work, one of content, one reader, and the lock around each."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from lms_tui.cache.backup import back_up, create_private, fsync_folder
from lms_tui.cache.clock import Clock
from lms_tui.cache.connect import Task, connect, connect_alone, connect_unchanging, set_pragma
from lms_tui.cache.failures import DiskFull, ReadOnly, WorkLost, told
from lms_tui.cache.file import Opened
from lms_tui.cache.filelock import FileLock
from lms_tui.cache.highest import Highest
from lms_tui.cache.leader import LEADERS
from lms_tui.cache.losses import logs_of, what_next

BALLAST_BYTES = 256 * 1024
CHECKPOINT_PAGES = 200
LONGEST_LOG_BYTES = 16 * 1024 * 1024

_Result = TypeVar("_Result")


class Doors:
    """Reads happen on the caller's thread, writes on any thread; a write is durable when it returns."""

    def __init__(self, opened: Opened, clock: Clock) -> None:
        self.path = opened.path
        self._clock = clock
        self.read_only = opened.read_only
        self._writing = threading.RLock()
        self._reading = threading.RLock()
        with told(self.path):
            if opened.frozen:
                self._read = self._work = self._content = connect_unchanging(self.path)
            elif opened.alone:
                self._read = self._work = self._content = connect_alone(self.path)
            else:
                self._read = connect(self.path, Task.READ)
                self._work = connect(self.path, Task.WORK)
                self._content = connect(self.path, Task.CONTENT)
            self._file = self._file_there()
            self._search: sqlite3.Connection | None = None
            self._searching = threading.Lock()
        self.highest = Highest(self.path)
        self._log, _ = logs_of(self.path)
        self._rescued = False
        self._ballast = self.path.with_name("ballast.bin")
        if not self.read_only:
            self._put_ballast()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file. Fetch all rows inside it; raises ``StorageFailed``."""
        with self._reading, told(self.path):
            nested = self._read.in_transaction
            if nested:  # inside another reading on this thread: the same moment
                yield self._read
                return
            self._read.execute("BEGIN")
            try:
                yield self._read
            finally:
                if self._read.in_transaction:
                    self._read.execute("COMMIT")

    @contextmanager
    def searching(self) -> Iterator[sqlite3.Connection]:
        """A connection for what may take long, made when it is first needed: nobody who reads waits for it. Raises ``StorageFailed``."""
        if self._read is self._work:  # a file that cannot be written is read by one connection
            with self.reading() as connection:
                yield connection
            return
        with self._searching, told(self.path):
            if self._search is None:
                self._search = connect(self.path, Task.READ)
            yield self._search

    def stop_searching(self) -> None:
        """Interrupts what another thread does in ``searching``."""
        if self._search is not None:
            self._search.interrupt()

    @contextmanager
    def working(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when the block ends, or has not happened. Raises ``StorageFailed``."""
        with self._writing, self._transaction(self._work) as connection:
            yield connection

    @contextmanager
    def writing_content(self) -> Iterator[sqlite3.Connection]:
        """A transaction of what can be fetched again: it survives a kill, and perhaps not a power cut."""
        with self._writing:
            with self._transaction(self._content) as connection:
                yield connection
            with told(self.path):
                if self._checkpoints:
                    self._checkpoint()
                elif self._log.exists() and self._log.stat().st_size > LONGEST_LOG_BYTES:
                    self._checkpoint_where_nobody_leads()

    def _checkpoint(self) -> None:
        self._work.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _checkpoint_where_nobody_leads(self) -> None:
        """The log must not grow for as long as nothing syncs: this process takes the leader's place for a moment, if that is free."""
        place = FileLock(self.path.with_name(LEADERS))
        if place.take():
            try:
                self._checkpoint()
            finally:
                place.release()

    def _file_there(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def refuse_a_loss(self) -> None:
        """Raises ``WorkLost`` where the file was deleted or replaced while it is open: what is written now would go with it.

        What is in it is copied into ``backups`` once, because this process may be the last that can read it.
        """
        if self._file_there() == self._file:
            return
        with self._writing:
            if not self._rescued and not self.read_only and self.path.parent.exists():
                with contextlib.suppress(sqlite3.Error, OSError):
                    back_up(self.path, self._clock.now(), self._work)
                    self._rescued = True
        done = " All from before was copied." if self._rescued else ""
        raise WorkLost(f"{self.path} was deleted or replaced while lms-tui was open, so this was not recorded.{done}", what_next(self.path))

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ReadOnly(self.read_only, "What was recorded earlier is safe.")
        with told(self.path):
            self.refuse_a_loss()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def with_reserve(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """A transaction that may use the last room on a full disk: acknowledgements free more than they take."""
        try:
            with self.working() as connection:
                return work(connection)
        except DiskFull:
            if not self._ballast.exists():
                raise
            self._ballast.unlink()
        with self.working() as connection:
            return work(connection)

    def _put_ballast(self) -> None:
        if self._ballast.exists() and self._ballast.stat().st_size >= BALLAST_BYTES:
            return
        with contextlib.suppress(OSError):  # no room: there is nothing to hold back
            self._ballast.unlink(missing_ok=True)
            create_private(self._ballast)
            self._ballast.write_bytes(b"\xa5" * BALLAST_BYTES)
            fsync_folder(self._ballast.parent)

    _checkpoints = False

    def checkpoint_here(self) -> None:
        """This process takes over moving the write-ahead log into the file. Only the sync leader may."""
        with self._writing, told(self.path):
            set_pragma(self._work, "wal_autocheckpoint", CHECKPOINT_PAGES)
            self._checkpoints = True

    def vacuum(self) -> None:
        """Gives unused pages back. Raises ``StorageFailed``."""
        with self._writing, told(self.path):
            self._work.execute("VACUUM")

    def check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; nothing where it is healthy."""
        with self._reading, told(self.path):
            found = [str(row[0]) for row in self._read.execute("PRAGMA quick_check")]
        return () if found == ["ok"] else tuple(found)

    def close(self) -> None:
        """Closes the connections; the last one of all processes moves the log into the file."""
        self.stop_searching()
        with self._writing, self._reading, self._searching:
            for connection in (self._search, self._read, self._content, self._work):
                if connection is not None:
                    connection.close()
            self.highest.close()
