"""What is known of an ASSESSMENT before and after it is taken: its entry card and its attempts."""

from datetime import datetime, tzinfo
from enum import StrEnum

from msgspec import Struct


class Standing(StrEnum):
    """How an attempt stands, in a word for people."""

    UNDER_WAY = "under way"
    QUEUED = "queued"
    RECEIVED = "received"
    GRADED = "graded"
    OVER_LIMIT = "over the limit"
    LATE = "late"
    EARLY = "early"


class AttemptNode(Struct, frozen=True, kw_only=True):
    """One attempt. ``receipt`` is four letters and digits that people can read out; ``score`` is 0 to 100.

    Standings: queued was handed in here and is not received by the database yet; received is not graded yet; over the
    limit, late and early are kept and do not count.
    """

    id: str
    receipt: str
    started_at: datetime | None
    answered_at: datetime | None
    received_at: datetime | None
    standing: Standing
    score: float | None = None
    passed: bool | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """The entry card of an ASSESSMENT.

    ``may_start``: it may be started, or gone on with, now. ``sentence`` says what that does, or why not and until when.
    ``seconds_left`` is that of the attempt under way.
    """

    may_start: bool
    sentence: str
    attempts_limit: int | None
    attempts_used: int
    attempts_left: int | None
    time_limit_seconds: int | None
    seconds_left: int | None
    opens: datetime | None
    closes: datetime | None
    needs_connection: bool
    pass_mark: float | None
    best_score: float | None
    passed: bool | None
    under_way: AttemptNode | None
    attempts: tuple[AttemptNode, ...]


_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none of them is taken for another
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNCOUNTED = {
    Standing.OVER_LIMIT: "it is kept and does not count, because the attempts were used up",
    Standing.LATE: "it is kept and does not count, because it came too late",
    Standing.EARLY: "it is kept and does not count, because the assessment was not open yet",
}


def receipt_of(attempt_id: str) -> str:
    """Four letters and digits of an attempt's id that people can read out."""
    tail = int(attempt_id.replace("-", "")[-5:], 16)
    return "".join(_LETTERS[tail >> shift & 31] for shift in (15, 10, 5, 0))


def when(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A moment for people: ``14:03`` today, ``Tue 1 Dec 08:00``, with the year where it is another."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = f" {local.year}" if local.year != today.year else ""
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year} {local:%H:%M}"


def receipt(attempt: AttemptNode, entry: Entry, zone: tzinfo, now: datetime) -> str:
    """What a person is told of an attempt that was handed in, as ``Received 14:03:22, id 7QX9.``"""
    if attempt.answered_at is None:
        return f"Not handed in yet, id {attempt.receipt}."
    if attempt.standing is Standing.QUEUED:
        moment = f"{attempt.answered_at.astimezone(zone):%H:%M:%S}"
        before = f" before {when(entry.closes, zone, now)}" if entry.closes else ""
        counts = f"when the database has it{before}" if entry.needs_connection else f"as {moment}{' if sent' + before if before else ''}"
        return f"Queued {moment}, id {attempt.receipt}; it will count {counts}."
    received = (attempt.received_at or attempt.answered_at).astimezone(zone)
    uncounted = _UNCOUNTED.get(attempt.standing)
    if attempt.standing is Standing.LATE and attempt.started_at is None and (entry.time_limit_seconds or entry.needs_connection):
        uncounted = "it is kept and does not count, because nothing says when it was begun"
    return f"Received {received:%H:%M:%S}, id {attempt.receipt}{'; ' + uncounted if uncounted else ''}."
