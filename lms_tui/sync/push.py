"""One exchange after another with the database, until nothing waits on either side."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from lms_tui.cache.outbox import BATCH_BYTES, BATCH_EVENTS
from lms_tui.cache.store import Cache
from lms_tui.model.errors import LmsError, Refused, StorageFailed, TooLarge, Unavailable
from lms_tui.model.events import Event
from lms_tui.model.wire import MAX_BYTES, MAX_EVENTS, SyncReply, SyncRequest
from lms_tui.sync.report import Channel, SyncState, Tally

QUICK_MS = 1000
SUSPECTS_BEFORE_THE_SERVER_IS = 3

logger = logging.getLogger(__name__)


class ServerTrouble(LmsError):
    """The database answers, and fails on whatever it is sent."""

    code = "server_trouble"


class BatchFailed(LmsError):
    """The database, or the way to it, failed on what was in this batch."""

    code = "batch_failed"


class Pace:
    """How much goes into one call: more while replies are quick and the queue is long, half as much after a failure."""

    def __init__(self) -> None:
        self.events = BATCH_EVENTS

    @property
    def bytes(self) -> int:
        """The limit in bytes that goes with the limit in events; an eighth of the database's own is left for the rest of the call."""
        return min(MAX_BYTES - MAX_BYTES // 8, BATCH_BYTES * max(1, self.events // BATCH_EVENTS))

    def took(self, events: int, ms: int) -> None:
        """A batch went through."""
        if events >= self.events and ms < QUICK_MS:
            self.events = min(MAX_EVENTS, self.events * 2)

    def failed(self, events: int) -> None:
        """A batch of so many did not."""
        self.events = max(1, min(self.events, events) // 2)


class Exchange:
    """A run over one channel. Nothing is marked as sent before the database's reply is on this disk."""

    def __init__(self, cache: Cache, channel: Channel, pace: Pace, tally: Tally, client: str, tell: Callable[[SyncState], None]) -> None:
        self._cache = cache
        self._channel = channel
        self._pace = pace
        self._tally = tally
        self._client = client
        self._tell = tell
        self._suspects: dict[str, str] = {}
        self._judged = 0

    async def run(self) -> None:
        """Sends all that is due and fetches all that changed. Raises what stopped it.

        An assessment that was handed in is graded by the call after the one that took it: that is made at once.
        """
        asked_for_grades = False
        if self._cache.mirror.cursor().epoch is None:
            await self._pull()
        while True:  # a pull from a restored database gives more to send
            batch = await asyncio.to_thread(self._cache.outbox.pending, self._pace.events, self._pace.bytes)
            if batch:
                self._tell(SyncState.PUSHING)
                self._suspects, self._judged = {}, 0
                await self._push(batch)
                await self._set_suspects_aside()
            elif self._tally.behind:
                await self._pull()
            elif not asked_for_grades and await asyncio.to_thread(self._cache.attempts.waiting):
                asked_for_grades = True
                await self._pull()
            else:
                return

    async def _pull(self) -> None:
        self._tell(SyncState.PULLING)
        while True:
            before = self._cache.mirror.cursor()
            reply = await self._call(())
            if not reply.more:
                return
            if (reply.epoch, reply.version) == (before.epoch, before.version):
                raise ServerTrouble("The database says that there is more, and does not give it.", "It is asked again later.")

    async def _push(self, events: Sequence[Event]) -> None:
        try:
            await self._call(events)
        except TooLarge as error:
            self._pace.failed(len(events))
            if len(events) == 1:
                await asyncio.to_thread(self._cache.outbox.refuse, events[0].id, "too_large", error.message)
                self._tally.rejected += 1
                self._judged += 1
            else:
                await self._push_halves(events)
        except BatchFailed as error:
            if len(events) == 1:
                self._suspect(events[0], error)
            else:
                await self._push_halves(events)
        except Unavailable:
            self._pace.failed(len(events))
            raise

    async def _push_halves(self, events: Sequence[Event]) -> None:
        middle = len(events) // 2
        await self._push(events[:middle])
        await self._push(events[middle:])

    def _suspect(self, event: Event, error: BatchFailed) -> None:
        self._suspects[event.id] = error.message
        if len(self._suspects) >= SUSPECTS_BEFORE_THE_SERVER_IS and not self._judged:
            raise ServerTrouble(error.message, "What was recorded is safe, and is sent again later.")

    async def _set_suspects_aside(self) -> None:
        """An event that fails alone is set aside where the database is known to take others, or to answer without it."""
        if not self._suspects:
            return
        if not self._judged:
            try:
                await self._call(())
            except BatchFailed as error:
                raise ServerTrouble(error.message, "What was recorded is safe, and is sent again later.") from error
        for event_id, detail in self._suspects.items():
            await asyncio.to_thread(self._cache.outbox.refuse, event_id, "server_error", detail)
            self._tally.rejected += 1

    async def _call(self, events: Sequence[Event]) -> SyncReply:
        request = SyncRequest(
            device=self._cache.device_id,
            sent_at=self._cache.clock.now(),
            client=self._client,
            events=tuple(events),
            cursor=self._cache.mirror.cursor(),
        )
        started = self._cache.clock.mono_ms()
        reply = await self._ask(request)
        took = self._cache.clock.mono_ms() - started
        said = await asyncio.to_thread(self._cache.mirror.acknowledge, request, reply)
        judged = said.applied + said.duplicate + said.rejected + said.deferred
        if events and not judged:
            raise ServerTrouble("The database did not say what became of the events.", "They are sent again later.")
        self._judged += judged
        self._tally.add(len(events), said, reply.more)
        self._pace.took(len(events), took)
        return reply

    async def _ask(self, request: SyncRequest) -> SyncReply:
        try:
            return await self._channel.sync(request)
        except (Unavailable, Refused, TooLarge, StorageFailed):
            raise
        except (OSError, TimeoutError) as error:
            raise Unavailable(f"The database cannot be reached ({error}).") from error
        except LmsError as error:
            raise BatchFailed(error.message, error.hint) from error
        except Exception as error:
            logger.exception("a batch of %d events failed", len(request.events))
            raise BatchFailed(f"Sending failed ({type(error).__name__}); the log in the state folder has the details.") from error
