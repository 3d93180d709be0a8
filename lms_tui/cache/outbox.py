"""What a learner did here, in the order it was done, until the database has it and for 90 days after."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

import msgspec
from msgspec import Struct

from lms_tui.cache.attempts import Attempt, attempts_of
from lms_tui.cache.clock import Clock, from_ms, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.cache.places import put_place
from lms_tui.cache.storable import body_of, cleaned
from lms_tui.model.events import Event
from lms_tui.model.wire import PlaceRow

BATCH_EVENTS = 250
BATCH_BYTES = 256 * 1024
RETENTION = timedelta(days=90)
LONGEST_DELAY = timedelta(hours=1)
"""For how long the database's putting off holds an event back at most: a longer one is of a clock that was ahead."""

_COLUMNS = "event_id, kind, course_id, at_ms, section_id, content_v, seq, boot, mono_ms, body, v"
_Row = tuple[str, str, str, int, str | None, int, int, str, int, str, int]
_decode_body = msgspec.json.Decoder(dict[str, object]).decode


class State(IntEnum):
    """Where an event stands. PENDING and DEFERRED are still to be sent; DEAD needs the person."""

    PENDING = 0
    ACKED = 1
    DEAD = 2
    DEFERRED = 3


class Counts(Struct, frozen=True, kw_only=True):
    """How many events wait, how many the database put off, and how many it refused; since when the oldest waits."""

    pending: int = 0
    deferred: int = 0
    rejected: int = 0
    oldest_at: datetime | None = None

    @property
    def queued(self) -> int:
        """All that is still to be sent."""
        return self.pending + self.deferred


class Problem(Struct, frozen=True, kw_only=True):
    """An event that the database refused, with its reason: a stable code and what it said."""

    event: Event
    code: str
    detail: str


