"""What is queued, what the database refused, what the last runs did, and what is kept on this machine."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from lms_tui.model.events import EventKind
from lms_tui.views.nodes import CourseNode, SyncReport
from lms_tui.views.words import counted, minutes


class RunNode(Struct, frozen=True, kw_only=True):
    """One run of sync. ``outcome`` is ``idle`` where it went well, else the state it ended in; ``said`` is all of it in words."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    sent: int = 0
    applied: int = 0
    duplicate: int = 0
    rejected: int = 0
    deferred: int = 0
    pulled: int = 0
    reason: str = ""
    said: str = ""


class Problem(Struct, frozen=True, kw_only=True):
    """An event that the database refused. ``what`` it was and ``at`` when, ``happened``, what is ``safe`` and the ``next_step``."""

    id: str
    kind: str
    what: str
    course: str
    section: str
    at: datetime
    code: str
    short: str
    happened: str
    safe: str
    next_step: str
    detail: str = ""


class Problems(Struct, frozen=True, kw_only=True):
    """What is refused still, how much was sent again before that, and the file that it was written to."""

    items: tuple[Problem, ...] = ()
    retried: int = 0
    exported: str | None = None


class Waiting(Struct, frozen=True, kw_only=True):
    """Events of one kind that are still to be sent: ``3 answers``."""

    kind: str
    count: int
    said: str


class PutOff(Struct, frozen=True, kw_only=True):
    """Events that the database takes later, and why."""

    code: str
    count: int
    said: str


class Leader(Struct, frozen=True, kw_only=True):
    """Another lms-tui that syncs this library, by its process id, or 0 where it did not say.

    ``silent_since``: since when it has sent nothing and tried nothing, although something waits.
    """

    process: int
    silent_since: datetime | None = None


class SyncOverview(Struct, frozen=True, kw_only=True):
    """The truth about sync. ``state`` is ``unknown`` where nobody has looked for the database since the program started.

    ``read_only`` says why nothing can be recorded, where that is so; ``leader``: another lms-tui, which does it for this one;
    ``cloned_at``: since when this file, which came from elsewhere, is a device of its own. ``as_of`` is in the person's zone.
    """

    state: Literal["starting", "online", "offline", "refused", "unknown"]
    since: datetime | None = None
    reason: str = ""
    queued: int = 0
    deferred: int = 0
    oldest_queued_at: datetime | None = None
    needs_you: int = 0
    last_sync_at: datetime | None = None
    waiting: tuple[Waiting, ...] = ()
    put_off: tuple[PutOff, ...] = ()
    runs: tuple[RunNode, ...] = ()
    problems: tuple[Problem, ...] = ()
    person: str = ""
    place: str = ""
    device: str = ""
    read_only: str = ""
    leader: Leader | None = None
    cloned_at: datetime | None = None
    as_of: datetime


class Download(Struct, frozen=True, kw_only=True):
    """A course and what is here of it: its size and version, when it was fetched, and as of when it is known to be the newest.

    ``content_version`` is 0 where nothing is: then the person removed it.
    """

    course: CourseNode
    bytes: int = 0
    content_version: int = 0
    newest_version: int = 0
    fetched_at: datetime | None = None
    as_of: datetime | None = None
    up_to_date: bool = False


_KINDS: dict[str, tuple[str, str]] = {
    EventKind.ENROLLED: ("enrolment", "enrolments"),
    EventKind.LEFT: ("course left", "courses left"),
    EventKind.OPENED: ("section opened", "sections opened"),
    EventKind.TIME: ("stretch of time", "stretches of time"),
    EventKind.COMPLETED: ("section done", "sections done"),
    EventKind.ATTEMPT_STARTED: ("attempt begun", "attempts begun"),
    EventKind.ANSWERED: ("set of answers", "sets of answers"),
    EventKind.POSITION: ("place", "places"),
    EventKind.NOTE: ("note", "notes"),
    EventKind.BOOKMARK: ("bookmark", "bookmarks"),
    EventKind.HIGHLIGHT: ("highlight", "highlights"),
    EventKind.REVIEWED: ("review", "reviews"),
}
_MINDED = (
    EventKind.ANSWERED, EventKind.NOTE, EventKind.ATTEMPT_STARTED, EventKind.COMPLETED, EventKind.ENROLLED, EventKind.LEFT,
    EventKind.REVIEWED, EventKind.HIGHLIGHT, EventKind.BOOKMARK, EventKind.TIME, EventKind.POSITION, EventKind.OPENED,
)  # fmt: skip
_DEEDS: dict[str, str] = {
    EventKind.ENROLLED: "Enrolled in {}",
    EventKind.LEFT: "Left {}",
    EventKind.OPENED: "Opened {}",
    EventKind.COMPLETED: "Finished {}",
    EventKind.ATTEMPT_STARTED: "Began {}",
    EventKind.ANSWERED: "Answers to {}",
    EventKind.POSITION: "Your place in {}",
    EventKind.NOTE: "Note in {}",
    EventKind.BOOKMARK: "Bookmark in {}",
    EventKind.HIGHLIGHT: "Highlight in {}",
    EventKind.REVIEWED: "Review of {}",
}


