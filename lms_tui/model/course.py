"""The content tree: course, lesson, section. What importers produce, and what the database and the cache keep."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from lms_tui.model.question import AnswerKey, Question


class SectionType(StrEnum):
    """What a section asks of a learner."""

    TEXT = "TEXT"
    VIDEO = "VIDEO"
    QUIZ = "QUIZ"
    ACTIVITY = "ACTIVITY"
    ASSESSMENT = "ASSESSMENT"


class Difficulty(StrEnum):
    """How hard an author says that a course is."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"
    EXPERT = "EXPERT"


class Video(Struct, frozen=True, kw_only=True):
    """Where a video is, how long it runs, and its transcript as Markdown."""

    url: str = ""
    seconds: int | None = None
    transcript: str = ""


class Rules(Struct, frozen=True, kw_only=True):
    """How a QUIZ or an ASSESSMENT is taken. ``pass_mark`` is 0 to 100; None: none is asked for.

    An ASSESSMENT is taken between ``opens`` and ``closes``; ``connection``: whether the database has to be reached to begin.
    """

    attempts: int | None = None
    pass_mark: float | None = None
    shuffle: bool = False
    time_limit_seconds: int | None = None
    check: str | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    connection: Literal["optional", "required"] = "optional"


class Section(Struct, frozen=True, kw_only=True):
    """The smallest thing that is completed. ``slug`` is unique in its lesson; ``body`` is Markdown with ``:::`` boxes.

    A box ``::: question {#key}`` in the body stands where the question with that key is asked. ``hidden_questions``: how many are
    not here, because a learner reads those of an ASSESSMENT when it has opened.
    """

    slug: str
    title: str
    type: SectionType = SectionType.TEXT
    body: str = ""
    minutes: int | None = None
    required: bool = True
    rules: Rules = Rules()
    video: Video | None = None
    questions: tuple[Question, ...] = ()
    hidden_questions: int = 0
    keys: dict[str, AnswerKey] = {}
    id: str | None = None
    content_hash: str = ""


class Lesson(Struct, frozen=True, kw_only=True):
    """An ordered group of sections. ``slug`` is unique in its course; ``requires`` are slugs of lessons."""

    slug: str
    title: str
    body: str = ""
    minutes: int | None = None
    objectives: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    keypoints: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    id: str | None = None


class Course(Struct, frozen=True, kw_only=True):
    """A course as its author wrote it. ``slug`` is unique in an institution; ``source`` says where it came from."""

    slug: str
    title: str
    summary: str = ""
    body: str = ""
    language: str = "en"
    version: str = ""
    authors: tuple[str, ...] = ()
    license: str = ""
    tags: tuple[str, ...] = ()
    difficulty: Difficulty | None = None
    category: str | None = None
    pass_mark: float | None = None
    source: str = ""
    lessons: tuple[Lesson, ...] = ()
    id: str | None = None
    content_hash: str = ""
