"""A course folder into the database."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.db import importing as db_importing
from lms_tui.formats import Imported, checking
from lms_tui.library.fetching import known_person
from lms_tui.model.course import Course
from lms_tui.model.errors import Refused
from lms_tui.model.identity import with_ids
from lms_tui.model.person import Person, Role
from lms_tui.model.wire import Imported as Stored
from lms_tui.views.importing import ImportReport, ImportWarning

if TYPE_CHECKING:
    from lms_tui.db.connection import Database


def read(path: Path, format: str | None) -> Imported:
    """The course of a folder. Raises ``BadInput`` where it is none, or has something in it that cannot be taken."""
    return checking.read(path, format)


async def store(database: "Database", person: Person, course: Course) -> Stored:
    """Brings a course in: what was there before keeps its ids, and with them everybody's progress."""
    known = await db_importing.known(database, person, course.slug, course.source)
    return await db_importing.import_course(database, person, with_ids(course, known))


async def bring_in(database: "Database", cache: Cache, imported: Imported) -> ImportReport:
    """Stores a course that was read, and reports on it. Raises ``Refused`` for a learner."""
    stored = await store(database, _instructor(cache), imported.course)
    await asyncio.to_thread(cache.outbox.retry_found, [stored.course_id])
    sections = [section for lesson in imported.course.lessons for section in lesson.sections]
    return ImportReport(
        id=stored.course_id,
        ref=imported.course.slug,
        title=imported.course.title,
        changed=stored.changed,
        content_version=stored.content_version,
        published=stored.published,
        lesson_count=len(imported.course.lessons),
        sections=dict(Counter(section.type.value for section in sections)),
        question_count=sum(len(section.questions) for section in sections),
        model=imported.model,
        warnings=tuple(ImportWarning(file=warning.file, line=warning.line, message=warning.message) for warning in imported.warnings),
    )


async def publish(database: "Database", cache: Cache, course_id: str) -> Stored:
    """Shows a draft to the institution. Raises ``Refused`` for a learner."""
    return await db_importing.publish_course(database, _instructor(cache), course_id)


def _instructor(cache: Cache) -> Person:
    """The person, where they may change courses: the database says no to others, and this says it in words."""
    person = known_person(cache)
    if person.role is Role.STUDENT:
        raise Refused("Only an instructor or an administrator may do this.", "Nothing was sent.")
    return person
