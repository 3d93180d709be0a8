"""Opening the cache file: closed to others, never made anew over a loss, and the same after a kill at any point.

``cache.made`` beside the file says that it existed; it is written once the file is safely there. Without it an absent
or empty file is a first start; with it, a loss, which is said. At rest the write-ahead log holds nothing: the last
process to close moves it into the file. After a kill it may hold work, and ``highest`` notices where it was removed then.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from lms_tui.cache.backup import back_up, create_private, fsync_folder, is_ours, salvage, settle
from lms_tui.cache.connect import Task, connect, connect_alone, connect_unchanging
from lms_tui.cache.failures import Damaged, InUse, ReadOnly, WorkLost, no_room, told
from lms_tui.cache.filelock import FileLock
from lms_tui.cache.highest import forget, refuse_a_lost_log
from lms_tui.cache.losses import NAME, SIDECAR, logs_of, what_next
from lms_tui.cache.migrate import migrate, ready_content, version_of
from lms_tui.cache.schema import MIGRATIONS
from lms_tui.model.errors import LmsError
from lms_tui.paths import private_folder


class Opened(Struct, frozen=True, kw_only=True):
    """A cache file that is there. ``read_only`` says why nothing can be recorded, or is empty;
    ``frozen``: read it as unchanging; ``alone``: read it with its log, which takes the file for this process alone.
    """

    path: Path
    read_only: str = ""
    frozen: bool = False
    alone: bool = False


def open_file(folder: Path, now: datetime, migrations: Sequence[str] = MIGRATIONS) -> Opened:
    """Makes the file in its private folder, or takes it to this program's version.

    Raises ``WorkLost``, ``Damaged``, ``DiskFull``, ``ReadOnly``, ``InUse`` or ``StorageFailed``; then nothing was changed.
    """
    path = folder.absolute() / NAME
    with told(path):
        try:
            private_folder(path.parent)
            with FileLock(path.parent / "open.lock"):
                return _open_writable(path, now, migrations)
        except (ReadOnly, sqlite3.OperationalError, OSError) as error:
            frozen = _unwritable(path, error)
            if frozen is None:
                raise
            return frozen


def _open_writable(path: Path, now: datetime, migrations: Sequence[str]) -> Opened:
    sidecar = path.parent / SIDECAR
    refuse_a_loss(path)
    if not path.exists():
        create_private(path)
    with closing(connect(path, Task.WORK)) as connection:
        _refuse_what_is_not_ours(connection, path, sidecar.exists())
        if version_of(connection) > len(migrations):
            return Opened(
                path=path,
                read_only="This library was last opened by a newer lms-tui, so this one can show it but not record anything. Update it.",
            )
        first = version_of(connection) == 0
        if first:
            forget(path)
        else:
            refuse_a_lost_log(path, connection)
        migrate(connection, migrations, lambda: back_up(path, now))
        ready_content(connection)
        if first:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not sidecar.exists():
        _write_sidecar(sidecar, now)
    return Opened(path=path)


def refuse_a_loss(path: Path) -> None:
    """Raises ``WorkLost`` where the file was here before, and is gone or empty."""
    if not path.with_name(SIDECAR).exists() or (path.exists() and path.stat().st_size > 0):
        return
    raise WorkLost(
        f"{path} was here and is now {'empty' if path.exists() else 'gone'}; what was not yet sent to the database was in it.",
        what_next(path),
    )


def _refuse_what_is_not_ours(connection: sqlite3.Connection, path: Path, made: bool) -> None:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if (tables or made) and not is_ours(connection):
        raise Damaged(f"{path} is not a file of lms-tui.", what_next(path))


def _write_sidecar(sidecar: Path, now: datetime) -> None:
    part = sidecar.with_suffix(".part")
    part.unlink(missing_ok=True)
    create_private(part)
    part.write_text(f"cache.db was made {now.isoformat()}\n", "utf-8")
    settle(part, sidecar)


def _unwritable(path: Path, error: LmsError | sqlite3.Error | OSError) -> Opened | None:
    """The file to read where it cannot be written; None where that is not what went wrong, or there is nothing to read."""
    full = no_room(path.parent, error)
    if not full and os.access(path.parent, os.W_OK) and os.access(path, os.W_OK) and not _is_read_only(error):
        return None
    why = "The disk is full" if full else f"{path.parent} cannot be written"
    why = f"{why}, so what you do here is not recorded."
    log, _ = logs_of(path)
    with contextlib.suppress(sqlite3.Error, OSError):
        waits = log.exists() and log.stat().st_size > 0
        if waits and full and _shows_ours(connect_alone, path):
            return Opened(path=path, alone=True, read_only=why)
        if path.stat().st_size > 0 and _shows_ours(connect_unchanging, path):
            return Opened(path=path, frozen=True, read_only=f"{why} What was done last is safe, but not shown." if waits else why)
    return None


def _shows_ours(opening: Callable[[Path], sqlite3.Connection], path: Path) -> bool:
    try:
        with closing(opening(path)) as connection:
            return is_ours(connection)
    except sqlite3.Error:
        return False


def _is_read_only(error: LmsError | sqlite3.Error | OSError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, ReadOnly) or code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


class Salvaged(Struct, frozen=True, kw_only=True):
    """Rows of the precious tables that were kept, rows that could not be read, and where the damaged file is now."""

    kept: int
    unreadable: int
    damaged: Path


def repair(folder: Path, now: datetime) -> Salvaged:
    """Replaces a damaged file by one with every precious row that can be read. Content is fetched again.

    Raises ``InUse`` where another program has the file open, ``Damaged`` where nothing of it can be read.
    """
    path = folder.absolute() / NAME
    with told(path), FileLock(path.parent / "open.lock"):
        leader = FileLock(path.parent / "sync.lock")
        if not leader.take():
            raise InUse(f"Another lms-tui has {path} open.", "Close it and try again.")
        try:
            part = path.with_suffix(".part")
            part.unlink(missing_ok=True)
            kept, unreadable = salvage(path, part)
            damaged = path.with_name(now.strftime("damaged-%Y%m%dT%H%M%SZ.db"))
            path.rename(damaged)
            for log in logs_of(path):
                log.unlink(missing_ok=True)
            settle(part, path)
            fsync_folder(path.parent)
        finally:
            leader.release()
    return Salvaged(kept=kept, unreadable=unreadable, damaged=damaged)
