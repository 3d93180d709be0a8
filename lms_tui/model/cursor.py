"""Cursors of lists: opaque to who holds one; they name the order that they are of, and the way that they lead."""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

import msgspec

from lms_tui.model.catalog import END, Filters, Sort
from lms_tui.model.errors import BadInput

Way = Literal["after", "before"]
Source = Literal["cache", "database"]
T = TypeVar("T")

_BEGIN = "Leave it out to begin at the first page."


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place beside a course: ``key`` is what the course is ordered by, within ``branch`` where an order has parts.

    ``source``: whose order that is. The other knows the course by another key, and has to look its own up.
    """

    sort: Sort
    way: Way
    branch: int
    key: str
    id: str
    source: Source = "database"

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


def read(filters: Filters) -> Cursor | None:
    """The cursor that was given; None at an end. Raises ``BadInput`` for one that is none, or is of another order or way."""
    if filters.after is not None and filters.before is not None:
        raise BadInput("A page is after one cursor or before one, not both.", "Leave one of them out.")
    text = filters.before if filters.after is None else filters.after
    if text is None or filters.before == END:
        return None
    way: Way = "after" if filters.before is None else "before"
    cursor = _decoded(text)
    if cursor.sort is not filters.sort:
        raise BadInput(f"This cursor is of the order “{cursor.sort}”, not of “{filters.sort}”.", _BEGIN)
    if cursor.way != way:
        raise BadInput(f"This cursor is to be given as “{cursor.way}”.", "“next” goes with after, “previous” with before.")
    return cursor


def _decoded(text: str) -> Cursor:
    try:
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(text.encode("ascii")), type=Cursor)
        if str(UUID(cursor.id)) == cursor.id and (cursor.sort is Sort.TITLE or datetime.fromisoformat(cursor.key).tzinfo is not None):
            return cursor
    except (ValueError, msgspec.MsgspecError):
        pass
    raise BadInput("This is not a cursor of the catalogue.", _BEGIN)


def sides(
    filters: Filters, nearest: Sequence[T], place: Callable[[T], tuple[int, str, str]], source: Source
) -> tuple[list[T], str | None, str | None]:
    """What was found from the cursor on, up to one more than a page, as it is shown, with the cursors ``previous`` and ``next``."""
    back, more = filters.before is not None, len(nearest) > filters.limit
    shown = list(nearest[: filters.limit])
    if back:
        shown.reverse()
    if not shown:
        return shown, None, None
    is_before, is_after = (more, filters.before != END) if back else (filters.after is not None, more)
    previous = str(Cursor(filters.sort, "before", *place(shown[0]), source)) if is_before else None
    following = str(Cursor(filters.sort, "after", *place(shown[-1]), source)) if is_after else None
    return shown, previous, following
