"""A clock that only moves when told, a small course, and a cache file of its own for each test."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from lms_tui.cache.store import Cache
from lms_tui.model.course import Course, Lesson, Rules, Section, SectionType
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
                key=f"q{one}", kind=Kind.SINGLE, prompt="Which?", options=("a", "b"), points=Decimal(one), id=ident(f"{slug}/{number}/q{one}")
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


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def cache(folder: Path, clock: HeldClock) -> Iterator[Cache]:
    opened = Cache.open(folder, PERSON, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def with_course(cache: Cache) -> Cache:
    course, keys = make_course()
    cache.content.put(course, content_version=1, keys=keys)
    return cache


counter = itertools.count()
