"""Values of front matter as the model wants them: minutes, durations, shares, flags."""

import math
import re
from datetime import UTC, date, datetime, time

from lms_tui.formats.front_matter import Page
from lms_tui.formats.imported import Findings, bad
from lms_tui.model.grading import number

MAX_MINUTES = 100_000

_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5][0-9])")
_UNITS = re.compile(r"(?:([0-9]{1,4})\s*h\w*)?\s*(?:([0-9]{1,6})\s*m\w*)?\s*(?:([0-9]{1,7})\s*s\w*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"[0-9]{1,7}")


def minutes(page: Page, key: str, findings: Findings) -> int | None:
    """Whole minutes, rounded up; a value that is none gives a warning and None."""
    said = page.text(key)
    if not said:
        return None
    value = number(said)
    if value is None or not 0 <= value <= MAX_MINUTES:
        findings.warn(page.file, page.line(key), f"{key}: '{said[:40]}' is not a number of minutes")
        return None
    return math.ceil(value)


def seconds(said: str, *, plain: bool) -> int | None:
    """A duration written ``2:05``, ``1:02:03``, ``20m``, ``1h 30m`` or, where ``plain``, as a number of seconds; None for another text."""
    clock, units = _CLOCK.fullmatch(said), _UNITS.fullmatch(said)
    if clock:
        return 3600 * int(clock[1] or 0) + 60 * int(clock[2]) + int(clock[3])
    if units and said:
        return 3600 * int(units[1] or 0) + 60 * int(units[2] or 0) + int(units[3] or 0)
    return int(said) if plain and _PLAIN.fullmatch(said) else None


def duration(page: Page, key: str, findings: Findings) -> int | None:
    """The seconds that something lasts; a value that is no duration gives a warning and None."""
    said = page.text(key)
    lasts = seconds(said, plain=True)
    if said and lasts is None:
        findings.warn(page.file, page.line(key), f"{key}: '{said[:40]}' is not a duration such as 2:05")
    return lasts


def limit(page: Page, key: str) -> int | None:
    """The seconds that something may last. A number needs its unit: 20 could mean either. Raises BadInput."""
    said = page.text(key)
    lasts = seconds(said, plain=False)
    if said and not lasts:
        raise bad(page.file, page.line(key), f"{key}: '{said[:40]}' is not a duration such as 20m or 1h 30m")
    return lasts


def percent(page: Page, key: str) -> float | None:
    """A share as 0 to 100: under 1 it is a fraction, and ``60%`` and ``60`` are the same. Raises BadInput."""
    said = page.text(key)
    if not said:
        return None
    value = number(said.removesuffix("%").rstrip())
    if value is not None and value < 1 and not said.endswith("%"):
        value *= 100
    if value is None or not 0 <= value <= 100:
        raise bad(page.file, page.line(key), f"{key}: '{said[:40]}' is not a share such as 0.6 or 60%")
    return float(value)


def count(page: Page, key: str) -> int | None:
    """A number of at least 1. Raises BadInput."""
    said = page.text(key)
    if not said:
        return None
    if not _PLAIN.fullmatch(said) or int(said) < 1:
        raise bad(page.file, page.line(key), f"{key}: '{said[:40]}' is not a number of at least 1")
    return int(said)


def moment(page: Page, key: str, findings: Findings, at: time) -> datetime | None:
    """A moment, written as a date and a time with its zone; ``at`` is the time of a date alone. Without a zone it is UTC's.

    Raises BadInput.
    """
    said = page.text(key)
    if not said:
        return None
    try:
        found = datetime.combine(date.fromisoformat(said), at) if _DATE.fullmatch(said) else datetime.fromisoformat(said)
        if found.tzinfo is None:
            findings.warn(page.file, page.line(key), f"{key}: '{said[:40]}' has no zone and was taken as UTC; say +01:00 or Z")
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad(page.file, page.line(key), f"{key}: '{said[:40]}' is not a date and time such as 2026-12-01T08:00+01:00") from None


def one_of(page: Page, key: str, choices: tuple[str, ...]) -> str:
    """One of some words, the first where nothing is said. Raises BadInput."""
    said = page.text(key, choices[0]).casefold()
    if said not in choices:
        raise bad(page.file, page.line(key), f"{key}: '{said[:40]}' is not {' or '.join(choices)}")
    return said


def flag(page: Page, key: str, default: bool) -> bool:
    """Yes or no, in any of YAML's ways to say so."""
    said = page.text(key).casefold()
    return said in ("true", "yes", "on", "1") if said else default


def warn_unknown(page: Page, known: frozenset[str], findings: Findings) -> None:
    """A warning for each key that means nothing here, because it may be misspelt."""
    for key in page.values:
        if key not in known:
            findings.warn(page.file, page.line(key), f"'{key[:40]}' is not known here and was passed over")
