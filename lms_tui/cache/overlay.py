"""Events that wait, counted on top of what the database says."""

import sqlite3
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms_tui.cache.clock import from_ms
from lms_tui.model.course import SectionType
from lms_tui.model.events import Event, EventKind
from lms_tui.model.grading import grade
from lms_tui.model.progress import RollUp, SectionFacts, SectionState, after, roll_up
from lms_tui.model.question import AnswerKey, Question

WAITING = "state IN (0, 3) AND again = 0"
_UNKNOWN = SectionFacts(type=SectionType.TEXT)
_REMEMBERED_GRADES = 4096

_state = msgspec.json.Decoder(SectionState)
_facts = msgspec.json.Decoder(SectionFacts)
_roll_up = msgspec.json.Decoder(RollUp)
_body = msgspec.json.Decoder(dict[str, Any])
_question = msgspec.json.Decoder(Question)
_key = msgspec.json.Decoder(AnswerKey)

Won = dict[str, Decimal]
"""Points by question id that an answered event won."""


class Placed(Struct, frozen=True):
    """Where a section stands in its course, and what the rules need to know of it."""

    lesson: str
    required: bool
    facts: SectionFacts


class Counted(Struct, frozen=True, kw_only=True):
    """A course's sections as the database has them and with the events that wait, and those events."""

    placed: dict[str, Placed]
    lessons_of_gone: dict[str, str]
    base: dict[str, SectionState]
    sections: dict[str, SectionState]
    events: tuple[Event, ...]
    enrolled: bool | None

    def course(self) -> RollUp:
        """The course's progress. A section that is no longer in the course keeps its time, and counts for nothing else."""
        return roll_up([*self._of(None), *self._gone(None)])

    def lessons(self) -> dict[str, RollUp]:
        """Progress by lesson."""
        ids = dict.fromkeys([one.lesson for one in self.placed.values()] + list(self.lessons_of_gone.values()))
        return {lesson: roll_up([*self._of(lesson), *self._gone(lesson)]) for lesson in ids}

    def _of(self, lesson: str | None) -> list[tuple[bool, SectionState]]:
        return [
            (one.required, self.sections.get(section, SectionState()))
            for section, one in self.placed.items()
            if lesson is None or one.lesson == lesson
        ]

    def _gone(self, lesson: str | None) -> list[tuple[bool, SectionState]]:
        return [
            (False, replace(state, score=None))
            for section, state in self.sections.items()
            if section not in self.placed and (lesson is None or self.lessons_of_gone.get(section) == lesson)
        ]


class Grades:
    """What waiting answers win, graded once each: a key and an event never change under the same content version."""

    def __init__(self) -> None:
        self._won: dict[tuple[str, int], Won | None] = {}

    def of(self, connection: sqlite3.Connection, course_id: str, events: Iterable[Event]) -> dict[str, Won | None]:
        """By event id: points by question, or None where the keys are not here and the database will grade."""
        answered = [event for event in events if event.kind == EventKind.ANSWERED]
        if not answered:
            return {}
        row = connection.execute("SELECT content_version FROM course WHERE id = ?", (course_id,)).fetchone()
        version = row[0] if row else 0
        missing = [event for event in answered if (event.id, version) not in self._won]
        if missing:
            if len(self._won) + len(missing) > _REMEMBERED_GRADES:
                self._won.clear()
                missing = answered
            marker = _marker(connection, course_id)
            self._won.update({(event.id, version): marker(event) for event in missing})
        return {event.id: self._won[event.id, version] for event in answered}


def _marker(connection: sqlite3.Connection, course_id: str) -> Callable[[Event], Won | None]:
    rows = connection.execute(
        "SELECT id, question.doc, practice_key.doc FROM question JOIN practice_key ON question_id = id WHERE question.course_id = ?",
        (course_id,),
    ).fetchall()
    known = {question: (_question.decode(doc), _key.decode(key)) for question, doc, key in rows}

    def mark(event: Event) -> Won | None:
        responses = event.body.get("responses")
        if not isinstance(responses, dict):
            return None
        won = {name: grade(*known[name], response).points for name, response in responses.items() if name in known}
        return won or None

    return mark


class Counting:
    """Courses counted with their waiting events, once for each state of the file."""

    def __init__(self) -> None:
        self._grades = Grades()
        self._version: int | None = None
        self._counted: dict[str, Counted] = {}

    def of(self, connection: sqlite3.Connection, course_id: str) -> Counted:
        """A course, as of the moment that the connection reads. The answer is shared: it is not to be changed."""
        version = connection.execute("PRAGMA data_version").fetchone()[0]  # differs after any commit of another connection
        if version != self._version:
            self._version = version
            self._counted = {}
        if course_id not in self._counted:
            self._counted[course_id] = _count(connection, course_id, self._grades)
        return self._counted[course_id]


def _count(connection: sqlite3.Connection, course_id: str, grades: Grades) -> Counted:
    placed = {
        section: Placed(lesson, bool(required), _facts.decode(facts))
        for section, lesson, required, facts in connection.execute(
            "SELECT id, lesson_id, required, facts FROM section WHERE course_id = ? ORDER BY position", (course_id,)
        ).fetchall()
    }
    rows = connection.execute("SELECT section_id, lesson_id, doc FROM section_state WHERE course_id = ?", (course_id,)).fetchall()
    base = {section: _state.decode(doc) for section, _, doc in rows}
    events = waiting(connection, course_id)
    won = grades.of(connection, course_id, events)
    sections = dict(base)
    enrolled: bool | None = None
    for event in events:
        if event.section is not None:
            facts = placed[event.section].facts if event.section in placed else _UNKNOWN
            sections[event.section] = after(sections.get(event.section, SectionState()), event, facts, won.get(event.id))
        elif event.kind in (EventKind.ENROLLED, EventKind.LEFT):
            enrolled = event.kind == EventKind.ENROLLED
    return Counted(
        placed=placed,
        lessons_of_gone={section: lesson for section, lesson, _ in rows if section not in placed},
        base=base,
        sections=sections,
        events=events,
        enrolled=enrolled,
    )


def waiting(connection: sqlite3.Connection, course_id: str) -> tuple[Event, ...]:
    """A course's events that the database has not counted, as far as the overlay needs them."""
    rows = connection.execute(
        f"SELECT event_id, kind, section_id, at_ms, body FROM outbox WHERE course_id = ? AND {WAITING} ORDER BY seq", (course_id,)
    ).fetchall()
    return tuple(
        Event(id=event_id, kind=kind, course=course_id, section=section, at=from_ms(at_ms), body=_body.decode(body) if body != "{}" else {})
        for event_id, kind, section, at_ms, body in rows
    )


def stored_roll_ups(connection: sqlite3.Connection, scope: str, course_ids: Iterable[str] | None = None) -> dict[str, RollUp]:
    """What the database says of courses (scope ``course``), or of the lessons of courses (scope ``lesson``), by id."""
    chosen = "" if course_ids is None else " AND course_id IN (SELECT value FROM json_each(?))"
    arguments = () if course_ids is None else (msgspec.json.encode(list(course_ids)).decode(),)
    rows = connection.execute(f"SELECT id, doc FROM rollup_state WHERE scope = ?{chosen}", (scope, *arguments)).fetchall()
    return {key: _roll_up.decode(doc) for key, doc in rows}
