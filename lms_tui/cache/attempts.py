"""Attempts at assessments: as the database has them, and with what waits here on top."""

import sqlite3
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms_tui.cache.clock import from_ms
from lms_tui.cache.doors import Doors
from lms_tui.model.events import EventKind
from lms_tui.model.wire import AttemptRow

_row = msgspec.json.Decoder(AttemptRow)
_body = msgspec.json.Decoder(dict[str, Any])


class Attempt(Struct, frozen=True, kw_only=True):
    """An attempt at an ASSESSMENT. ``row`` is what the database says, None where it does not have it.

    ``begun_at`` is this device's time where it was begun here, ``handed_in_at`` where a set of answers waits here.
    """

    id: str
    begun_at: datetime | None = None
    handed_in_at: datetime | None = None
    row: AttemptRow | None = None

    @property
    def answered(self) -> bool:
        """Whether it was handed in, here or as far as the database knows."""
        return self.handed_in_at is not None or (self.row is not None and self.row.at is not None)


class Attempts:
    """Reads of attempts."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def of(self, section_id: str) -> tuple[Attempt, ...]:
        """A section's attempts, the oldest first."""
        with self._doors.reading() as connection:
            return attempts_of(connection, section_id)

    def sections(self) -> tuple[str, ...]:
        """The sections at which this person has begun attempts."""
        with self._doors.reading() as connection:
            rows = connection.execute(
                "SELECT section_id FROM outbox WHERE kind = 'attempt_started' UNION SELECT section_id FROM attempt_state"
            ).fetchall()
        return tuple(section_id for (section_id,) in rows)

    def open_sections(self) -> tuple[str, ...]:
        """The sections at which an attempt may be under way: it was begun here or elsewhere, and the database has no answers to it."""
        with self._doors.reading() as connection:
            rows = connection.execute(
                "SELECT section_id FROM outbox"
                " WHERE kind IN ('attempt_started', 'answered') AND state IN (0, 3) AND kind = 'attempt_started'"
                " UNION SELECT section_id FROM attempt_state WHERE json_extract(doc, '$.standing') = 'started'"
            ).fetchall()
        return tuple(section_id for (section_id,) in rows)

    def waiting(self) -> bool:
        """Whether the database has an attempt that it has not graded yet."""
        with self._doors.reading() as connection:
            return connection.execute("SELECT 1 FROM attempt_state WHERE waiting = 1 LIMIT 1").fetchone() is not None


def attempts_of(connection: sqlite3.Connection, section_id: str) -> tuple[Attempt, ...]:
    """A section's attempts, the oldest first."""
    attempts = _known(connection, section_id)
    rows = connection.execute(
        "SELECT event_id, kind, at_ms, body FROM outbox WHERE section_id = ? AND kind IN ('attempt_started', 'answered')"
        " AND state IN (0, 3) ORDER BY seq",
        (section_id,),
    ).fetchall()
    for event_id, kind, at_ms, body in rows:
        named = event_id if kind == EventKind.ATTEMPT_STARTED else _body.decode(body).get("attempt") or event_id
        attempt = attempts.get(named, Attempt(id=named))
        if kind == EventKind.ATTEMPT_STARTED:
            attempts[named] = replace(attempt, begun_at=from_ms(at_ms))
        elif not attempt.answered:
            attempts[named] = replace(attempt, handed_in_at=from_ms(at_ms))
    return tuple(sorted(attempts.values(), key=lambda attempt: attempt.id))


def _known(connection: sqlite3.Connection, section_id: str) -> dict[str, Attempt]:
    """What the database says; an attempt that was begun on this device has its time as well."""
    rows = connection.execute(
        "SELECT attempt_id, doc, at_ms FROM attempt_state LEFT JOIN outbox ON event_id = attempt_id AND kind = 'attempt_started'"
        " WHERE attempt_state.section_id = ?",
        (section_id,),
    ).fetchall()
    return {key: Attempt(id=key, begun_at=None if at_ms is None else from_ms(at_ms), row=_row.decode(doc)) for key, doc, at_ms in rows}
