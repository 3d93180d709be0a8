"""What a search shows."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from lms_tui.model.course import SectionType
from lms_tui.model.passage import Marked
from lms_tui.model.search import Hit, Matched, Scope, SearchQuery
from lms_tui.views.nodes import Source

__all__ = ["Hit", "Matched", "Result", "Results", "Scope", "SearchQuery"]


class CourseName(Struct, frozen=True, kw_only=True):
    """The course that something is in."""

    id: str
    ref: str
    title: str


class Result(Struct, frozen=True, kw_only=True):
    """A course or a section that was found. ``snippet``: a passage of it in pieces, each with whether it is a match.

    ``matched`` says where the words were found; ``lesson`` is a title, None for a course.
    """

    id: str
    ref: str
    kind: Literal["course", "section"]
    type: SectionType | None = None
    title: str
    course: CourseName
    lesson: str | None = None
    snippet: Marked = ()
    matched: Matched = "text"
    completed: bool = False
    available_offline: bool = False
    score: float = 0.0


def finished(result: Result) -> str:
    """What is said of a result that was completed. Whether an assessment was passed, a search does not know."""
    return "handed in" if result.type is SectionType.ASSESSMENT else "done"


class Results(Struct, frozen=True, kw_only=True):
    """What was found, best first, as of when, by whom. ``notice``: a sentence where not all could be searched."""

    items: tuple[Result, ...] = ()
    as_of: datetime | None = None
    source: Source = "cache"
    notice: str = ""
