"""The catalogue in words, and a window on it: the few pages around the cursor, however long it is."""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping
from itertools import accumulate
from typing import Literal

from msgspec.structs import replace

from lms_tui.model.catalog import Filters, Sort
from lms_tui.views.nodes import CourseList, CourseNode

Side = Literal["before", "after"]
Cursors = tuple[str | None, str | None]
"""After and before which cursor a page is."""

SORT_WORDS = {Sort.RECENT: "yours first, then the newest", Sort.NEWEST: "the newest first", Sort.TITLE: "A to Z"}
_MOST_PAGES = 5


def filter_words(filters: Filters) -> str:
    """What is chosen: ``beginner · category “Sea” · tag “tides” · yours only``; nothing where nothing is."""
    parts = [filters.difficulty.lower()] if filters.difficulty else []
    if filters.category is not None:
        parts.append(f"category “{filters.category}”")
    if filters.tag is not None:
        parts.append(f"tag “{filters.tag}”")
    if filters.mine:
        parts.append("yours only")
    return " · ".join(parts)


def none_words(filters: Filters, trouble: str, keys: str, *, may_import: bool = True) -> str:
    """Why there is no course, and what to do; ``trouble``: why the database could not be asked; ``keys``: which clear and choose."""
    if filter_words(filters):
        return f"{none_sentence(filters)}\n\n{keys}." if keys else none_sentence(filters)
    if trouble:
        return f"No course is known here yet. {trouble}\n\nThe catalogue is shown as soon as the database can be reached."
    return f"{none_sentence(filters)}\n\n{bring_words(may_import)}"


def none_sentence(filters: Filters) -> str:
    """That there is no course of those that were chosen, in one sentence."""
    if rest := filter_words(replace(filters, mine=False)):
        return f"{'None of your courses is' if filters.mine else 'No course here is'} {rest}."
    return "You take no course yet." if filters.mine else "There is no course yet."


def bring_words(may_import: bool) -> str:
    """Who brings courses in."""
    return "lms-tui import FOLDER brings one in." if may_import else "The people who teach here bring courses in."


def unfiltered(filters: Filters) -> Filters:
    """The same order of all courses."""
    return Filters(sort=filters.sort, limit=filters.limit)


class Window:
    """Neighbouring pages. What is far from the side that grows is dropped, and fetched again when it is come back to."""

    def __init__(self, page: CourseList, cursors: Cursors = (None, None)) -> None:
        self._pages = deque([page])
        self._cursors = deque([cursors])

    @property
    def courses(self) -> tuple[CourseNode, ...]:
        """All in the window, in their order, each once."""
        return tuple({course.id: course for page in self._pages for course in page.items}.values())

    @property
    def previous(self) -> str | None:
        """The cursor to what is before the window."""
        return self._pages[0].previous

    @property
    def next(self) -> str | None:
        """The cursor to what is after the window."""
        return self._pages[-1].next

    def around(self, place: int) -> Cursors:
        """The cursors of the page that holds a course."""
        below = list(accumulate(len(page.items) for page in self._pages))
        return self._cursors[min(bisect_right(below, place), len(below) - 1)]

    def add(self, page: CourseList, side: Side) -> None:
        """A page joins at one side. An empty one ends the window there."""
        if side == "after":
            self._cursors.append((self.next, None))
            self._pages.append(page)
        else:
            self._cursors.appendleft((None, self.previous))
            self._pages.appendleft(page)
        if len(self._pages) > _MOST_PAGES:
            for kept in (self._pages, self._cursors):
                kept.popleft() if side == "after" else kept.pop()

    def renew(self, known: Mapping[str, CourseNode]) -> None:
        """Courses as they stand now, by id."""
        self._pages = deque(replace(page, items=tuple(known.get(node.id, node) for node in page.items)) for page in self._pages)
