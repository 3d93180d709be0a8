"""The attempt that is on the screen: as the library knows it, how much of its time is left, and what came of beginning and sending it."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from lms_tui.model.errors import LmsError
from lms_tui.views.assessing import Standing
from lms_tui.views.attempting import announcement, seconds_left
from lms_tui.views.nodes import SectionPage

if TYPE_CHECKING:
    from lms_tui.library import Library

_ASK_AGAIN_SECONDS = 10.0


class Outcome(Message):
    """What was asked of the library is done, or, with ``trouble``, is not."""

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self.trouble = trouble


class Started(Outcome):
    """An attempt was to be begun."""


class HandedIn(Outcome):
    """The attempt under way was to be handed in."""


async def carried_out(deed: Awaitable[object], outcome: type[Outcome], tell: Callable[[Outcome], object]) -> None:
    """Does what is asked of the library, and tells what came of it, whatever that is."""
    trouble = "That did not work."
    try:
        await deed
        trouble = ""
    except LmsError as error:
        trouble = f"{error.message} {error.hint}".strip()
    finally:
        tell(outcome(trouble))


class AttemptWatch:
    """Reads the entry card again and again: the time that is left is the library's to tell, whatever was killed or asleep meanwhile."""

    def __init__(self, library: "Library", section_id: str) -> None:
        self._library = library
        self._section_id = section_id
        self.entry = library.entry(section_id)
        self._looked_at = library.now()
        self.attempt = self.entry.under_way
        self._told_over = ""
        self._asked_at = -_ASK_AGAIN_SECONDS

    @property
    def seconds_left(self) -> int | None:
        """Of the attempt under way: by its limit, or because the assessment closes soon; None where it has time."""
        return seconds_left(self.entry, self._library.now())

    @property
    def ends(self) -> bool:
        """Whether an attempt is under way that has an end."""
        return self.entry.under_way is not None and (self.entry.seconds_left is not None or self.entry.closes is not None)

    def look(self) -> None:
        """The card and the attempt, as they are now. Raises ``LmsError`` where the section is gone."""
        self._looked_at = self._library.now()
        self.entry = entry = self._library.entry(self._section_id)
        if self.attempt is not None:
            known = (entry.under_way, *entry.attempts)
            self.attempt = next((attempt for attempt in known if attempt and attempt.id == self.attempt.id), self.attempt)

    def follow(self) -> None:
        """The attempt under way is the one on the screen."""
        self.attempt = self.entry.under_way

    def why_it_is_gone(self) -> str:
        """Why the attempt that was on the screen is not under way any more."""
        if self.attempt is not None and self.attempt in self.entry.attempts:
            return "This attempt was handed in elsewhere."
        return "The database did not take this attempt; the sync screen says why."

    @property
    def has_turned(self) -> bool:
        """Whether it has opened or closed since the card was read."""
        now = self._library.now()
        return any(at is not None and self._looked_at < at <= now for at in (self.entry.opens, self.entry.closes))

    def take_turn_to_ask(self, page: SectionPage) -> bool:
        """Takes a turn to ask for the questions: where they are not here, it is open by now, and the last turn was not just before."""
        opens, now = self.entry.opens, monotonic()
        if page.questions or not page.section.question_count or (opens is not None and opens > self._library.now()):
            return False
        is_due = now - self._asked_at >= _ASK_AGAIN_SECONDS
        self._asked_at = now if is_due else self._asked_at
        return is_due

    def tick(self) -> str:
        """Looks again; what is to be said of the time, mostly nothing."""
        before = self.seconds_left
        self.look()
        now = self.seconds_left
        return announcement(before, now) if before is not None and now is not None else ""

    def is_over(self) -> bool:
        """Whether there is an attempt whose time is up and that was not handed in. Of each it says so once."""
        entry, left = self.entry, self.seconds_left
        late = next((attempt for attempt in entry.attempts if attempt.standing is Standing.LATE and attempt.answered_at is None), None)
        over = entry.under_way if left is not None and left <= 0 else late if entry.under_way is None else None
        if over is None or over.id == self._told_over:
            return False
        self.attempt, self._told_over = over, over.id
        return True
