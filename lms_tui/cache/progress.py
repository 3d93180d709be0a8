"""Progress as this person sees it: what the database says, with the events that wait counted on top."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from msgspec import Struct

from lms_tui.cache.clock import from_ms, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.cache.overlay import WAITING, Counted, Counting, stored_roll_ups
from lms_tui.model.events import EventKind
from lms_tui.model.progress import RollUp, SectionState
from lms_tui.model.wire import DayRow

SECONDS_A_DAY = 86400


class CourseProgress(Struct, frozen=True, kw_only=True):
    """A course at three levels, by section and lesson id. A section that nobody touched is not in ``sections``."""

    sections: dict[str, SectionState]
    lessons: dict[str, RollUp]
    course: RollUp
    enrolled: bool


class Standing(Struct, frozen=True, kw_only=True):
    """A course in lists: whether the person takes it, how far they are, and the version of its content in the database."""

    enrolled: bool = False
    enrolled_at: datetime | None = None
    content_version: int = 0
    roll_up: RollUp = RollUp()


class Totals(Struct, frozen=True, kw_only=True):
    """Sections completed, and the mean of the best scores of graded sections (0 to 100, two decimal places)."""

    sections_completed: int = 0
    average_score: float | None = None


class Progress:
    """Reads of progress, each of one moment of the file."""

    def __init__(self, doors: Doors, zone: Callable[[], tzinfo]) -> None:
        self._doors = doors
        self._zone = zone
        self._counting = Counting()

    def course(self, course_id: str) -> CourseProgress:
        """A course at three levels."""
        with self._doors.reading() as connection:
            counted = self._counting.of(connection, course_id)
            standing = self._standings(connection, [course_id])[course_id]
            said = {} if counted.events else stored_roll_ups(connection, "lesson", [course_id])
            return CourseProgress(
                sections=dict(counted.sections),
                lessons=counted.lessons() | said,
                course=standing.roll_up if standing.roll_up.total else counted.course(),
                enrolled=standing.enrolled,
            )

    def section(self, section_id: str) -> SectionState:
        """A section; ``questions`` are the best points of each so far."""
        with self._doors.reading() as connection:
            row = connection.execute(
                "SELECT course_id FROM section WHERE id = :id UNION ALL SELECT course_id FROM section_state WHERE section_id = :id LIMIT 1",
                {"id": section_id},
            ).fetchone()
            return self._counting.of(connection, row[0]).sections.get(section_id, SectionState()) if row else SectionState()

    def standings(self, course_ids: Collection[str] | None = None) -> dict[str, Standing]:
        """These courses, or all that the person ever took or touched, by id."""
        with self._doors.reading() as connection:
            return self._standings(connection, course_ids)

    def _standings(self, connection: sqlite3.Connection, course_ids: Collection[str] | None) -> dict[str, Standing]:
        roll_ups = stored_roll_ups(connection, "course", course_ids)
        rows = connection.execute("SELECT course_id, enrolled, enrolled_ms, content_version FROM enrolment").fetchall()
        enrolments = {row[0]: row[1:] for row in rows}
        touched = _courses_with_waiting(connection)
        ids = list(dict.fromkeys([*enrolments, *roll_ups, *touched])) if course_ids is None else course_ids
        found: dict[str, Standing] = {}
        for course_id in ids:
            enrolled, enrolled_ms, content_version = enrolments.get(course_id, (0, None, 0))
            roll_up, said = roll_ups.get(course_id, RollUp()), None
            if course_id in touched:
                one = self._counting.of(connection, course_id)
                roll_up, said = _course_roll_up(one, roll_up), one.enrolled
            found[course_id] = Standing(
                enrolled=bool(enrolled) if said is None else said,
                enrolled_at=None if enrolled_ms is None else from_ms(enrolled_ms),
                content_version=content_version,
                roll_up=roll_up,
            )
        return found

    def days(self, since: date | None = None) -> tuple[DayRow, ...]:
        """Local days with anything in them, oldest first, in the person's zone: the facts of heat map and streak."""
        with self._doors.reading() as connection:
            rows = connection.execute("SELECT date, active_seconds, completed, answered FROM day_state").fetchall()
            courses = [self._counting.of(connection, course_id) for course_id in _courses_with_waiting(connection)]
        days: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        days.update({row[0]: list(row[1:]) for row in rows})
        zone = self._zone()
        for counted in courses:
            _add_days(days, counted, zone)
        first = since.isoformat() if since else ""
        return tuple(
            DayRow(date=key, active_seconds=min(seconds, SECONDS_A_DAY), completed=completed, answered=answered)
            for key, (seconds, completed, answered) in sorted(days.items())
            if key >= first and (seconds or completed or answered)
        )

    def active_seconds(self, day: date) -> int:
        """The active seconds of one local day: what ``days`` gives for it, without counting anything else."""
        zone = self._zone()
        begins, ends = (datetime.combine(one, time.min, zone) for one in (day, day + timedelta(days=1)))
        with self._doors.reading() as connection:
            said = connection.execute("SELECT active_seconds FROM day_state WHERE date = ?", (day.isoformat(),)).fetchone()
            (waiting,) = connection.execute(
                f"SELECT total(CAST(json_extract(body, '$.seconds') AS INTEGER)) FROM outbox"
                f" WHERE {WAITING} AND kind = 'time' AND at_ms >= ? AND at_ms < ?",
                (to_ms(begins), to_ms(ends)),
            ).fetchone()
        return min(int(waiting) + (said[0] if said else 0), SECONDS_A_DAY)

    def totals(self) -> Totals:
        """Figures over all sections that the person ever touched."""
        with self._doors.reading() as connection:
            completed, scored, total = connection.execute(
                "SELECT sum(completed), count(score_hundredths), sum(score_hundredths) FROM section_state"
            ).fetchone()
            courses = [self._counting.of(connection, course_id) for course_id in _courses_with_waiting(connection)]
        completed, total = completed or 0, Decimal(total or 0) / 100
        for counted in courses:
            for section, state in counted.sections.items():
                before = counted.base.get(section, SectionState())
                completed += (state.completed_at is not None) - (before.completed_at is not None)
                scored += (state.score is not None) - (before.score is not None)
                total += (state.score or Decimal(0)) - (before.score or Decimal(0))
        average = float((total / scored).quantize(Decimal("0.01"), ROUND_HALF_UP)) if scored else None
        return Totals(sections_completed=completed, average_score=average)


