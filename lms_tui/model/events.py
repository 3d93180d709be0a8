"""Events: the things that a learner did. They never change; progress is what they add up to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

FORMAT_VERSION = 1
MAX_SECONDS_AN_EVENT = 300


class EventKind(StrEnum):
    """The kinds of format version 1. A database that does not know a kind defers the event."""

    ENROLLED = "enrolled"
    LEFT = "left"
    OPENED = "opened"
    TIME = "time"
    COMPLETED = "completed"
    ATTEMPT_STARTED = "attempt_started"
    ANSWERED = "answered"
    POSITION = "position"
    NOTE = "note"
    BOOKMARK = "bookmark"
    HIGHLIGHT = "highlight"
    REVIEWED = "reviewed"


class Event(Struct, frozen=True, kw_only=True):
    """One thing that one learner did.

    ``id`` is a UUIDv7 made when it happened; ``seq`` is the order on this device (0 until the outbox gives it);
    ``boot`` and ``mono_ms`` are the machine's boot and its monotonic clock in milliseconds.
    ``body``: time ``{seconds}``; answered ``{responses: {question id: response}, hints: {question id: n}}``,
    of an ASSESSMENT also ``attempt``, the id of the ``attempt_started`` that it hands in;
    position ``{block, quote, ratio}``; the other kinds of this version leave it empty.
    """

    id: str
    kind: str
    course: str
    at: datetime
    section: str | None = None
    content_v: int = 0
    seq: int = 0
    boot: str = ""
    mono_ms: int = 0
    body: dict[str, Any] = {}
    v: int = FORMAT_VERSION


def uuid7(at_ms: int, randomness: bytes) -> str:
    """A version 7 UUID (RFC 9562, 5.7) of a Unix time in milliseconds and ten random bytes."""
    value = (at_ms & (1 << 48) - 1) << 80 | int.from_bytes(randomness[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def in_heartbeats(seconds: int) -> list[int]:
    """Seconds as the amounts of separate ``time`` events, none over the cap of one event."""
    whole, rest = divmod(max(0, seconds), MAX_SECONDS_AN_EVENT)
    return [MAX_SECONDS_AN_EVENT] * whole + ([rest] if rest else [])
