"""What an import did."""

from typing import Any

from msgspec import Struct


class ImportWarning(Struct, frozen=True, kw_only=True):
    """Something in a course that its author may want to mend: the file, the line (1-based), and a sentence."""

    file: str
    line: int
    message: str


class ImportReport(Struct, frozen=True, kw_only=True):
    """The course that came in. ``changed`` is False where it was there already; a draft is not ``published``.

    ``sections`` counts them by type; ``model`` has the counts of its format.
    """

    id: str
    ref: str
    title: str
    changed: bool
    content_version: int
    published: bool = True
    lesson_count: int = 0
    sections: dict[str, int] = {}
    question_count: int = 0
    model: dict[str, Any] = {}
    warnings: tuple[ImportWarning, ...] = ()
