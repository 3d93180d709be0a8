"""A student who sits in an exam, and its events."""

from datetime import UTC, datetime, timedelta
from itertools import count
from os import urandom
from typing import Any

from msgspec.structs import replace

from lms_tui.model.course import Course, Rules
from lms_tui.model.events import Event, uuid7
from lms_tui.model.person import Role
from lms_tui.model.wire import AttemptRow
from tests.db.courses import question_ids, section_id, small_course
from tests.db.test_sync import outcomes
from tests.db.world import DEVICE, Someone, World

OTHER_DEVICE = "018f0000-0000-7000-8000-00000000d002"
MINUTE = timedelta(minutes=1)


class Sitting:
    """A student who takes a published course, and the events of its exam. Times are minutes from now."""

    def __init__(self, world: World, teacher: Someone, student: Someone, course: Course) -> None:
        self.world = world
        self.teacher = teacher
        self.student = student
        self.course = course
        self.now = datetime.now(UTC)
        self._seq = count(100)
        self.enrolled = self.event("enrolled", -100_000, None)

    def event(self, kind: str, minutes: float, section: str | None = "exam", **body: Any) -> Event:
        at = self.now + minutes * MINUTE
        return Event(
            id=uuid7(int(at.timestamp() * 1000), urandom(10)),
            kind=kind,
            course=str(self.course.id),
            section=section and section_id(self.course, section),
            at=at,
            content_v=1,
            seq=next(self._seq),
            body=body,
        )

    def start(self, minutes: float) -> Event:
        return self.event("attempt_started", minutes)

    def hand_in(self, start: Event | None, minutes: float, secret: str = "Waldemar", **more: Any) -> Event:
        ids = question_ids(self.course, "exam")
        body: dict[str, Any] = {"responses": {ids[key]: answer for key, answer in {"secret": secret, **more}.items()}}
        return self.event("answered", minutes, **body, **({"attempt": start.id} if start else {}))

    async def sends(self, *events: Event, device: str = DEVICE) -> list[str]:
        return outcomes(await self.student.sends(*events, device=device))

    async def attempts(self) -> dict[str, AttemptRow]:
        """After one more call, which grades what waits."""
        await self.student.sends()
        return {row.id: row for row in (await self.student.progress()).attempts}

    async def standings(self, *events: Event) -> list[str]:
        """How the attempts stand that begin with these events, after one more call."""
        attempts = await self.attempts()
        return [attempts[event.id].standing for event in events]

    async def exam(self) -> Any:
        """The exam's row of progress."""
        return next(row for row in (await self.student.progress()).sections if row.section == section_id(self.course, "exam"))

    def as_owner(self, query: str, *arguments: object) -> None:
        with self.world.psql() as connection:
            connection.execute(query.encode(), arguments)


async def sitting(world: World, course: Course | None = None, **rules: Any) -> Sitting:
    """A student in a course whose exam has these rules."""
    teacher, student = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    made = await teacher.imports(with_rules(course or small_course(), **rules))
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, made.id))
    found = Sitting(world, teacher, student, made)
    assert await found.sends(found.enrolled) == ["applied"]
    return found


def with_rules(course: Course, **rules: Any) -> Course:
    lessons = tuple(
        replace(lesson, sections=tuple(replace(one, rules=Rules(**rules)) if one.slug == "exam" else one for one in lesson.sections))
        for lesson in course.lessons
    )
    return replace(course, lessons=lessons)
