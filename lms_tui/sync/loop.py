"""The loop behind the app. It is level-triggered: it asks what there is to do, and needs no event to wake up again."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from lms_tui.cache.ledger import Run
from lms_tui.cache.store import Cache
from lms_tui.model.errors import LmsError, Refused, StorageFailed, Unavailable, UpgradeNeeded
from lms_tui.sync.push import BatchFailed, Exchange, Pace, ServerTrouble
from lms_tui.sync.report import Channel, Report, SyncState, Tally

LOOK_EVERY = timedelta(seconds=5)
PULL_EVERY = timedelta(seconds=60)
FIRST_RETRY_SECONDS = 1.0
LAST_RETRY_SECONDS = 300.0
OVERDUE = timedelta(minutes=15)

logger = logging.getLogger(__name__)

_WORKING = (SyncState.CONNECTING, SyncState.PUSHING, SyncState.PULLING)

Connect = Callable[[], Awaitable[Channel]]
Wait = Callable[[asyncio.Event, float], Awaitable[None]]


async def wait_for(woken: asyncio.Event, seconds: float) -> None:
    """Until the event is set, or so many seconds have passed."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), seconds)


def full_jitter(seconds: float) -> float:
    """A random part of a delay, so that many clients do not come back at once; never under a second."""
    return max(FIRST_RETRY_SECONDS, random.uniform(0, seconds))


