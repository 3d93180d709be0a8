"""Searching what is on this machine."""

import sqlite3
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from lms_tui.cache import finding, words
from lms_tui.cache.doors import Doors
from lms_tui.cache.failures import Damaged
from lms_tui.cache.progress import Progress
from lms_tui.model.course import SectionType
from lms_tui.model.errors import LmsError
from lms_tui.model.passage import CLOSE, OPEN
from lms_tui.model.progress import SectionState
from lms_tui.model.query import Query, parse
from lms_tui.model.search import Hit, Matched, SearchQuery

_LOOKED_AT = 1000  # rows, of which the finished ones are left out

_FILTERED = """
CROSS JOIN passage ON passage.id = words.rowid CROSS JOIN course ON course.id = passage.course_id
LEFT JOIN section ON section.id = passage.item_id LEFT JOIN lesson ON lesson.id = section.lesson_id
WHERE (:difficulty IS NULL OR course.difficulty = :difficulty) AND (:category IS NULL OR course.category = :category)
  AND (:course IS NULL OR passage.course_id = :course) AND (:lesson IS NULL OR section.lesson_id = :lesson)
  AND (:section IS NULL OR passage.item_id = :section)
"""
_SHOWN = f"""
SELECT passage.item_id, passage.kind, passage.course_id, passage.title, course.slug, course.title, lesson.slug,
  json_extract(lesson.doc, '$.title'),
  section.slug, section.type, words.rank, instr(highlight(words, 0, '{OPEN}', '{CLOSE}'), '{OPEN}'),
  instr(highlight(words, 2, '{OPEN}', '{CLOSE}'), '{OPEN}'), snippet(words, 2, '{OPEN}', '{CLOSE}', '…', 24)
"""
# A title weighs 4, where it stands 2, the text 1.
_MATCHED = "AND words MATCH :words AND rank MATCH 'bm25(4.0, 2.0, 1.0)'"
# What has all the words in its title, the shortest title first. Passages are cut out of as many rows as are asked for, here and below.
_TITLED = f"""
WITH titled AS (
  SELECT words.rowid AS id FROM words {_FILTERED} AND words MATCH :in_title AND rank MATCH 'bm25(4.0, 2.0, 1.0)'
  ORDER BY length(passage.title), words.rank LIMIT {_LOOKED_AT})
{_SHOWN} FROM titled CROSS JOIN words ON words.rowid = titled.id {_FILTERED} {_MATCHED}
"""
# The index is walked first, best row first, and no further than rows are asked for.
_FOUND = f"{_SHOWN} FROM words {_FILTERED} {_MATCHED} ORDER BY rank LIMIT {_LOOKED_AT}"


class NoWordSearch(LmsError):
    """This machine's SQLite cannot search."""

    code = "unavailable"


class Searching:
    """Searches on a connection of its own, so that nobody who reads waits for one. They run on the caller's thread, one at a time."""

    def __init__(self, doors: Doors, progress: Progress) -> None:
        self._doors = doors
        self._progress = progress

    def find(self, query: SearchQuery) -> tuple[Hit, ...]:
        """What matches best, best first. Nothing where there are no words.

        Raises ``NotFound`` for a ``within`` that is not here, and ``NoWordSearch``.
        """
        asked = parse(query.text, typing=query.typing)
        if not asked:
            return ()
        try:
            return self._find(query, asked)
        except Damaged:  # it can be made anew from the passages
            with self._doors.writing_content() as connection:
                words.rebuild(connection)
            return self._find(query, asked)

    def _find(self, query: SearchQuery, asked: Query) -> tuple[Hit, ...]:
        with self._doors.searching() as connection:
            if not words.has_index(connection):
                raise NoWordSearch("Search on this machine needs an SQLite with FTS5, which this Python does not have.")
            found = finding.find(connection, query.within) if query.within and query.scope != "all" else None
            wanted = {
                "words": fts5(asked),
                "in_title": in_title(asked),
                "difficulty": query.difficulty,
                "category": query.category,
                "course": found.course if found else None,
                "lesson": found.lesson if found else None,
                "section": found.section if found else None,
            }
            return tuple(islice(self._hits(_best_first(connection, wanted), query.include_completed), query.limit))

    def stop(self) -> None:
        """Ends a search that is under way on another thread: nobody waits for it any more."""
        self._doors.stop_searching()

    def _hits(self, hits: Iterator[Hit], include_completed: bool) -> Iterator[Hit]:
        for hit in hits:
            progress = self._progress.course(hit.course_id)
            state = progress.sections.get(hit.id, SectionState()) if hit.kind == "section" else progress.course
            if state.completed_at is None:
                yield hit
            elif include_completed or hit.kind == "course":
                yield replace(hit, completed=True)


def fts5(query: Query) -> str:
    """The words as FTS5 takes them: any of them, each a quoted string, and the last one perhaps only begun."""
    any_of = " OR ".join(_quoted(query))
    common = "".join(f' OR "{word}"' for word in query.common)
    return f"({any_of}) AND ({any_of}{common})" if common else any_of


def in_title(query: Query) -> str:
    """All the words in the title, as FTS5 takes them."""
    return f"title : ({' AND '.join(_quoted(query))})"


def _quoted(query: Query) -> list[str]:
    quoted = ['"' + word.replace('"', '""') + '"' for word in query.words]
    return [*quoted[:-1], quoted[-1] + " *"] if query.prefix else quoted


def _best_first(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> Iterator[Hit]:
    """What has all the words in its title, then the rest; the one kind scores more than 1, the other less."""
    titled = set()
    for row in connection.execute(_TITLED, wanted):
        hit = _hit(row)
        titled.add(hit.id)
        yield replace(hit, score=1 + 1 / max(1, len(hit.title)))
    for row in connection.execute(_FOUND, wanted):
        hit = _hit(row)
        if hit.id not in titled:
            yield replace(hit, score=hit.score / (1 + hit.score))


def _hit(row: tuple[object, ...]) -> Hit:
    item_id, kind, course_id, title, course, course_title, lesson, lesson_title, section, type_, rank, in_title, in_text, snippet = row
    matched: Matched = "title" if in_title else "text" if in_text else "path"
    of_section = kind == "section"
    return Hit(
        id=str(item_id),
        kind="section" if of_section else "course",
        type=SectionType(str(type_)) if of_section else None,
        ref=f"{course}/{lesson}/{section}" if of_section else str(course),
        title=str(title),
        course_id=str(course_id),
        course_ref=str(course),
        course_title=str(course_title),
        lesson_title=str(lesson_title) if of_section else None,
        snippet=str(snippet),
        matched=matched,
        score=-float(str(rank)),
    )
