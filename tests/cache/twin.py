"""A database in memory for the control flow of sync: it counts events by the model's rules and answers as ``lms.sync`` does."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from lms_tui.cache.shelving import facts_of
from lms_tui.model.course import Course, SectionType
from lms_tui.model.events import Event, EventKind
from lms_tui.model.grading import grade
from lms_tui.model.person import Person
from lms_tui.model.progress import RollUp, SectionState, after, roll_up
from lms_tui.model.question import AnswerKey
from lms_tui.model.wire import CourseRow, DayRow, LessonRow, Outcome, SectionRow, SyncReply, SyncRequest, Verdict
from tests.cache.sample import PERSON, HeldClock


class Twin:
    """One person's rows. ``page``: how many changed sections a reply holds at most."""

    def __init__(self, clock: HeldClock, courses: Iterable[tuple[Course, dict[str, AnswerKey]]], page: int = 1000) -> None:
        self.clock = clock
        self.courses = {str(course.id): course for course, _ in courses}
        self.keys = {question: key for _, keys in courses for question, key in keys.items()}
        self.page = page
        self.epoch = "epoch-1"
        self.person: Person = PERSON
        self._sections = {
            str(one.id): (course, lesson, one) for course, _ in courses for lesson in course.lessons for one in lesson.sections
        }
        self._questions = {str(one.id): one for _, _, section in self._sections.values() for one in section.questions}
        self.forget()

    def forget(self) -> None:
        """As a database without any event."""
        self._versions = count(1)
        self.version = 0
        self.events: dict[str, Event] = {}
        self.states: dict[str, SectionState] = {}
        self.changed: dict[str, int] = {}
        self.enrolled: dict[str, bool] = {}
        self.course_changed: dict[str, int] = {}
        self.calls = 0

    def reply(self, request: SyncRequest) -> SyncReply:
        """Counts the events, and says what changed after the cursor."""
        self.calls += 1
        verdicts = tuple(self._judge(event) for event in request.events)
        from_start = request.cursor.epoch != self.epoch or request.cursor.version > self.version
        since = 0 if from_start else request.cursor.version
        rows = sorted((version, section) for section, version in self.changed.items() if version > since)
        shown = rows[: self.page]
        more = len(rows) > len(shown)
        touched = [course for course, version in self.course_changed.items() if version > since]
        return SyncReply(
            now=self.clock.now(),
            epoch=self.epoch,
            version=shown[-1][0] if more else self.version,
            more=more,
            verdicts=verdicts,
            sections=tuple(self._section_row(section, version) for version, section in shown),
            lessons=tuple(row for course in sorted(touched) for row in self._lesson_rows(course)),
            courses=tuple(self._course_row(course) for course in sorted(touched)),
            days=() if more or not touched else self._days(),
        )

    def _judge(self, event: Event) -> Verdict:
        if event.id in self.events:
            return Verdict(event.id, Outcome.DUPLICATE)
        if event.kind == "unheard_of":
            return Verdict(event.id, Outcome.DEFERRED, "unknown_kind")
        if event.kind != EventKind.ENROLLED and not self.enrolled.get(event.course):
            return Verdict(event.id, Outcome.REJECTED, "not_enrolled", "You do not take this course.")
        self.version = next(self._versions)
        self.events[event.id] = event
        self.course_changed[event.course] = self.version
        if event.section is None:
            self.enrolled[event.course] = event.kind == EventKind.ENROLLED
            return Verdict(event.id, Outcome.APPLIED)
        section = self._sections[event.section][2]
        won = self._won(event) if section.type is not SectionType.ASSESSMENT else None
        self.states[event.section] = after(self.states.get(event.section, SectionState()), event, facts_of(section), won)
        self.changed[event.section] = self.version
        return Verdict(event.id, Outcome.APPLIED)

    def _won(self, event: Event) -> dict[str, Decimal] | None:
        responses = event.body.get("responses", {})
        return {key: grade(self._questions[key], self.keys[key], response).points for key, response in responses.items()} or None

    def _section_row(self, section: str, version: int) -> SectionRow:
        course, lesson, _ = self._sections[section]
        state = self.states[section]
        return SectionRow(
            course=str(course.id),
            lesson=str(lesson.id),
            section=section,
            completed_at=state.completed_at,
            active_seconds=state.active_seconds,
            last_accessed_at=state.last_accessed_at,
            attempts=state.attempts,
            score=state.score,
            questions={key: (one.points, one.first_at) for key, one in state.questions.items()},
            version=version,
        )

    def roll_up(self, course: str, lesson: str | None = None) -> RollUp:
        """Progress from all events."""
        return roll_up(
            [
                (section.required, self.states.get(str(section.id), SectionState()))
                for inner in self.courses[course].lessons
                if lesson in (None, inner.id)
                for section in inner.sections
            ]
        )

    def _lesson_rows(self, course: str) -> list[LessonRow]:
        lessons = [str(lesson.id) for lesson in self.courses[course].lessons]
        return [LessonRow(course=course, lesson=lesson, **_fields(self.roll_up(course, lesson))) for lesson in lessons]

    def _course_row(self, course: str) -> CourseRow:
        return CourseRow(course=course, enrolled=self.enrolled.get(course, False), content_version=1, **_fields(self.roll_up(course)))

    def _days(self) -> tuple[DayRow, ...]:
        zone = ZoneInfo(self.person.timezone)
        figures: dict[str, list[int]] = {}
        for event in self.events.values():
            day = figures.setdefault(event.at.astimezone(zone).date().isoformat(), [0, 0, 0])
            day[0] += event.body.get("seconds", 0)
            day[2] += event.kind == EventKind.ANSWERED
        for state in self.states.values():
            if state.completed_at:
                figures[state.completed_at.astimezone(zone).date().isoformat()][1] += 1
        return tuple(DayRow(date=date, active_seconds=day[0], completed=day[1], answered=day[2]) for date, day in sorted(figures.items()))


def _fields(state: RollUp) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__struct_fields__}
