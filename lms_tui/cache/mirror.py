"""What the database says of this person, kept as it says it, and the reply that changes it."""

import sqlite3
from datetime import timedelta
from decimal import ROUND_HALF_UP

import msgspec
from msgspec import Struct

from lms_tui.cache.clock import Clock, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.cache.outbox import LONGEST_DELAY
from lms_tui.cache.places import put_place
from lms_tui.cache.storable import cleaned
from lms_tui.model.progress import QuestionState, RollUp, SectionState
from lms_tui.model.wire import AttemptRow, CourseRow, Cursor, DayRow, LessonRow, Outcome, SectionRow, SyncReply, SyncRequest, Verdict

_FIRST_DELAY = timedelta(minutes=1)
_SCOPE = "me"
_MIRRORS = ("section_state", "rollup_state", "enrolment", "day_state", "attempt_state")


class Acknowledged(Struct, frozen=True, kw_only=True):
    """What a reply said of the events that were sent, and how many rows of progress it brought."""

    applied: int = 0
    duplicate: int = 0
    rejected: int = 0
    deferred: int = 0
    pulled: int = 0
    went_back: bool = False


class Mirror:
    """The cursor, and the one way in which a reply of the database enters the file."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock

    def cursor(self) -> Cursor:
        """Up to which change the database's progress is here, and an event that it had counted by then."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT epoch, version FROM cursor WHERE scope = ?", (_SCOPE,)).fetchone()
            last = connection.execute(
                "SELECT event_id FROM outbox WHERE state = 1 ORDER BY acked_version DESC, seq DESC LIMIT 1"
            ).fetchone()
        return Cursor(epoch=row[0], version=row[1], event=last[0] if last else None) if row else Cursor()

    def acknowledge(self, request: SyncRequest, reply: SyncReply) -> Acknowledged:
        """Takes a reply in, in one transaction: verdicts, rows of progress, and the cursor, so that no number jumps back.

        An event of the request without a verdict stays pending. A database of another epoch, behind the cursor, or without
        the cursor's event, was restored: its rows are all there are, and every event kept here goes back to it.
        """
        now = self._clock.now()
        return self._doors.with_reserve(lambda connection: _take(connection, request, reply, to_ms(now)))


def _take(connection: sqlite3.Connection, request: SyncRequest, reply: SyncReply, now_ms: int) -> Acknowledged:
    before = request.cursor
    went_back = before.epoch is not None and (reply.restored or reply.epoch != before.epoch or reply.version < before.version)
    if went_back:
        for table in _MIRRORS:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("UPDATE outbox SET state = 0, again = 1, next_ms = 0, tries = 0 WHERE state = 1")
    counts = dict.fromkeys(Outcome, 0)
    for verdict in reply.verdicts:
        counts[verdict.outcome] += _judge(connection, verdict, reply.version, now_ms)
    pulled = _put_rows(connection, reply, now_ms)
    connection.execute(
        "INSERT INTO cursor VALUES (?, ?, ?) ON CONFLICT(scope) DO UPDATE SET epoch = excluded.epoch, version = excluded.version",
        (_SCOPE, reply.epoch, reply.version),
    )
    return Acknowledged(
        applied=counts[Outcome.APPLIED],
        duplicate=counts[Outcome.DUPLICATE],
        rejected=counts[Outcome.REJECTED],
        deferred=counts[Outcome.DEFERRED],
        pulled=pulled,
        went_back=went_back,
    )


def _judge(connection: sqlite3.Connection, verdict: Verdict, version: int, now_ms: int) -> int:
    if verdict.outcome in (Outcome.APPLIED, Outcome.DUPLICATE):
        return connection.execute(
            "UPDATE outbox SET state = 1, again = 0, code = ?, detail = ?, acked_version = ?, acked_ms = ? WHERE event_id = ?",
            (verdict.code, _text(verdict.detail), version, now_ms, verdict.event_id),
        ).rowcount
    if verdict.outcome is Outcome.REJECTED and not _comes_after_its_beginning(connection, verdict):
        return connection.execute(
            "UPDATE outbox SET state = 2, again = 0, tries = tries + 1, code = ?, detail = ? WHERE event_id = ? AND state IN (0, 3)",
            (verdict.code, _text(verdict.detail), verdict.event_id),
        ).rowcount
    return connection.execute(
        "UPDATE outbox SET state = 3, tries = tries + 1, code = ?, detail = ?, next_ms = ? + min(?, ? << min(tries, 20))"
        " WHERE event_id = ? AND state IN (0, 3)",
        (
            verdict.code,
            _text(verdict.detail),
            now_ms,
            LONGEST_DELAY // timedelta(milliseconds=1),
            _FIRST_DELAY // timedelta(milliseconds=1),
            verdict.event_id,
        ),
    ).rowcount


