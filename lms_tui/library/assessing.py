"""How an assessment is taken: begun, handed in, and what that needs of the database."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from lms_tui.cache.attempts import Attempt
from lms_tui.cache.store import Cache
from lms_tui.library.entries import Entries
from lms_tui.library.recording import Recording
from lms_tui.model.course import SectionType
from lms_tui.model.errors import BadInput, LmsError, Unavailable
from lms_tui.model.question import Grade, Response
from lms_tui.views.assessing import AttemptNode
from lms_tui.views.nodes import SyncReport

_RUNS = 3
_AT_ONCE = BadInput("This assessment was handed in at the same moment, here or in another window.", "Nothing more was recorded.")


class Assessing:
    """The writes of an assessment. ``sync`` is one run of sync."""

    def __init__(self, cache: Cache, entries: Entries, recording: Recording, sync: Callable[[], Awaitable[SyncReport]]) -> None:
        self._cache = cache
        self._entries = entries
        self._recording = recording
        self._sync = sync
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_one(self, section_id: str) -> bool:
        """Whether a section is an ASSESSMENT. Raises ``NotFound``."""
        return self._cache.content.section(section_id).content.type is SectionType.ASSESSMENT

    async def start(self, section_id: str) -> AttemptNode:
        """Begins an attempt, or goes on with the one under way.

        Raises ``BadInput`` where none may begin. Where a connection is needed, the database has to know of the beginning:
        raises ``Unavailable`` where it cannot be asked, and nothing is recorded.
        """
        async with self._turns[section_id]:
            return await self._begin(section_id)

    async def _begin(self, section_id: str) -> AttemptNode:
        entry = self._entries.of(section_id)
        if entry.under_way is None and entry.needs_connection:
            await self._reach()  # another device may have begun one
        under_way = None
        while under_way is None:  # until nothing else was begun or handed in meanwhile
            seen, entry = self._cache.attempts.of(section_id), self._entries.of(section_id)
            if not entry.may_start:
                raise BadInput(entry.sentence, "Nothing was recorded.")
            under_way = entry.under_way.id if entry.under_way else await self._recording.start_attempt(section_id, seen)
        if entry.needs_connection and not await self._received(section_id, under_way):
            raise Unavailable("The database does not have the beginning of the attempt yet.", "Try again in a moment; its time runs.")
        return next(attempt for attempt in self._entries.of(section_id).attempts if attempt.id == under_way)

    async def _reach(self) -> None:
        report = await self._sync()
        if report.state != "idle":
            reason = report.reason or "The database cannot be reached."
            raise Unavailable(f"This assessment needs a connection. {reason}", "Nothing was recorded.")

    async def hand_in(
        self, section_id: str, responses: Mapping[str, Response], hints: Mapping[str, int] | None = None
    ) -> dict[str, Grade | None]:
        """Hands in the attempt that was begun last and not handed in yet, even where its time is over; where there is none, one begins."""
        self._recording.checked(section_id, responses)
        turn = self._turns[section_id]
        waits = turn.locked()
        async with turn:
            entry = self._entries.of(section_id)
            attempt = entry.under_way or next((attempt for attempt in reversed(entry.attempts) if attempt.answered_at is None), None)
            if attempt is None and waits:
                raise _AT_ONCE
            attempt_id = attempt.id if attempt else (await self._begin(section_id)).id
            if entry.needs_connection:
                await self._tell_of_beginning(section_id, attempt_id)
            grades: dict[str, Grade | None] = {}
            while not grades:  # until nothing else was begun or handed in meanwhile
                seen = self._cache.attempts.of(section_id)
                if any(one.id == attempt_id and one.answered for one in seen):
                    raise _AT_ONCE
                grades = await self._recording.answer(section_id, responses, hints, attempt_id, seen)
            if entry.needs_connection:
                await self._try_to_send()
        return grades

    async def _tell_of_beginning(self, section_id: str, attempt_id: str) -> None:
        """A beginning that arrives with the answers does not count: it goes first, where it can. The answers are drafts until then."""
        attempt = self._find(section_id, attempt_id)
        if attempt is not None and attempt.row is None:
            await self._try_to_send()

    async def _try_to_send(self) -> None:
        try:
            await self._sync()
        except LmsError:  # what was recorded here is sent later, and the receipt says that it waits
            return

    async def _received(self, section_id: str, attempt_id: str) -> bool:
        """Whether the database has the beginning, after trying to tell it. Raises ``Unavailable`` and ``BadInput``."""
        for _ in range(_RUNS):
            attempt = self._find(section_id, attempt_id)
            if attempt is None:
                raise BadInput("The database did not take the beginning of the attempt.", "lms-tui sync problems says why.")
            if attempt.row is not None:
                return True
            if (await self._sync()).state != "idle":
                return False
        return False

    def _find(self, section_id: str, attempt_id: str) -> Attempt | None:
        return next((attempt for attempt in self._cache.attempts.of(section_id) if attempt.id == attempt_id), None)
