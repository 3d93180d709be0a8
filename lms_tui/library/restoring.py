"""What a personal database lost comes back from the cache, under the ids that the events kept here name."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.db import importing
from lms_tui.model.errors import BadInput, NotFound
from lms_tui.model.person import Person

if TYPE_CHECKING:
    from lms_tui.db.connection import Database

logger = logging.getLogger(__name__)


async def bring_back(database: "Database", person: Person, cache: Cache, announce: Callable[[str], None]) -> tuple[str, ...]:
    """Imports the downloaded courses that the database does not have, or has an older version of. Gives their ids.

    A database only goes back so when its folder was deleted, or replaced by an older copy. A course that cannot be brought
    back is left out, and said in the log. Safe to be killed in: what came back is known the next time.
    """
    here = await asyncio.to_thread(cache.content.downloaded)
    if not here:
        return ()
    there = await importing.versions(database, person)
    slugs = {slug for slug, _ in there.values()}
    back: list[str] = []
    for course in here:
        if course.id in there and there[course.id][1] >= course.content_version:
            continue
        if course.id not in there and course.slug in slugs:
            continue  # made anew under other ids
        announce("Bringing your courses back.")
        try:
            await importing.import_course(database, person, await asyncio.to_thread(cache.content.whole, course.id), restored=True)
        except (BadInput, NotFound) as error:
            logger.warning("the course %s could not be brought back: %s", course.slug, error.message)
        else:
            back.append(course.id)
    if back:
        await asyncio.to_thread(cache.outbox.retry_found, back)
    return tuple(back)