def _courses_with_waiting(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute(f"SELECT DISTINCT course_id FROM outbox WHERE {WAITING}")}


def _course_roll_up(counted: Counted, said: RollUp) -> RollUp:
    """A course's progress from its sections; where they are not here, what the database says with the waiting time on top."""
    if counted.placed:
        return counted.course()
    seconds = sum(int(event.body.get("seconds", 0)) for event in counted.events if event.kind == EventKind.TIME)
    accessed = [event.at for event in counted.events if event.section is not None]
    return msgspec.structs.replace(
        said,
        active_seconds=said.active_seconds + seconds,
        last_accessed_at=max([*accessed, *filter(None, [said.last_accessed_at])], default=None),
    )


def _add_days(days: dict[str, list[int]], counted: Counted, zone: tzinfo) -> None:
    for event in counted.events:
        if event.kind == EventKind.TIME:
            days[_local(event.at, zone)][0] += int(event.body.get("seconds", 0))
        elif event.kind == EventKind.ANSWERED:
            days[_local(event.at, zone)][2] += 1
    for section, state in counted.sections.items():
        before = counted.base.get(section, SectionState()).completed_at
        if state.completed_at != before:
            if before is not None:
                days[_local(before, zone)][1] -= 1
            if state.completed_at is not None:
                days[_local(state.completed_at, zone)][1] += 1


def _local(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).date().isoformat()
