"""Hits of the cache or of the database as results that are shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.model.errors import BadInput
from lms_tui.model.passage import marked
from lms_tui.model.search import Hit, SearchQuery
from lms_tui.views.searching import CourseName, Result, Results

if TYPE_CHECKING:
    from lms_tui.db.connection import Database


def in_cache(cache: Cache, query: SearchQuery) -> Results:
    """What is on this machine. Raises ``BadInput``, ``NotFound``, ``NoWordSearch``."""
    _check(query)
    return Results(items=_results(cache, cache.search.find(query)), as_of=cache.ledger.last_success())


async def in_database(database: "Database", cache: Cache, query: SearchQuery) -> Results:
    """What the database has, and this person may see. Raises ``BadInput``, ``Unavailable``, ``Refused``."""
    from lms_tui.db.searching import search
    from lms_tui.library.fetching import known_person

    _check(query)
    hits = await search(database, known_person(cache), query)
    return Results(items=_results(cache, hits), as_of=cache.clock.now(), source="database")


def _check(query: SearchQuery) -> None:
    if query.scope != "all" and not query.within:
        raise BadInput(f"To search in a {query.scope}, say in which one.", "Name it with --in, as the lists show it.")


def _results(cache: Cache, hits: Sequence[Hit]) -> tuple[Result, ...]:
    courses = cache.content.listed_of(list(dict.fromkeys(hit.course_id for hit in hits)))
    here = {listed.course.id for listed in courses if listed.downloaded}
    return tuple(
        Result(
            id=hit.id,
            ref=hit.ref,
            kind=hit.kind,
            type=hit.type,
            title=hit.title,
            course=CourseName(id=hit.course_id, ref=hit.course_ref, title=hit.course_title),
            lesson=hit.lesson_title,
            snippet=marked(hit.snippet),
            matched=hit.matched,
            completed=hit.completed,
            available_offline=hit.course_id in here,
            score=hit.score,
        )
        for hit in hits
    )
