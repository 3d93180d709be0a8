"""What SQLite and the system say, as sentences for people."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms_tui.cache.losses import what_next
from lms_tui.model.errors import LmsError, StorageFailed


class WorkLost(StorageFailed):
    """The cache file existed and is gone or empty."""

    code = "work_lost"


class Damaged(StorageFailed):
    """The cache file holds pages that cannot be read."""

    code = "damaged"


class DiskFull(StorageFailed):
    """No room is left for the cache file."""

    code = "disk_full"


class ReadOnly(StorageFailed):
    """The cache file can be read and not written."""

    code = "read_only"


class InUse(StorageFailed):
    """Another program held the cache file for too long."""

    code = "in_use"


_NEEDED_BYTES = 128 * 1024  # what SQLite's own files beside the cache file begin with, and some more


def no_room(folder: Path, error: BaseException | None = None) -> bool:
    """Whether the file system of a folder is full, by its own account or by what it answered."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    try:
        return shutil.disk_usage(folder).free < _NEEDED_BYTES
    except OSError:
        return False


def explain(error: sqlite3.Error | OSError, path: Path) -> LmsError:
    """The failure that a person is told about."""
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    may_be_full = isinstance(error, OSError) or primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
    if primary == sqlite3.SQLITE_FULL or (may_be_full and no_room(path.parent, error)):
        return DiskFull("The disk is full, so this was not recorded. What was recorded earlier is safe.", "Free some space and try again.")
    if isinstance(error, OSError):
        return StorageFailed(f"{path} could not be used: {error.strerror or error}.", "Check that the folder exists and is yours.")
    if primary == sqlite3.SQLITE_CANTOPEN and path.parent.exists() and not path.exists():
        return WorkLost(f"{path} is gone, so this was not recorded.", what_next(path))
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ReadOnly(f"{path} cannot be written, so this was not recorded.", f"Make {path.parent} writable for you and try again.")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return InUse(f"Another program held {path} for too long, so this was not recorded.", "Close it and try again.")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged(f"{path} is damaged: part of it cannot be read.", what_next(path))
    return StorageFailed(f"{path} could not be read or written ({error}).", "What was just done may not be recorded.")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system raise into ``StorageFailed``; broken constraints and misuse are left as they are."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise explain(error, path) from error
