"""A channel to the twin database that fails as it is told."""

import asyncio
from collections import deque
from collections.abc import Callable

from lms_tui.cache.store import Cache
from lms_tui.model.errors import LmsError, Unavailable
from lms_tui.model.person import Person
from lms_tui.model.wire import SyncReply, SyncRequest
from lms_tui.sync.loop import Engine
from tests.cache.sample import HeldClock
from tests.cache.twin import Twin

Fault = Callable[[SyncRequest], None]


class FaultyChannel:
    """Each call takes the next fault; ``lost`` replies are lost after the database counted the events."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.person: Person = twin.person
        self.requests: list[SyncRequest] = []
        self.before: deque[LmsError | OSError | None] = deque()
        self.lost: deque[bool] = deque()
        self.rule: Fault = lambda request: None
        self.takes_ms = 0

    async def connect(self) -> "FaultyChannel":
        return self

    async def sync(self, request: SyncRequest) -> SyncReply:
        self.requests.append(request)
        if self.before and (error := self.before.popleft()) is not None:
            raise error
        self.rule(request)
        reply = self.twin.reply(request)
        self.twin.clock.forward(milliseconds=self.takes_ms)
        if self.lost and self.lost.popleft():
            raise Unavailable("The connection was lost.")
        return reply

    @property
    def sizes(self) -> list[int]:
        """How many events went into each call."""
        return [len(request.events) for request in self.requests]


class Stopped(BaseException):
    """Ends a loop that runs for ever."""


class Ticks:
    """Waits by moving the clock, at once; stops the loop when its time is over. ``at``: what happens at which second."""

    def __init__(self, clock: HeldClock, seconds: float, at: dict[float, Callable[[], None]] | None = None) -> None:
        self._clock = clock
        self._left = seconds
        self._passed = 0.0
        self._at = dict(at or {})
        self.waits: list[float] = []

    async def __call__(self, woken: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)
        for moment in sorted(self._at):
            if self._passed <= moment <= self._passed + seconds:
                self._move(moment - self._passed)
                self._at.pop(moment)()
                return
        self.waits.append(seconds)
        self._move(seconds)

    def _move(self, seconds: float) -> None:
        self._clock.forward(seconds=seconds)
        self._passed += seconds
        self._left -= seconds
        if self._left <= 0:
            raise Stopped


def engine(cache: Cache, channel: FaultyChannel, **parts: object) -> Engine:
    """An engine whose back-off has no chance in it."""
    return Engine(cache, channel.connect, jitter=lambda seconds: seconds, **parts)  # type: ignore[arg-type]  # as the engine's own
