"""Content from the database into the cache."""

import asyncio
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.db import catalog as db_catalog
from lms_tui.db import content
from lms_tui.library import nodes
from lms_tui.model.catalog import Filters
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
    fetched, version, published, enrolled = await content.course(database, person, name)
    course_id = fetched.id or ""
    may_practise = enrolled or person.role is not Role.STUDENT
    await asyncio.to_thread(cache.removed.forget, course_id)
    is_here = cache.content.version(course_id) == version and cache.content.listed(course_id).course.published == published
    complete = is_here and (cache.content.keys(course_id) or not may_practise)
    keys = await content.practice_keys(database, person, course_id) if may_practise and not complete else {}
    if complete or (is_here and not keys):
        await asyncio.to_thread(cache.content.confirm, course_id)
        return False
    await asyncio.to_thread(lambda: cache.content.put(fetched, content_version=version, published=published, keys=keys))
    return True
