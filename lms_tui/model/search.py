"""A search, and what it finds: the same for the cache and for the database."""

from typing import Literal

from msgspec import Struct

from lms_tui.model.course import SectionType

Scope = Literal["all", "course", "lesson", "section"]
Matched = Literal["title", "path", "text"]
"""Where the words were found first: in the title, in the titles of the course and the lesson around it, or in the text."""


class SearchQuery(Struct, frozen=True, kw_only=True):
    """What is looked for. ``scope`` other than ``all`` is that part of the tree which the ref or id ``within`` names.

    ``typing``: the text is being typed, and its last word may go on. Finished sections are left out unless asked for.
    """

    text: str
    scope: Scope = "all"
    within: str = ""
    difficulty: str | None = None
    category: str | None = None
    include_completed: bool = False
    limit: int = 20
    typing: bool = False


class Hit(Struct, frozen=True, kw_only=True):
    """A course or a section that was found. In ``snippet`` the matches stand between ``passage.OPEN`` and ``passage.CLOSE``.

    A higher ``score`` is better; scores of one leg are not to be compared with those of another.
    """

    id: str
    kind: Literal["course", "section"]
    type: SectionType | None = None
    ref: str
    title: str
    course_id: str
    course_ref: str
    course_title: str
    lesson_title: str | None = None
    snippet: str = ""
    matched: Matched = "text"
    completed: bool = False
    score: float = 0.0
