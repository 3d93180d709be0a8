"""Which courses of a catalogue are asked for, and in which order."""

from enum import StrEnum

from msgspec import Struct

END = "end"
"""The cursor that is behind the last course: the page ``before`` it is the last one."""


class Sort(StrEnum):
    """An order of courses."""

    RECENT = "recent"  # those that the person takes, last studied first, then the rest, newest first
    NEWEST = "newest"
    TITLE = "title"


class Filters(Struct, frozen=True, kw_only=True):
    """Which courses, in which order, and how many (``limit``). ``mine``: only those that the person takes.

    ``after`` is the ``next`` of another page, or ``before`` its ``previous``; without both it is the first page.
    """

    difficulty: str | None = None
    category: str | None = None
    tag: str | None = None
    mine: bool = False
    sort: Sort = Sort.RECENT
    limit: int = 50
    after: str | None = None
    before: str | None = None


EVERYTHING = Filters()


class Facets(Struct, frozen=True, kw_only=True):
    """What courses can be chosen by: categories and tags that some have, in order."""

    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
