"""Small copies of what cannot be fetched again, and what can still be read of a damaged file."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from lms_tui.cache import words
from lms_tui.cache.migrate import drop_content, version_of
from lms_tui.cache.schema import APPLICATION_ID, CONTENT_TABLES
from lms_tui.paths import private_folder

KEPT_COPIES = 3
_EVERY = timedelta(days=1)
_NAME = "cache-%Y%m%dT%H%M%S%fZ.db"


def copies(folder: Path) -> list[Path]:
    """The copies in ``backups``, oldest first."""
    return sorted((folder / "backups").glob("cache-*.db"))


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file has this program's tables; an empty file has not. Raises ``sqlite3.Error``."""
    return connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,) and version_of(connection) > 0


def back_up(path: Path, now: datetime, source: sqlite3.Connection | None = None) -> Path:
    """Copies the precious tables, as of one moment, into ``backups``, and keeps the newest three copies.

    ``VACUUM INTO`` takes the moment's copy; the content is dropped from it. ``source`` is a connection to use, for a file
    that has no name any more. Raises ``sqlite3.Error`` and ``OSError``; then the copies are those from before.
    """
    target = private_folder(path.parent / "backups") / now.strftime(_NAME)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    create_private(part)
    try:
        _copy_precious(path, source, part)
        settle(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    ahead_first = sorted(copies(path.parent), key=lambda copy: (copy.name <= target.name, copy.name))  # of a clock that was ahead
    for old in ahead_first[:-KEPT_COPIES]:
        old.unlink(missing_ok=True)
    return target


def _copy_precious(path: Path, source: sqlite3.Connection | None, part: Path) -> None:
    if source is not None:
        source.execute("VACUUM INTO ?", (str(part),))
    else:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)) as found:  # never made here
            found.execute("PRAGMA busy_timeout = 5000")
            found.execute("VACUUM INTO ?", (str(part),))
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        if not is_ours(copy):
            raise sqlite3.DatabaseError(f"{path} has nothing to copy")
        if not words.can_search(copy):
            words.forget_index(copy)
        drop_content(copy)
        copy.execute("VACUUM")


def back_up_daily(path: Path, now: datetime) -> Path | None:
    """A copy where none was made within a day before now; None where there was no need."""
    if any((now - _EVERY).strftime(_NAME) < copy.name <= now.strftime(_NAME) for copy in copies(path.parent)):
        return None
    return back_up(path, now)


def create_private(path: Path) -> None:
    """Makes an empty file that only its owner may read. Raises ``FileExistsError``."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def settle(part: Path, target: Path) -> None:
    """Gives a finished file its name, so that after a power cut the name has all of the file or none."""
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(target)
    fsync_folder(target.parent)


def fsync_folder(folder: Path) -> None:
    """Makes new names in a folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def salvage(damaged: Path, target: Path) -> tuple[int, int]:
    """Copies every row of the precious tables that can be read into a new file; gives rows kept and rows unreadable.

    Nobody else may have the damaged file open. Raises ``sqlite3.DatabaseError`` where not even its schema can be read.
    """
    kept = unreadable = 0
    create_private(target)
    with closing(sqlite3.connect(damaged, isolation_level=None)) as source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        schema = source.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
        precious = [row for row in schema if row[2] not in CONTENT_TABLES and not row[1].startswith("sqlite_")]
        copy.execute("BEGIN")
        for kind in ("table", "index", "trigger"):
            for _, _, _, sql in (row for row in precious if row[0] == kind):
                copy.execute(sql)
        for table in (row[1] for row in precious if row[0] == "table"):
            for row in _readable_rows(source, table):
                if row is None:
                    unreadable += 1
                else:
                    copy.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
                    kept += 1
        if unreadable:
            copy.execute("DELETE FROM cursor")  # what the database said of events is asked for again, from the beginning
        copy.execute("COMMIT")
        copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        copy.execute(f"PRAGMA user_version = {version_of(source)}")
    return kept, unreadable


_Row = tuple[object, ...]


def _readable_rows(source: sqlite3.Connection, table: str) -> Iterator[_Row | None]:
    """The rows of a table, or None for each that cannot be read; those behind a damaged page are asked for one by one."""
    keys = [name for _, name, _, _, _, pk in source.execute(f"PRAGMA table_info({table})") if pk]
    try:
        yield from source.execute(f"SELECT * FROM {table}").fetchall()
        return
    except sqlite3.DatabaseError:
        found = _keys(source, table, keys)
    for key in found:
        where = " AND ".join(f"{name} = ?" for name in keys)
        try:
            yield source.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchone()
        except sqlite3.DatabaseError:
            yield None


def _keys(source: sqlite3.Connection, table: str, names: list[str]) -> list[_Row]:
    """The keys of a table whose rows cannot be walked: from an index where one can be, and by steps over what cannot."""
    if names == ["seq"]:
        last = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return [(number,) for number in range(1, (last[0] if last else 0) + 1)]
    rows: list[_Row] = []
    try:
        rows.extend(source.execute(f"SELECT {', '.join(names)} FROM {table}"))
    except sqlite3.DatabaseError:
        return rows
    return rows
