"""Connections to the cache file, each with the pragmas of its task, which are read back because a build may differ."""

import sqlite3
from enum import Enum
from pathlib import Path

from lms_tui.model.errors import StorageFailed

BUSY_TIMEOUT_MS = 5000
_NORMAL, _FULL = 1, 2


class Task(Enum):
    """What a connection is for. WORK commits what a learner did; CONTENT what can be fetched again; READ never writes."""

    WORK = "work"
    CONTENT = "content"
    READ = "read"


_EVERYWHERE = {
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "foreign_keys": 1,
    "wal_autocheckpoint": 0,  # only the sync leader checkpoints: sqlite.org/wal.html, "the WAL-reset bug"
    "journal_size_limit": 1 << 20,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
}
_BY_TASK = {
    Task.WORK: {"synchronous": _FULL},
    Task.CONTENT: {"synchronous": _NORMAL},
    Task.READ: {"synchronous": _NORMAL, "query_only": 1},
}
_MISSING_IN_SOME_BUILDS = {"fullfsync", "checkpoint_fullfsync", "cell_size_check", "trusted_schema", "mmap_size"}


def connect(path: Path, task: Task) -> sqlite3.Connection:
    """A connection in autocommit, usable from any thread by one at a time. Raises ``sqlite3.Error`` and ``StorageFailed``."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _use_wal(connection, path)
        for name, value in {"mmap_size": 0, **_EVERYWHERE, **_BY_TASK[task]}.items():
            set_pragma(connection, name, value)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_unchanging(path: Path) -> sqlite3.Connection:
    """A connection to a file in a folder that cannot be written: what is in the write-ahead log is not seen."""
    connection = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = 1")
    return connection


def connect_alone(path: Path) -> sqlite3.Connection:
    """A connection that reads the write-ahead log with its index in memory, for a full disk; nobody else may have the file open."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False, timeout=0)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA query_only = 1")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def set_pragma(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Sets a pragma and reads it back. Raises ``StorageFailed`` where this SQLite does not take it."""
    connection.execute(f"PRAGMA {name} = {value}")
    row = connection.execute(f"PRAGMA {name}").fetchone()
    if (row is None and name in _MISSING_IN_SOME_BUILDS) or (row is not None and row[0] == value):
        return
    raise StorageFailed(f"This SQLite ({sqlite3.sqlite_version}) does not take “{name} = {value}”.", "Use a Python with a standard SQLite.")


def _use_wal(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StorageFailed(
            f"The file system of {path.parent} cannot hold a shared database file.",
            "Set LMS_TUI_HOME to a folder on a local disk.",
        )
