"""Days of study in a row."""

from collections.abc import Iterable
from datetime import date, timedelta

ACTIVE_DAY_SECONDS = 60


def counts(active_seconds: int, completed: int, answered: int) -> bool:
    """Whether a local day counts: a completion, an answer, or a minute of activity."""
    return completed > 0 or answered > 0 or active_seconds >= ACTIVE_DAY_SECONDS


def streak(days: Iterable[date], today: date) -> int:
    """The number of counting days in a row that ends today, or yesterday, so that a streak is not lost by the morning."""
    counting = set(days)
    end = today if today in counting else today - timedelta(days=1)
    length = 0
    while end - timedelta(days=length) in counting:
        length += 1
    return length
