"""Course, lesson and section as they are shown: a node has an id, a ref that people type, a title and progress."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from lms_tui.model.course import Rules, SectionType, Video
from lms_tui.model.question import Question
from lms_tui.views.assessing import Entry

Source = Literal["cache", "database"]
ReportState = Literal["idle", "waiting", "offline", "refused"]


class Progress(Struct, frozen=True, kw_only=True):
    """Progress at any level: ``percent`` and ``score`` are 0 to 100. A section's percent is 0 or 100."""

    percent: int = 0
    completed_at: datetime | None = None
    active_seconds: int = 0
    score: float | None = None
    last_accessed_at: datetime | None = None
    attempts: int = 0


class CourseNode(Struct, frozen=True, kw_only=True):
    """A course in a list."""

    id: str
    ref: str
    title: str
    summary: str = ""
    difficulty: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    language: str = "en"
    version: str = ""
    content_version: int = 0
    minutes: int = 0
    lesson_count: int = 0
    section_count: int = 0
    published: bool = True
    enrolled: bool = False
    available_offline: bool = False
    progress: Progress = Progress()


class SectionNode(Struct, frozen=True, kw_only=True):
    """A section in an outline. ``passed``: of an ASSESSMENT with a pass mark and a score, whether that reaches it."""

    id: str
    ref: str
    title: str
    type: SectionType
    minutes: int | None = None
    required: bool = True
    question_count: int = 0
    passed: bool | None = None
    progress: Progress = Progress()


class LessonNode(Struct, frozen=True, kw_only=True):
    """A lesson in an outline, with its sections."""

    id: str
    ref: str
    title: str
    minutes: int | None = None
    objectives: tuple[str, ...] = ()
    keypoints: tuple[str, ...] = ()
    body: str = ""
    sections: tuple[SectionNode, ...] = ()
    progress: Progress = Progress()


class Outline(Struct, frozen=True, kw_only=True):
    """A course with all its lessons and sections."""

    course: CourseNode
    body: str = ""
    authors: tuple[str, ...] = ()
    license: str = ""
    lessons: tuple[LessonNode, ...] = ()
    as_of: datetime | None = None
    source: Source = "cache"


class CourseList(Struct, frozen=True, kw_only=True):
    """A page of the catalogue. ``next`` and ``previous`` are the cursors of the pages at its sides."""

    items: tuple[CourseNode, ...] = ()
    next: str | None = None
    previous: str | None = None
    as_of: datetime | None = None
    source: Source = "cache"


class Place(Struct, frozen=True, kw_only=True):
    """Where a reader was: the paragraph's id, a quote of at most 64 characters of it, and the share of the text above, 0 to 1."""

    block: str = ""
    quote: str = ""
    ratio: float = 0.0


class SectionPage(Struct, frozen=True, kw_only=True):
    """A section opened for reading or practice, with its neighbours in the course (refs).

    ``introduction`` and ``summary`` are what its course and lesson say above and below it, as Markdown. ``entry``: of an ASSESSMENT.
    """

    course: CourseNode
    lesson_title: str
    lesson_ref: str
    section: SectionNode
    introduction: str = ""
    body: str = ""
    summary: str = ""
    rules: Rules = Rules()
    video: Video | None = None
    questions: tuple[Question, ...] = ()
    number: int = 1
    count: int = 1
    previous: str | None = None
    next: str | None = None
    place: Place = Place()
    entry: Entry | None = None
    source: Source = "cache"


class ContinueCard(Struct, frozen=True, kw_only=True):
    """Where to go on: the section, the course it is in, and the paragraph's number, 1-based, when a place is known."""

    course: CourseNode
    section: SectionNode
    lesson_title: str
    started: bool
    place: Place = Place()


class Home(Struct, frozen=True, kw_only=True):
    """The first screen: where to go on, and the courses there are, the person's own first.

    An attempt under way comes before everything else. ``entry``: of the card's section, where that is an ASSESSMENT.
    ``personal``: it is the library on this machine, in which opening a course takes it.
    """

    card: ContinueCard | None = None
    entry: Entry | None = None
    courses: tuple[CourseNode, ...] = ()
    personal: bool = True

    @property
    def begun(self) -> bool:
        """Whether any course is the person's."""
        return any(course.enrolled for course in self.courses)


class Done(Struct, frozen=True, kw_only=True):
    """Sections that were recorded as done, what waits to be sent, and the courses, as they were, that are taken by it.

    ``unsent``: a sentence for people, where something waits.
    """

    items: tuple[SectionNode, ...]
    pending: int
    unsent: str = ""
    taken: tuple[CourseNode, ...] = ()


class Day(Struct, frozen=True, kw_only=True):
    """One local day of study."""

    date: str
    active_seconds: int = 0
    completed: int = 0
    answered: int = 0


class Study(Struct, frozen=True, kw_only=True):
    """The progress screen: courses, totals, and days with anything in them, oldest first.

    ``average_score`` is the mean of the best scores of graded sections; ``streak_days`` ends today or yesterday.
    """

    courses: tuple[CourseNode, ...] = ()
    active_seconds: int = 0
    active_seconds_today: int = 0
    sections_completed: int = 0
    courses_completed: int = 0
    average_score: float | None = None
    streak_days: int = 0
    days: tuple[Day, ...] = ()
    as_of: datetime | None = None
    source: Source = "cache"


class Status(Struct, frozen=True, kw_only=True):
    """The status line: the truth about the database and the outbox.

    ``state``: ``starting`` (the personal library's server), ``online``, ``offline``, or ``refused`` (needs the person).
    ``reason`` is a sentence for people when it is not online; ``since`` is when that began.
    """

    state: Literal["starting", "online", "offline", "refused"]
    since: datetime | None = None
    queued: int = 0
    needs_you: int = 0
    person: str = ""
    place: str = ""
    reason: str = ""
    last_sync_at: datetime | None = None
    oldest_queued_at: datetime | None = None


class SyncReport(Struct, frozen=True, kw_only=True):
    """What one run of sync did, or the standing of the queue when ``sent`` is 0.

    ``state`` is ``waiting`` where another lms-tui syncs this library, and has not sent all of it yet.
    """

    state: ReportState
    sent: int = 0
    applied: int = 0
    duplicate: int = 0
    rejected: int = 0
    deferred: int = 0
    pending: int = 0
    reason: str = ""
