"""Where sync stands, and what a run of it did."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from lms_tui.cache.mirror import Acknowledged
from lms_tui.model.person import Person
from lms_tui.model.wire import SyncReply, SyncRequest


class SyncState(StrEnum):
    """What the engine does or why it waits. The first four are good; the rest come with a reason for people."""

    IDLE = "idle"
    CONNECTING = "connecting"
    PUSHING = "pushing"
    PULLING = "pulling"
    OFFLINE = "offline"
    SERVER_BUSY = "server_busy"
    REFUSED = "refused"
    UPGRADE_NEEDED = "upgrade_needed"
    STORAGE = "storage"
    OTHER_LEADER = "other_leader"


class Report(Struct, frozen=True, kw_only=True):
    """What one run did: events by verdict, rows of progress that came, and how many events still wait."""

    state: SyncState = SyncState.IDLE
    sent: int = 0
    applied: int = 0
    duplicate: int = 0
    rejected: int = 0
    deferred: int = 0
    pulled: int = 0
    pending: int = 0
    reason: str = ""


class Channel(Protocol):
    """A connection to the database as one person."""

    @property
    def person(self) -> Person:
        """Whom the database takes the connection to be."""

    async def sync(self, request: SyncRequest) -> SyncReply:
        """One call of ``lms.sync``. Raises ``Unavailable``, ``Refused``, ``UpgradeNeeded``, ``TooLarge``, or another error of the batch."""


class Tally:
    """The counts of a run as they grow. ``behind``: the database has more for this device than it has said yet."""

    def __init__(self) -> None:
        self.sent = self.applied = self.duplicate = self.rejected = self.deferred = self.pulled = 0
        self.behind = True

    def add(self, sent: int, said: Acknowledged, more: bool) -> None:
        """Counts a reply."""
        self.sent += sent
        self.applied += said.applied
        self.duplicate += said.duplicate
        self.rejected += said.rejected
        self.deferred += said.deferred
        self.pulled += said.pulled
        self.behind = more

    def counts(self) -> dict[str, int]:
        """The counts by their names in reports."""
        return {name: getattr(self, name) for name in ("sent", "applied", "duplicate", "rejected", "deferred", "pulled")}
