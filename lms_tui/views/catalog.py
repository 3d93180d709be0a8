"""The catalogue in words, and a window on it: the few pages around the cursor, however long it is."""

from collections import deque
from collections.abc import Mapping
from typing import Literal

from msgspec.structs import replace

from lms_tui.model.catalog import Filters, Sort
from lms_tui.views.nodes import CourseList, CourseNode

Side = Literal["before", "after"]

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


def none_words(filters: Filters, trouble: str = "") -> str:
    """Why there is no course, and what to do; ``trouble``: why the database could not be asked."""
    rest = filter_words(replace(filters, mine=False))
    if rest or filters.mine:
        whose = "None of your courses is" if filters.mine else "No course here is"
        sentence = f"{whose} {rest}." if rest else "You take no course yet."
        return f"{sentence}\n\nx clears the filters, f chooses others."
    if trouble:
        return f"No course is known here yet. {trouble}\n\nThe catalogue is shown as soon as the database can be reached."
    return "There is no course yet.\n\nlms-tui import FOLDER brings one in."


def unfiltered(filters: Filters) -> Filters:
    """The same order of all courses."""
    return Filters(sort=filters.sort, limit=filters.limit)


class Window:
    """Neighbouring pages. What is far from the side that grows is dropped, and fetched again when it is come back to."""

    def __init__(self, page: CourseList) -> None:
        self._pages = deque([page])

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

    def add(self, page: CourseList, side: Side) -> None:
        """A page joins at one side. An empty one ends the window there."""
        if side == "after":
            self._pages.append(page)
            if len(self._pages) > _MOST_PAGES:
                self._pages.popleft()
        else:
            self._pages.appendleft(page)
            if len(self._pages) > _MOST_PAGES:
                self._pages.pop()

    def renew(self, known: Mapping[str, CourseNode]) -> None:
        """Courses as they stand now, by id."""
        self._pages = deque(replace(page, items=tuple(known.get(node.id, node) for node in page.items)) for page in self._pages)