def _comes_after_its_beginning(connection: sqlite3.Connection, verdict: Verdict) -> bool:
    """Whether the database refused answers only because the beginning of their attempt still waits here: they wait as well."""
    return (
        verdict.code == "not_started"
        and connection.execute(
            "SELECT 1 FROM outbox AS answered JOIN outbox AS begun ON begun.event_id = json_extract(answered.body, '$.attempt')"
            " WHERE answered.event_id = ? AND begun.state IN (0, 3)",
            (verdict.event_id,),
        ).fetchone()
        is not None
    )


def _text(detail: str | None) -> str | None:
    return None if detail is None else str(cleaned(detail))


def _put_rows(connection: sqlite3.Connection, reply: SyncReply, now_ms: int) -> int:
    connection.executemany(
        "INSERT INTO section_state VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(section_id) DO UPDATE SET course_id = excluded.course_id,"
        " lesson_id = excluded.lesson_id, version = excluded.version, completed = excluded.completed,"
        " score_hundredths = excluded.score_hundredths, doc = excluded.doc WHERE excluded.version >= section_state.version",
        [_section(row) for row in reply.sections],
    )
    connection.executemany(
        "INSERT INTO rollup_state VALUES (?, ?, ?, ?)"
        " ON CONFLICT(scope, id) DO UPDATE SET course_id = excluded.course_id, doc = excluded.doc",
        [("lesson", row.lesson, row.course, _roll_up(row)) for row in reply.lessons]
        + [("course", row.course, row.course, _roll_up(row)) for row in reply.courses],
    )
    connection.executemany(
        "INSERT INTO enrolment VALUES (?, ?, ?, ?) ON CONFLICT(course_id) DO UPDATE SET enrolled = excluded.enrolled,"
        " enrolled_ms = excluded.enrolled_ms, content_version = excluded.content_version",
        [
            (row.course, row.enrolled, None if row.enrolled_at is None else to_ms(row.enrolled_at), row.content_version)
            for row in reply.courses
        ],
    )
    connection.executemany("INSERT OR REPLACE INTO day_state VALUES (?, ?, ?, ?)", [_day(row) for row in reply.days])
    connection.executemany("INSERT OR REPLACE INTO attempt_state VALUES (?, ?, ?, ?)", [_attempt(row) for row in reply.attempts])
    for place in reply.places:
        put_place(connection, place, now_ms)
    return sum(map(len, (reply.sections, reply.lessons, reply.courses, reply.days, reply.places, reply.attempts)))


def _section(row: SectionRow) -> tuple[object, ...]:
    state = SectionState(
        completed_at=row.completed_at,
        active_seconds=row.active_seconds,
        last_accessed_at=row.last_accessed_at,
        attempts=row.attempts,
        score=row.score,
        questions={question: QuestionState(points, first_at) for question, (points, first_at) in row.questions.items()},
    )
    score = None if row.score is None else int((100 * row.score).to_integral_value(ROUND_HALF_UP))
    doc = msgspec.json.encode(state).decode()
    return row.section, row.course, row.lesson, row.version, row.completed_at is not None, score, doc


def _roll_up(row: LessonRow | CourseRow) -> str:
    state = RollUp(
        done=row.done,
        total=row.total,
        percent=row.percent,
        completed_at=row.completed_at,
        active_seconds=row.active_seconds,
        last_accessed_at=row.last_accessed_at,
        score=row.score,
    )
    return msgspec.json.encode(state).decode()


def _day(row: DayRow) -> tuple[object, ...]:
    return row.date, row.active_seconds, row.completed, row.answered


def _attempt(row: AttemptRow) -> tuple[object, ...]:
    return row.id, row.section, row.standing == "waiting", msgspec.json.encode(row).decode()