class Outbox:
    """The queue. Events in it never change, and none is deleted before it is acknowledged: triggers in the file see to that."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock

    def record(
        self,
        events: Sequence[Event],
        *,
        place: PlaceRow | None = None,
        drafts_done: Sequence[tuple[str, str]] = (),
        seen: Sequence[Attempt] | None = None,
    ) -> tuple[Event, ...]:
        """Records events in one transaction, with the place and the drafts that go with them; they are on the disk when it returns.

        Gives them as they were kept: numbered, times in whole milliseconds, cleaned. An id that is there already stays as
        it was. ``seen``: the attempts at the last event's section as they were when it was decided on; where they are others
        now, by this program or another, nothing is recorded and nothing given. Raises ``BadInput`` (nothing is recorded) and
        ``StorageFailed``.
        """
        rows = [_as_row(event, body_of(event)) for event in events]
        with self._doors.working() as connection:
            if seen is not None and attempts_of(connection, events[-1].section or "") != tuple(seen):
                return ()
            connection.executemany(
                "INSERT INTO outbox(event_id, v, kind, section_id, course_id, content_v, at_ms, boot, mono_ms, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(event_id) DO NOTHING",
                rows,
            )
            if place is not None:
                put_place(connection, place, to_ms(self._clock.now()))
            connection.executemany("DELETE FROM draft WHERE section_id = ? AND question_id = ?", drafts_done)
            kept = [connection.execute(f"SELECT {_COLUMNS} FROM outbox WHERE event_id = ?", (event.id,)).fetchone() for event in events]
        recorded = tuple(as_event(row) for row in kept)
        self._doors.highest.note(max((event.seq for event in recorded), default=0))
        return recorded

    def pending(self, limit: int = BATCH_EVENTS, max_bytes: int = BATCH_BYTES) -> tuple[Event, ...]:
        """The oldest events that are due, at most so many, and at most so many bytes of JSON but always one.

        What was refused before and is tried again goes in batches of its own, behind what is new: an enrolment may be among that,
        and one in the same batch counts only for what was done after it.
        """
        now = self._clock.now()
        span = to_ms(now) + 1, to_ms(now + LONGEST_DELAY), limit
        with self._doors.reading() as connection:
            rows = _due(connection, " AND (tries = 0 OR state = 3 OR kind IN ('enrolled', 'left'))", span) or _due(connection, "", span)
        taken: list[Event] = []
        for row in rows:
            event = as_event(row)
            max_bytes -= len(msgspec.json.encode(event)) + 1
            if taken and max_bytes < 0:
                break
            taken.append(event)
        return tuple(taken)

    def counts(self) -> Counts:
        """The figures of the status line."""
        with self._doors.reading() as connection:
            waiting = dict(connection.execute("SELECT state, count(*) FROM outbox WHERE state IN (0, 3) GROUP BY state").fetchall())
            dead = connection.execute("SELECT count(*) FROM outbox WHERE state = 2").fetchone()[0]
            oldest = connection.execute("SELECT at_ms FROM outbox WHERE state IN (0, 3) ORDER BY seq LIMIT 1").fetchone()
        return Counts(
            pending=waiting.get(State.PENDING, 0),
            deferred=waiting.get(State.DEFERRED, 0),
            rejected=dead,
            oldest_at=from_ms(oldest[0]) if oldest else None,
        )

    def waiting(self) -> dict[str, int]:
        """How many events of each kind are still to be sent."""
        with self._doors.reading() as connection:
            return dict(connection.execute("SELECT kind, count(*) FROM outbox WHERE state IN (0, 3) GROUP BY kind").fetchall())

    def put_off(self) -> dict[str, int]:
        """How many events the database put off, by its code for why."""
        with self._doors.reading() as connection:
            return dict(connection.execute("SELECT coalesce(code, ''), count(*) FROM outbox WHERE state = 3 GROUP BY 1").fetchall())

    def next_due(self) -> datetime | None:
        """When the first event that waits may be sent; None: nothing waits."""
        with self._doors.reading() as connection:
            row = connection.execute(
                "SELECT min(CASE WHEN next_ms <= ? THEN next_ms ELSE 0 END) FROM outbox WHERE state IN (0, 3)",
                (to_ms(self._clock.now() + LONGEST_DELAY),),
            ).fetchone()
        return None if row[0] is None else from_ms(row[0])

    def problems(self, limit: int = -1) -> tuple[Problem, ...]:
        """The events that the database refused, oldest first: all, or at most so many."""
        with self._doors.reading() as connection:
            rows = connection.execute(
                f"SELECT code, detail, {_COLUMNS} FROM outbox WHERE state = 2 ORDER BY seq LIMIT ?", (limit,)
            ).fetchall()
        return tuple(Problem(event=as_event(row[2:]), code=row[0] or "", detail=row[1] or "") for row in rows)

    def retry(self, event_ids: Sequence[str] | None = None) -> int:
        """Sends refused and put-off events again at once: these, or all. Gives how many."""
        chosen = "" if event_ids is None else " AND event_id IN (SELECT value FROM json_each(?))"
        arguments = () if event_ids is None else (msgspec.json.encode(list(event_ids)).decode(),)
        with self._doors.working() as connection:
            return connection.execute(
                f"UPDATE outbox SET state = 0, next_ms = 0, code = NULL, detail = NULL WHERE state IN (2, 3){chosen}", arguments
            ).rowcount

    def retry_found(self, course_ids: Sequence[str]) -> int:
        """Sends again what was refused because these courses, which are there now, were not. Gives how many."""
        with self._doors.working() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 0, next_ms = 0, code = NULL, detail = NULL WHERE state = 2 AND code = 'unknown_item'"
                " AND course_id IN (SELECT value FROM json_each(?))",
                (msgspec.json.encode(list(course_ids)).decode(),),
            ).rowcount

    def refuse(self, event_id: str, code: str, detail: str) -> None:
        """Sets aside one event that whole batches failed on, so that the rest can go."""
        with self._doors.working() as connection:
            connection.execute(
                "UPDATE outbox SET state = 2, again = 0, tries = tries + 1, code = ?, detail = ? WHERE event_id = ? AND state IN (0, 3)",
                (code, cleaned(detail), event_id),
            )

    def prune(self) -> int:
        """Deletes events that were acknowledged more than 90 days ago. Gives how many.

        Who took what stays: a database that lost everything counts no work without it.
        """
        with self._doors.working() as connection:
            return connection.execute(
                "DELETE FROM outbox WHERE state = 1 AND acked_ms < ? AND kind NOT IN ('enrolled', 'left')",
                (to_ms(self._clock.now() - RETENTION),),
            ).rowcount


def _due(connection: sqlite3.Connection, chosen: str, span: tuple[int, int, int]) -> list[_Row]:
    return connection.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE state IN (0, 3) AND next_ms NOT BETWEEN ? AND ?{chosen} ORDER BY seq LIMIT ?", span
    ).fetchall()


def _as_row(event: Event, body: str) -> tuple[object, ...]:
    return (
        event.id, event.v, event.kind, event.section, event.course, event.content_v, to_ms(event.at), event.boot, event.mono_ms, body,
    )  # fmt: skip


def as_event(row: _Row) -> Event:
    """The event of a row of the outbox."""
    event_id, kind, course, at_ms, section, content_v, seq, boot, mono_ms, body, v = row
    return Event(
        id=event_id,
        kind=kind,
        course=course,
        at=from_ms(at_ms),
        section=section,
        content_v=content_v,
        seq=seq,
        boot=boot,
        mono_ms=mono_ms,
        body=_decode_body(body),
        v=v,
    )
