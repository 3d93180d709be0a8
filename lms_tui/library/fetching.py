"""Content from the database into the cache."""

import asyncio
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.db import catalog as db_catalog
from lms_tui.db import content
from lms_tui.library import nodes
from lms_tui.model.catalog import EVERYTHING, Filters
from lms_tui.model.errors import Unavailable
from lms_tui.model.person import Person, Role
from lms_tui.views.nodes import CourseList

if TYPE_CHECKING:
    from lms_tui.db.connection import Database


def known_person(cache: Cache) -> Person:
    """The person that the database introduced. Raises ``Unavailable`` before it has."""
    if cache.person is None:
        raise Unavailable("The database has not said yet who you are.", "Try again in a moment.")
    return cache.person


async def catalog(database: "Database", cache: Cache, filters: Filters) -> CourseList:
    """A page of the catalogue from the database, kept in the cache."""
    page = await db_catalog.page(database, known_person(cache), filters)
    if filters.after is None and filters.before is None:
        await asyncio.to_thread(cache.content.put_page, nodes.page_key(filters), page.items, page.next)
    else:
        await asyncio.to_thread(cache.content.put_listed, page.items)
    items = nodes.course_nodes(cache, cache.content.listed_of([item.id for item in page.items]))
    return CourseList(items=items, next=page.next, previous=page.previous, as_of=cache.clock.now(), source="database")


async def course(database: "Database", cache: Cache, name: str) -> bool:
    """Fetches a course by slug or id where the cache does not have its version; whether anything was fetched."""
    person = known_person(cache)
    found = await content.find(database, person, name, _known(cache, name))
    may_practise = found.enrolled or person.role is not Role.STUDENT
    await asyncio.to_thread(cache.removed.forget, [found.id])
    complete = found.course is None and (cache.content.keys(found.id) or not may_practise)
    keys = await content.practice_keys(database, person, found.id) if may_practise and not complete else {}
    if complete or (found.course is None and not keys):
        await asyncio.to_thread(cache.content.confirm, found.id)
        return False
    whole = found.course or cache.content.whole(found.id)
    await asyncio.to_thread(lambda: cache.content.put(whole, content_version=found.content_version, published=found.published, keys=keys))
    return True


def _known(cache: Cache, name: str) -> content.Known | None:
    version = cache.content.version(name)
    if cache.content.has_opened(name):  # of the same version there is more to read
        return None
    return content.Known(id=name, version=version, published=cache.content.listed(name).course.published) if version else None


async def wanted(database: "Database", cache: Cache, *, everything: bool) -> tuple[str, ...]:
    """The courses that are to be fetched: in the order of the catalogue's first page, then what is newer of those beyond it.

    Those that the person takes are kept here; ``everything``: all are, as in a personal library.
    """
    page = await catalog(database, cache, EVERYTHING)
    listed = [node.id for node in page.items if everything or node.enrolled]
    known = cache.content.wanting([*listed, *sorted(cache.dropped.all() - set(listed))])
    shown, standings = {node.id for node in page.items}, cache.progress.standings()
    here = {one.id: one.content_version for one in cache.content.downloaded() if one.id not in shown}
    taken = [one for one in here if everything or (one in standings and standings[one].enrolled)]
    newest = await content.versions(database, known_person(cache), taken) if taken else {}
    newer = [one for one in taken if one not in known and (newest.get(one, 0) > here[one] or cache.content.has_opened(one))]
    removed = cache.removed.all()
    return tuple(one for one in (*known, *newer) if one not in removed)
