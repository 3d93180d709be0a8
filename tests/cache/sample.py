"""A clock that only moves when told, a small course, a person, and events."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from lms_tui.cache.store import Cache
from lms_tui.model.course import Course, Lesson, Rules, Section, SectionType
from lms_tui.model.events import Event, EventKind
from lms_tui.model.person import Person
from lms_tui.model.question import AnswerKey, Kind, Question


class HeldClock:
    """Starts at noon of 5 January 2026 and moves by ``forward`` alone."""

    boot = "boot-1"

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def mono_ms(self) -> int:
        return int((self.at - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() * 1000)

    def forward(self, **parts: float) -> None:
        self.at += timedelta(**parts)


def ident(name: str) -> str:
    """A UUID that a name always gives."""
    return str(uuid5(NAMESPACE_URL, name))


def make_course(slug: str = "tides", lessons: int = 2, sections: int = 3, title: str = "Tides") -> tuple[Course, dict[str, AnswerKey]]:
    """A course whose lessons end in a quiz of two questions; the rest is text. With its practice keys."""
    keys: dict[str, AnswerKey] = {}
    made = []
    for number in range(1, lessons + 1):
        inner = [
            Section(slug=f"s{one}", title=f"Section {one}", body="Words.", minutes=5, id=ident(f"{slug}/{number}/s{one}"))
            for one in range(1, sections)
        ]
        questions = tuple(
            Question(
                key=f"q{one}",
                kind=Kind.SINGLE,
                prompt="Which?",
                options=("a", "b"),
                points=Decimal(one),
                id=ident(f"{slug}/{number}/q{one}"),
            )
            for one in (1, 2)
        )
        keys |= {str(question.id): AnswerKey(correct=(2,)) for question in questions}
        quiz = Section(
            slug="quiz", title="Quiz", type=SectionType.QUIZ, questions=questions, rules=Rules(), id=ident(f"{slug}/{number}/quiz")
        )
        made.append(Lesson(slug=f"l{number}", title=f"Lesson {number}", sections=(*inner, quiz), id=ident(f"{slug}/{number}")))
    course = Course(slug=slug, title=title, summary="Water moves.", tags=("sea",), category="nature", lessons=tuple(made), id=ident(slug))
    return course, keys


PERSON = Person(institution_id=ident("institution"), user_id=ident("ana"), name="Ana", timezone="Europe/Berlin", institution="School")


def spent(cache: Cache, section: str, seconds: int, course: str = ident("tides")) -> Event:
    """An event of time."""
    return cache.event(EventKind.TIME, course=course, section=section, body={"seconds": seconds})


def completed(cache: Cache, section: str, course: str = ident("tides")) -> Event:
    """An event of completion."""
    return cache.event(EventKind.COMPLETED, course=course, section=section)


def answered(cache: Cache, lesson: int, responses: dict[int, int], slug: str = "tides") -> Event:
    """An event of answers to the quiz of a lesson, by number of the question."""
    body = {"responses": {ident(f"{slug}/{lesson}/q{number}"): option for number, option in responses.items()}, "hints": {}}
    return cache.event(EventKind.ANSWERED, course=ident(slug), section=ident(f"{slug}/{lesson}/quiz"), body=body)


def enrolled(cache: Cache, course: str = ident("tides")) -> Event:
    """An event of enrolment."""
    return cache.event(EventKind.ENROLLED, course=course)


TIDES_S1 = ident("tides/1/s1")
TIDES_S2 = ident("tides/1/s2")
