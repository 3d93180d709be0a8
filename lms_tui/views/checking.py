"""What a check of a course's folder found."""

from typing import Any

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong (``severity`` error) or odd (warning): the file, the line (1-based, 0 for the whole file), and a sentence."""

    severity: str
    file: str
    line: int
    code: str
    message: str


class CheckReport(Struct, frozen=True, kw_only=True):
    """``ok``: it can be imported. ``model`` has the counts of its format, as an import's report."""

    ok: bool
    model: dict[str, Any]
    problems: tuple[Problem, ...]
