"""What a cached course looks like to its readers."""

from datetime import datetime

from msgspec import Struct

from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.progress import SectionFacts
from lms_tui.model.wire import CatalogCourse


class Listed(Struct, frozen=True, kw_only=True):
    """A course in a list, without anybody's progress. ``downloaded``: its sections are here; ``as_of``: when it was fetched."""

    course: CatalogCourse
    downloaded: bool
    as_of: datetime


class ListedPage(Struct, frozen=True, kw_only=True):
    """A page of courses; ``next`` and ``previous`` are the cursors of the pages at its sides."""

    items: tuple[Listed, ...] = ()
    next: str | None = None
    previous: str | None = None
    as_of: datetime | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """A downloaded course: how much it fills, when it was fetched, and the newest version of it that a catalogue told of."""

    listed: Listed
    bytes: int
    fetched_at: datetime
    newest_version: int


class Titles(Struct, frozen=True, kw_only=True):
    """What a course, and a section in it, is called; empty where that is not here."""

    course: str = ""
    section: str = ""


class Found(Struct, frozen=True, kw_only=True):
    """What a ref names: a course, a lesson of it, or a section of that."""

    course: str
    lesson: str | None = None
    section: str | None = None


class SectionContent(Struct, frozen=True, kw_only=True):
    """A section in an outline. ``position`` counts from 1 through the course."""

    id: str
    ref: str
    lesson: str
    position: int
    title: str
    type: SectionType
    minutes: int | None
    required: bool
    question_count: int
    facts: SectionFacts


class LessonContent(Struct, frozen=True, kw_only=True):
    """A lesson with its sections. ``lesson`` is as its author wrote it, without its sections."""

    id: str
    ref: str
    lesson: Lesson
    sections: tuple[SectionContent, ...]


class CourseContent(Struct, frozen=True, kw_only=True):
    """A course with its outline. ``course`` is as its author wrote it, without its lessons."""

    listed: Listed
    course: Course
    lessons: tuple[LessonContent, ...]


class OpenedSection(Struct, frozen=True, kw_only=True):
    """A section to read or to practise, with its questions and without their keys; neighbours are refs in course order."""

    section: Section
    content: SectionContent
    course: str
    lesson_ref: str
    lesson_title: str
    number: int
    count: int
    previous: str | None
    next: str | None