class Engine:
    """Syncs a cache file. ``state``, ``reason`` and ``since`` are the truth for the status line.

    ``connect`` gives a channel, new or kept, and raises ``Unavailable`` or ``Refused``. ``on_status`` is called when the
    state changes, ``on_progress`` when a reply changed progress; both on the event loop's thread.
    """

    def __init__(
        self,
        cache: Cache,
        connect: Connect,
        *,
        client: str = "",
        on_status: Callable[[], None] = lambda: None,
        on_progress: Callable[[], None] = lambda: None,
        wait: Wait = wait_for,
        jitter: Callable[[float], float] = full_jitter,
    ) -> None:
        self._cache = cache
        self._connect = connect
        self._client = client
        self._on_status = on_status
        self._on_progress = on_progress
        self._wait = wait
        self._jitter = jitter
        self._pace = Pace()
        self._one_run = asyncio.Lock()
        self._woken = asyncio.Event()
        self._failures = 0
        self._not_before: datetime | None = None
        self._pulled_at: datetime | None = None
        self._asked = False
        self._down = False
        self.state = SyncState.IDLE
        self.reason = ""
        self.since = cache.clock.now()

    @property
    def pulled_at(self) -> datetime | None:
        """When a run last went well; set before ``on_status`` tells of it."""
        return self._pulled_at

    def nudge(self, *, now: bool = False) -> None:
        """Something was recorded: a wait for the network ends early. ``now``: a section was completed, or the person asks."""
        if now:
            self._asked = True
            self._woken.set()
        if now or self.state in (SyncState.OFFLINE, SyncState.SERVER_BUSY):
            self._failures = 0
            soon = self._cache.clock.now() + LOOK_EVERY
            self._not_before = None if now else min(self._not_before or soon, soon)

    def lost(self) -> None:
        """Others found that the database cannot be reached: from now on it is looked for, as after a run that failed."""
        if self.state is SyncState.IDLE:
            self._pulled_at = None
            self._woken.set()

    async def run(self) -> None:
        """Runs until it is cancelled. A failure, whatever it is, is only a reason to try again later."""
        while True:
            try:
                if self._is_due():
                    await self.run_once()
            except Exception as error:
                logger.exception("a run of sync failed")
                self._fail(SyncState.SERVER_BUSY, f"Sync failed ({type(error).__name__}); the log in the state folder has the details.")
            await self._wait(self._woken, self._seconds_to_wait())
            self._woken.clear()

    def _is_due(self) -> bool:
        """Whether there is something to do, and it may be tried. A time that no clock set right could have given holds nothing up."""
        now = self._cache.clock.now()
        if self._asked:
            return True
        if self._not_before is not None and now < self._not_before <= now + timedelta(seconds=LAST_RETRY_SECONDS):
            return False
        if self._down or self._pulled_at is None or not self._pulled_at <= now < self._pulled_at + PULL_EVERY:
            return True
        due = self._cache.outbox.next_due()
        return due is not None and due <= now

    def _seconds_to_wait(self) -> float:
        if self._asked:
            return 0.0
        if self._not_before is None:
            return LOOK_EVERY.total_seconds()
        return min(LOOK_EVERY, max(self._not_before - self._cache.clock.now(), timedelta(0))).total_seconds()

    async def run_once(self) -> Report:
        """One run: connects, sends all that is due, fetches all that changed. What went wrong is in the report."""
        async with self._one_run:
            self._asked = False
            tally = Tally()
            started = self._cache.clock.now()
            try:
                if self._cache.read_only:
                    self._fail(SyncState.STORAGE, self._cache.read_only)
                elif not await asyncio.to_thread(self._cache.lead):
                    self._fail(SyncState.OTHER_LEADER, "Another lms-tui on this computer syncs this library.")
                else:
                    await self._exchange(tally)
                    self._succeed()
            except LmsError as error:
                self._fail(_state_of(error), error.message)
            if self.state is not SyncState.OTHER_LEADER:
                await self._afterwards(started, tally)
            if tally.pulled or tally.rejected:
                self._on_progress()
            return Report(state=self.state, reason=self.reason, pending=self._cache.outbox.counts().queued, **tally.counts())

    async def _exchange(self, tally: Tally) -> None:
        self._set(SyncState.CONNECTING)
        try:
            channel = await self._connect()
        except (OSError, TimeoutError) as error:
            raise Unavailable(f"The database cannot be reached ({error}).") from error
        await asyncio.to_thread(self._cache.remember, channel.person)
        await Exchange(self._cache, channel, self._pace, tally, self._client, self._set).run()

    async def _afterwards(self, started: datetime, tally: Tally) -> None:
        """The ledger, the daily copy, and what was acknowledged long ago; none of it can fail a run."""
        run = Run(started_at=started, ended_at=self._cache.clock.now(), outcome=self.state.value, reason=self.reason, **tally.counts())
        try:
            await asyncio.to_thread(self._cache.ledger.add, run)
            await asyncio.to_thread(self._cache.outbox.prune)
            await asyncio.to_thread(self._cache.back_up_daily)
        except StorageFailed as error:
            logger.warning("after a run of sync: %s", error.message)

    def _succeed(self) -> None:
        now = self._cache.clock.now()
        self._failures = 0
        self._not_before = None
        self._pulled_at = now
        self._down = False
        oldest = self._cache.outbox.counts().oldest_at
        waits = oldest is not None and now - oldest > OVERDUE
        self._set(SyncState.IDLE, "The database puts some of what was recorded off; it is sent again by itself." if waits else "")

    def _fail(self, state: SyncState, reason: str) -> None:
        self._failures += 1
        self._down = True
        longest = min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(self._failures - 1, 20))
        if state in (SyncState.REFUSED, SyncState.UPGRADE_NEEDED):
            longest = LAST_RETRY_SECONDS
        delay = LOOK_EVERY.total_seconds() if state is SyncState.OTHER_LEADER else self._jitter(longest)
        self._not_before = self._cache.clock.now() + timedelta(seconds=delay)
        self._set(state, reason)

    def _set(self, state: SyncState, reason: str = "") -> None:
        trying_again = self._down and state in _WORKING  # it stays “offline since” until a run has gone well
        if trying_again or (state, reason) == (self.state, self.reason):
            return
        if state is not self.state:
            self.since = self._cache.clock.now()
        self.state, self.reason = state, reason
        self._on_status()


def _state_of(error: LmsError) -> SyncState:
    if isinstance(error, UpgradeNeeded):
        return SyncState.UPGRADE_NEEDED
    if isinstance(error, Refused):
        return SyncState.REFUSED
    if isinstance(error, StorageFailed):
        return SyncState.STORAGE
    if isinstance(error, (ServerTrouble, BatchFailed)):
        return SyncState.SERVER_BUSY
    return SyncState.OFFLINE
