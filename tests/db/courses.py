"""Small courses and events, made by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from os import urandom
from typing import Any

from lms_tui.model.course import Course, Lesson, Rules, Section, SectionType
from lms_tui.model.events import Event, uuid7
from lms_tui.model.question import Answer, AnswerKey, Kind, Question

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def small_course(slug: str = "small", **changes: Any) -> Course:
    """Two lessons: a text and a quiz with two questions; a video, an optional activity and an assessment with two questions."""
    quiz = Section(
        slug="quiz",
        title="Quiz",
        type=SectionType.QUIZ,
        questions=(
            Question(key="one", kind=Kind.SINGLE, prompt="Which?", options=("a", "b"), points=Decimal(1)),
            Question(key="two", kind=Kind.NUMERIC, prompt="How many?", points=Decimal(3)),
        ),
        keys={"one": AnswerKey(correct=(2,)), "two": AnswerKey(answers=(Answer(low="4", high="4"),))},
    )
    assessment = Section(
        slug="exam",
        title="Exam",
        type=SectionType.ASSESSMENT,
        rules=Rules(attempts=2),
        questions=(
            Question(key="secret", kind=Kind.TEXT, prompt="Name it."),
            Question(key="essay", kind=Kind.SELF_MARKED, prompt="Explain.", points=Decimal(5)),
        ),
        keys={"secret": AnswerKey(answers=(Answer(text="Waldemar"),)), "essay": AnswerKey(model_answer="Because Waldemar.")},
    )
    lessons = (
        Lesson(slug="first", title="First", sections=(Section(slug="intro", title="Intro", body="Hello.", minutes=5), quiz)),
        Lesson(
            slug="second",
            title="Second",
            sections=(
                Section(slug="film", title="Film", type=SectionType.VIDEO, minutes=3),
                Section(slug="try", title="Try", type=SectionType.ACTIVITY, required=False),
                assessment,
            ),
        ),
    )
    return Course(slug=slug, title="Small course", source=f"test:{slug}", tags=("Python", "tests"), lessons=lessons, **changes)


def section_id(course: Course, slug: str) -> str:
    """The id of the section with that slug."""
    found = next(section for lesson in course.lessons for section in lesson.sections if section.slug == slug)
    assert found.id is not None
    return found.id


def question_ids(course: Course, slug: str) -> dict[str, str]:
    """The ids of a section's questions by key."""
    found = next(section for lesson in course.lessons for section in lesson.sections if section.slug == slug)
    return {question.key: str(question.id) for question in found.questions}


class Recorder:
    """Makes the events of one device on one course, a minute apart from Monday morning."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._seq = count(1)

    def event(self, kind: str, section: str | None = None, minutes: float | None = None, **body: Any) -> Event:
        seq = next(self._seq)
        at = MONDAY + timedelta(minutes=seq if minutes is None else minutes)
        return Event(
            id=uuid7(int(at.timestamp() * 1000), urandom(10)),
            kind=kind,
            course=str(self.course.id),
            section=None if section is None else section_id(self.course, section),
            at=at,
            content_v=1,
            seq=seq,
            body=body,
        )

    def answer(self, section: str, minutes: float | None = None, **responses: Any) -> Event:
        ids = question_ids(self.course, section)
        return self.event("answered", section, minutes, responses={ids[key]: response for key, response in responses.items()})
