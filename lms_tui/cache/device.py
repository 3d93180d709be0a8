"""Who records here: the device and the person of a cache file."""

import hashlib
import os
import sqlite3
import uuid
from datetime import datetime
from pathlib import Path

import msgspec

from lms_tui.cache.clock import Clock, from_ms, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.model.errors import StorageFailed
from lms_tui.model.events import uuid7
from lms_tui.model.person import Person

_CLONED = "cloned_ms"
_MACHINE_ID = Path("/etc/machine-id")


def fingerprint(path: Path) -> str:
    """What differs when a file is copied to another machine or folder: a hash, so that it tells nothing else."""
    try:
        machine = _MACHINE_ID.read_text("ascii").strip()
    except OSError:
        machine = str(uuid.getnode())
    return hashlib.sha256(f"{machine}\n{path.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Device:
    """The row of the device. A file that was copied or moved here gets a device id of its own, and keeps its events."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        mark = fingerprint(doors.path)
        with doors.reading() as connection:
            row = _row(connection)
        if not doors.read_only and (row is None or row[1] != mark):
            with doors.working() as connection:
                row = _row(connection)  # another process may have been quicker
                if row is None or row[1] != mark:
                    _name(connection, mark, clock)
                    if row is not None:
                        connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (_CLONED, str(to_ms(clock.now()))))
                    row = _row(connection)
        if row is None:
            raise StorageFailed(f"{doors.path} has never been used here and cannot be written.")
        self.id: str = row[0]
        self.person: Person | None = msgspec.json.decode(row[2], type=Person) if row[2] else None

    @property
    def cloned_at(self) -> datetime | None:
        """When it was first seen that the file had come from elsewhere; None where it was made here."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT value FROM kept WHERE name = ?", (_CLONED,)).fetchone()
        return None if row is None else from_ms(int(row[0]))

    def remember(self, person: Person) -> None:
        """Keeps the person's name, role and zone. Raises ``StorageFailed`` where the file is another person's."""
        if self.person == person:
            return
        if self.person and (self.person.institution_id, self.person.user_id) != (person.institution_id, person.user_id):
            raise StorageFailed(
                f"{self._doors.path} holds the work of {self.person.name or 'another person'}, so nothing was read or changed.",
                "Use a profile of its own for each person.",
            )
        with self._doors.working() as connection:
            connection.execute(
                "UPDATE device SET institution_id = ?, user_id = ?, person = ?",
                (person.institution_id, person.user_id, msgspec.json.encode(person).decode()),
            )
        self.person = person


def _row(connection: sqlite3.Connection) -> tuple[str, str, str | None] | None:
    row: tuple[str, str, str | None] | None = connection.execute("SELECT device_id, fingerprint, person FROM device").fetchone()
    return row


def _name(connection: sqlite3.Connection, mark: str, clock: Clock) -> None:
    now = to_ms(clock.now())
    connection.execute(
        "INSERT INTO device(one, device_id, fingerprint, created_ms) VALUES (1, ?, ?, ?)"
        " ON CONFLICT(one) DO UPDATE SET device_id = excluded.device_id, fingerprint = excluded.fingerprint",
        (uuid7(now, os.urandom(10)), mark, now),
    )
