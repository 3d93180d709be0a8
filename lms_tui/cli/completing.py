"""What a shell offers at Tab where a course, a lesson or a section is named: what is on this machine, without asking the database."""

import asyncio
import os

from lms_tui import paths
from lms_tui.library import Library
from lms_tui.model.catalog import Filters
from lms_tui.model.errors import LmsError
from lms_tui.model.text import clean

_MANY = Filters(limit=500)


def courses(incomplete: str) -> list[str]:
    """The courses whose names begin so; none where there is no library yet, or it cannot be read: a shell's Tab is no place for errors."""
    return _found(incomplete, depth=0)


def sections(incomplete: str) -> list[str]:
    """Courses, and behind a ``/`` their lessons, and behind another one those lessons' sections."""
    return _found(incomplete, depth=incomplete.count("/"))


def _found(incomplete: str, depth: int) -> list[str]:
    profile = os.environ.get("LMS_TUI_PROFILE", "personal")
    try:
        if not paths.profile_folder(profile).is_dir():
            return []
        library = Library.open(profile, offline=True)
        try:
            refs = _refs(library, incomplete, depth)
        finally:
            asyncio.run(library.close())
    except LmsError:
        return []
    return sorted(ref for ref in refs if ref.startswith(incomplete) and clean(ref) == ref)


def _refs(library: Library, incomplete: str, depth: int) -> list[str]:
    if depth == 0:
        return [course.ref for course in library.courses(_MANY).items]
    lessons = library.outline(incomplete.partition("/")[0]).lessons
    return [lesson.ref for lesson in lessons] if depth == 1 else [section.ref for lesson in lessons for section in lesson.sections]
