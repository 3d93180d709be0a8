"""Attempts whose time is up while nobody looks at them."""

from datetime import timedelta

from lms_tui.cache.store import Cache
from lms_tui.library.entries import Entries
from lms_tui.model.errors import LmsError

_BEFORE_CLOSING = timedelta(seconds=15)
"""What reaches the database after an assessment closes does not count, so it goes a moment before."""


def overdue(cache: Cache, entries: Entries) -> list[str]:
    """The sections of attempts whose time has just run out; one that is too late to count waits for its entry card."""
    now, found = cache.clock.now(), []
    for section_id in cache.attempts.sections():
        try:
            entry = entries.of(section_id)
        except LmsError:  # the course is not on this machine any more
            continue
        closes = entry.closes is not None and entry.closes - now <= _BEFORE_CLOSING
        if entry.under_way is not None and (entry.seconds_left == 0 or closes):
            found.append(section_id)
    return found
