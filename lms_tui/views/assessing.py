"""What is known of an ASSESSMENT before and after it is taken: its entry card and its attempts."""

from datetime import datetime
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
