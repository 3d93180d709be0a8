"""Whose work a cache file holds, asked without opening it for work."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from lms_tui.cache.connect import Task, connect, connect_unchanging
from lms_tui.cache.failures import Damaged, told
from lms_tui.cache.file import refuse_a_loss
from lms_tui.cache.losses import NAME, what_next
from lms_tui.model.person import Person


def owner(folder: Path) -> Person | None:
    """The person of the file in a profile's folder; None where there never was a file, or nobody is known of it.

    Raises ``StorageFailed``; as ``WorkLost`` where the file was there before.
    """
    path = folder.absolute() / NAME
    with told(path):
        refuse_a_loss(path)
        if not path.exists() or path.stat().st_size == 0:
            return None
        try:
            kept = _person(connect(path, Task.READ))
        except sqlite3.OperationalError:  # where nothing can be written, not even beside it
            kept = _person(connect_unchanging(path))
    try:
        return msgspec.json.decode(kept, type=Person) if kept else None
    except msgspec.MsgspecError as error:
        raise Damaged(f"Whose work is in {path} cannot be read.", what_next(path)) from error


def _person(connection: sqlite3.Connection) -> str | None:
    with closing(connection):
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return None
        row = connection.execute("SELECT person FROM device").fetchone()
    return str(row[0]) if row and row[0] else None
