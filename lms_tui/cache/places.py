"""Where a reader was in each section, and answers that are not yet checked."""

import sqlite3

import msgspec

from lms_tui.cache.clock import Clock, from_ms, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.cache.storable import cleaned
from lms_tui.model.errors import BadInput
from lms_tui.model.question import Response
from lms_tui.model.wire import PlaceRow

_COLUMNS = "section_id, block, quote, ratio, at_ms"


class Places:
    """Places and drafts: they survive a kill, and a later one replaces an earlier one."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock

    def save(self, place: PlaceRow) -> None:
        """Keeps a place, where it is not older than what is kept."""
        with self._doors.working() as connection:
            put_place(connection, place, to_ms(self._clock.now()))

    def of(self, section_id: str) -> PlaceRow | None:
        """The place in a section."""
        with self._doors.reading() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM place WHERE section_id = ?", (section_id,)).fetchone()
        return _as_place(row) if row else None

    def save_draft(self, section_id: str, question_id: str, response: Response) -> None:
        """Keeps a response that is not yet checked. Raises ``BadInput`` for what JSON cannot hold."""
        try:
            text = msgspec.json.encode(cleaned(response)).decode()
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise BadInput(f"This answer cannot be kept ({error}).") from error
        with self._doors.working() as connection:
            connection.execute(
                "INSERT INTO draft VALUES (?, ?, ?, ?)"
                " ON CONFLICT(section_id, question_id) DO UPDATE SET response = excluded.response, at_ms = excluded.at_ms",
                (section_id, question_id, text, to_ms(self._clock.now())),
            )

    def drafts(self, section_id: str) -> dict[str, Response]:
        """The responses in a section that are not yet checked, by question id."""
        with self._doors.reading() as connection:
            rows = connection.execute("SELECT question_id, response FROM draft WHERE section_id = ?", (section_id,)).fetchall()
        return {question: msgspec.json.decode(text) for question, text in rows}


def put_place(connection: sqlite3.Connection, place: PlaceRow, now_ms: int) -> None:
    """Keeps a place inside the open transaction, where it is not older than what is kept, or that is of a clock that was ahead."""
    connection.execute(
        "INSERT INTO place VALUES (?, ?, ?, ?, ?) ON CONFLICT(section_id) DO UPDATE SET block = excluded.block,"
        " quote = excluded.quote, ratio = excluded.ratio, at_ms = excluded.at_ms WHERE excluded.at_ms >= place.at_ms OR place.at_ms > ?",
        (place.section, cleaned(place.block), cleaned(place.quote), place.ratio, to_ms(place.at), now_ms),
    )


def _as_place(row: tuple[str, str, str, float, int]) -> PlaceRow:
    section, block, quote, ratio, at_ms = row
    return PlaceRow(section=section, block=block, quote=quote, ratio=ratio, at=from_ms(at_ms))
