"""What goes over the wire to ``lms.sync`` and comes back, and a page of the database's catalogue."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from lms_tui.model.course import Difficulty
from lms_tui.model.events import Event

PROTOCOL = 1
MAX_EVENTS = 1000
MAX_BYTES = 1 << 20

Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]


class Cursor(Struct, frozen=True, kw_only=True):
    """Up to which change this device has the person's progress. Version 0 and no epoch: nothing yet.

    ``event``: one that the database counted last of this device's; where it is gone, the database went back in time.
    """

    epoch: str | None = None
    version: int = 0
    event: str | None = None


class SyncRequest(Struct, frozen=True, kw_only=True):
    """One call of ``lms.sync``. ``sent_at`` is this device's clock when it is sent, to correct the events' times by.

    At most ``MAX_EVENTS`` events and ``MAX_BYTES`` of JSON, else ``TooLarge`` is raised and nothing is counted.
    """

    device: str
    sent_at: datetime
    client: str = ""
    protocol: int = PROTOCOL
    events: tuple[Event, ...] = ()
    cursor: Cursor = Cursor()


class Outcome(StrEnum):
    """What the database says of an event. The first two mean that it is counted."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    DEFERRED = "deferred"


class Verdict(Struct, frozen=True, array_like=True):
    """``[event id, outcome, code, detail]``, in the order of the events. ``event_id`` is None where none could be read.

    Codes of ``rejected``: not_enrolled, unknown_item, bad_event, bad_time, bad_duration, not_by_hand, not_started, too_large,
    id_collision. Codes of ``deferred``: unknown_kind, unknown_format, newer_content.
    """

    event_id: str | None
    outcome: Outcome
    code: str | None = None
    detail: str | None = None


class ProtocolRange(Struct, frozen=True, kw_only=True):
    """The protocol numbers that the database speaks."""

    min: int = PROTOCOL
    max: int = PROTOCOL


class SectionRow(Struct, frozen=True, kw_only=True):
    """Progress in a section. ``questions``: best points and time of the first answer, by question id; ``score`` 0 to 100."""

    course: str
    lesson: str
    section: str
    completed_at: datetime | None = None
    active_seconds: int = 0
    last_accessed_at: datetime | None = None
    attempts: int = 0
    score: Decimal | None = None
    questions: dict[str, tuple[Decimal, datetime]] = {}
    version: int = 0


class LessonRow(Struct, frozen=True, kw_only=True):
    """Progress in a lesson: required sections done of all, ``percent`` and ``score`` 0 to 100."""

    course: str
    lesson: str
    done: int = 0
    total: int = 0
    percent: int = 0
    completed_at: datetime | None = None
    active_seconds: int = 0
    last_accessed_at: datetime | None = None
    score: Decimal | None = None


class CourseRow(Struct, frozen=True, kw_only=True):
    """Enrolment and progress in a course, and the version of its content that the database has."""

    course: str
    enrolled: bool = False
    enrolled_at: datetime | None = None
    content_version: int = 0
    done: int = 0
    total: int = 0
    percent: int = 0
    completed_at: datetime | None = None
    active_seconds: int = 0
    last_accessed_at: datetime | None = None
    score: Decimal | None = None


class DayRow(Struct, frozen=True, kw_only=True):
    """One local day (ISO date) in the person's zone: seconds of activity, sections completed, answers checked."""

    date: str
    active_seconds: int = 0
    completed: int = 0
    answered: int = 0

    def __post_init__(self) -> None:
        date.fromisoformat(self.date)


class PlaceRow(Struct, frozen=True, kw_only=True):
    """Where the person last was in a section."""

    section: str
    block: str = ""
    quote: str = ""
    ratio: float = 0.0
    at: datetime


class AttemptRow(Struct, frozen=True, kw_only=True):
    """An attempt at an ASSESSMENT. ``at``: when it was handed in, None until then; ``received_at``: when that arrived.

    Standings: started, waiting (to be graded), graded, and those that do not count: over_limit, late, early.
    """

    id: Uuid
    course: str
    section: str
    started_at: datetime | None = None
    at: datetime | None = None
    received_at: datetime | None = None
    standing: str = "started"
    score: Decimal | None = None


class SyncReply(Struct, frozen=True, kw_only=True):
    """Verdicts, and every row that changed for this person after the cursor, up to ``version``.

    ``more``: there are changes after ``version``; ask again with it as the cursor. When ``epoch`` is not the cursor's,
    the rows are all there are, from the beginning. ``restored``: so they are, because the cursor's event is not there.
    """

    now: datetime
    epoch: str
    version: int
    protocol: ProtocolRange = ProtocolRange()
    more: bool = False
    restored: bool = False
    verdicts: tuple[Verdict, ...] = ()
    sections: tuple[SectionRow, ...] = ()
    lessons: tuple[LessonRow, ...] = ()
    courses: tuple[CourseRow, ...] = ()
    days: tuple[DayRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    attempts: tuple[AttemptRow, ...] = ()
    notices: tuple[dict[str, Any], ...] = ()


class CatalogCourse(Struct, frozen=True, kw_only=True):
    """A course in the database's catalogue, with the person's progress."""

    id: str
    slug: str
    title: str
    summary: str = ""
    difficulty: Difficulty | None = None
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
    percent: int = 0
    completed_at: datetime | None = None
    active_seconds: int = 0
    score: Decimal | None = None
    last_accessed_at: datetime | None = None


class CatalogPage(Struct, frozen=True, kw_only=True):
    """A page of the catalogue; ``next`` and ``previous`` are the cursors to its sides, None where there is nothing."""

    items: tuple[CatalogCourse, ...] = ()
    next: str | None = None
    previous: str | None = None


class Imported(Struct, frozen=True, kw_only=True):
    """What an import did. ``changed`` is false when the database had all of it already."""

    course_id: str
    content_version: int
    changed: bool
    published: bool = False