def kinds(kind: str, count: int) -> str:
    """So many events of a kind: ``3 sets of answers``."""
    return counted(count, *_KINDS.get(kind, ("other event", "other events")))


def deed(kind: str, course: str, section: str, *, of_section: bool, seconds: object = None) -> str:
    """What was done and where: ``Answers to “Tides > Check yourself”``."""
    place = f"“{' > '.join(name for name in (course or 'a course that is not here', section) if name)}”"
    if of_section and not section:
        place = f"a section of “{course}”" if course else "a section of a course that is not here"
    elif not course:
        place = place.strip("“”")
    if kind == EventKind.TIME:
        return f"{minutes(seconds)} in {place}" if isinstance(seconds, int) else f"Time in {place}"
    return _DEEDS.get(kind, "Something in {}").format(place)


def how_bad(kind: str) -> int:
    """How much a person minds that something of a kind is not counted: 0 is most."""
    return next((number for number, known in enumerate(_MINDED) if known == kind), len(_MINDED))


_WORTH_TELLING_SECONDS = 60
_ENDED = {
    "offline": "offline",
    "server_busy": "the database was busy",
    "refused": "refused",
    "upgrade_needed": "another version is needed",
    "storage": "this machine's disk",
}


def sent_words(run: RunNode | SyncReport) -> str:
    """What was sent, and what the database said of it: ``9 sent, 7 counted, 2 put off``; empty where nothing was."""
    parts = [f"{run.sent} sent, {run.applied} counted"] if run.sent else []
    said = ((run.duplicate, "known already"), (run.rejected, "refused"), (run.deferred, "put off"))
    return ", ".join([*parts, *(f"{count} {word}" for count, word in said if count)])


def run_words(run: RunNode) -> str:
    """A run in plain words: ``9 sent, 9 counted``, ``nothing new``, ``offline: The database cannot be reached.``"""
    fetched = f"{counted(run.pulled, 'change')} fetched" if run.pulled and not run.sent else ""
    done = ", ".join(filter(None, (sent_words(run), fetched)))
    if run.outcome == "idle":
        return done or "nothing new"
    ended = _ENDED.get(run.outcome, run.outcome)
    why = f"{ended}: {run.reason}" if run.reason else ended
    return f"{done}, then {why}" if done else why


def queue_words(view: SyncOverview) -> str:
    """The queue in a line: ``9 queued, oldest 2 h: 1 set of answers, 8 places``."""
    if not view.queued:
        all_there = view.last_sync_at is not None and not view.needs_you
        return f"Nothing is queued{': the database has all that you did' if all_there else ''}."
    waits = 0.0 if view.oldest_queued_at is None else (view.as_of - view.oldest_queued_at).total_seconds()
    oldest = f", the oldest for {age(waits)}" if waits >= _WORTH_TELLING_SECONDS else ""
    by_kind = f": {', '.join(one.said for one in view.waiting)}" if view.waiting else ""
    return f"{view.queued} queued{oldest}{by_kind}"


def leader_words(leader: Leader, now: datetime) -> str:
    """Who syncs, where another lms-tui does: a sentence, or two where that one has to be ended."""
    one = f"Another lms-tui (process {leader.process})" if leader.process else "Another lms-tui"
    if leader.silent_since is None:
        return f"{one} syncs this library."
    since = clock(leader.silent_since, now)
    return f"{one} is to sync this library, and has not tried since {since}. Once it is ended, another takes over."


def unsent_words(queued: int, state: str, leader: Leader | None, now: datetime) -> str:
    """What becomes of what waits after something was recorded; empty where nothing waits."""
    if not queued:
        return ""
    events = counted(queued, "event")
    if state != "online":
        return f"Recorded on this machine; {events} will be sent when the database can be reached."
    if leader is None:
        return f"Recorded on this machine; {events} put off by the database, to be sent again by itself."
    return f"Recorded on this machine; {events} still to be sent. {leader_words(leader, now)}"


def age(seconds: float) -> str:
    """A span in one unit: ``5 s``, ``12 min``, ``2 h``, ``3 days``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h" if whole < 86400 else counted(whole // 86400, "day")


def size(count: int) -> str:
    """Bytes for people: ``840 B``, ``120 KB``, ``3.4 MB``."""
    if count < 1000:
        return f"{count} B"
    return f"{count // 1000} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def clock(at: datetime | None, now: datetime) -> str:
    """When something was, where the person is: ``14:03`` today, else ``5 Jan 14:03``, with the year where it is another."""
    if at is None:
        return ""
    here, today = at.astimezone(now.tzinfo), now.date()
    day = "" if here.date() == today else f"{here.day} {here:%b} " if here.year == today.year else f"{here.day} {here:%b %Y} "
    return f"{day}{here:%H:%M}"


def version_words(download: Download) -> str:
    """The version that is here: ``version 3``, ``version 2 of 3``, ``removed``."""
    if not download.content_version:
        return "removed"
    if download.up_to_date:
        return f"version {download.content_version}"
    return f"version {download.content_version} of {download.newest_version}"
