"""The courses that are known here as a catalogue: filtered, in the orders of the database's, read both ways."""

import sqlite3
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms_tui.cache.clock import from_ms, to_ms
from lms_tui.cache.finding import LISTED, as_listed
from lms_tui.cache.shelf import Listed, ListedPage
from lms_tui.model import cursor
from lms_tui.model.catalog import Facets, Filters, Sort
from lms_tui.model.cursor import Cursor

# Which courses a person takes is said last by an event of this device that the database has not yet counted, else by the database.
_WAITING = "state IN (0, 3) AND again = 0 AND kind IN ('enrolled', 'left')"
_MINE = f"""
    SELECT id, max(
        COALESCE((SELECT 1000 * strftime('%s', json_extract(doc, '$.last_accessed_at')) FROM rollup_state
          WHERE scope = 'course' AND rollup_state.id = touched.id), 0),
        COALESCE((SELECT max(at_ms) FROM outbox WHERE course_id = touched.id AND state IN (0, 3) AND again = 0), 0),
        COALESCE((SELECT enrolled_ms FROM enrolment WHERE course_id = touched.id), 0))
    FROM (SELECT course_id AS id FROM enrolment UNION SELECT course_id FROM outbox WHERE {_WAITING}) AS touched
    WHERE COALESCE((SELECT kind = 'enrolled' FROM outbox WHERE course_id = touched.id AND {_WAITING} ORDER BY seq DESC LIMIT 1),
        (SELECT enrolled FROM enrolment WHERE course_id = touched.id), 0)"""
_MOST_FACETS = 300
_FILTERS = {
    "difficulty": "difficulty = :difficulty",
    "category": "category = :category",
    "tag": "EXISTS (SELECT 1 FROM json_each(course.tags) WHERE value = :tag)",
}


class _Row(Struct, frozen=True):
    """A course with its place in the order."""

    branch: int
    key: str
    listed: Listed

    @property
    def place(self) -> tuple[int, str, str]:
        return self.branch, self.key, self.listed.course.id


def page(connection: sqlite3.Connection, filters: Filters) -> ListedPage:
    """A page of what is known. Raises ``BadInput`` for a cursor that is none or does not fit."""
    mine = {str(course): int(at) for course, at in connection.execute(_MINE)}
    given = _own_place(connection, cursor.read(filters), mine)
    most = filters.limit + 1
    if filters.sort is not Sort.RECENT:
        rows = _in_order(connection, filters, given, mine if filters.mine else None, most)
    else:
        rows = _recent(connection, filters, given, mine, most)
    shown, previous, following = cursor.sides(filters, rows, lambda row: row.place, "cache")
    items = tuple(row.listed for row in shown)
    return ListedPage(items=items, next=following, previous=previous, as_of=min((item.as_of for item in items), default=None))


def _own_place(connection: sqlite3.Connection, given: Cursor | None, mine: dict[str, int]) -> Cursor | None:
    """The cursor; where it is the database's, the same course's place in the order of what is known here."""
    if given is None or given.source == "cache":
        return given
    if given.sort is Sort.TITLE:
        known = connection.execute("SELECT title FROM course WHERE id = ?", (given.id,)).fetchone()
        return replace(given, key=known[0]) if known else given
    if given.sort is Sort.RECENT and given.id in mine:
        return replace(given, branch=0, key=from_ms(mine[given.id]).isoformat())
    return replace(given, branch=1)


def facets(connection: sqlite3.Connection) -> Facets:
    """The categories and tags of what is known, a few hundred at most."""
    most = {"most": _MOST_FACETS}
    categories = connection.execute("SELECT DISTINCT category FROM course WHERE category <> '' ORDER BY 1 LIMIT :most", most)
    tags = connection.execute("SELECT DISTINCT value FROM course, json_each(course.tags) ORDER BY 1 LIMIT :most", most)
    return Facets(categories=tuple(row[0] for row in categories), tags=tuple(row[0] for row in tags))


def _recent(connection: sqlite3.Connection, filters: Filters, given: Cursor | None, mine: dict[str, int], most: int) -> list[_Row]:
    """The person's own, last studied first, then the rest; the two change places where it is read backwards."""
    back = filters.before is not None
    rows: list[_Row] = []
    for branch in (1, 0) if back else (0, 1):
        place = given if given is not None and given.branch == branch else None
        if given is not None and place is None and (branch > given.branch) == back:
            continue  # it is behind the cursor
        if branch == 0:
            rows += _own(connection, filters, place, mine)
        elif not filters.mine:
            rows += _in_order(connection, filters, place, mine, most - len(rows))
    return rows[:most]


def _own(connection: sqlite3.Connection, filters: Filters, place: Cursor | None, mine: dict[str, int]) -> list[_Row]:
    """All that the person takes, which are few, from a place on."""
    back = filters.before is not None
    found = [as_listed(row) for row in _select(connection, filters, f"id IN {_AMONG}", "id", {"mine": _json(mine)})]
    rows = sorted(found, key=lambda one: (mine[one.course.id], one.course.id), reverse=not back)
    if place is not None:
        at = (to_ms(datetime.fromisoformat(place.key)), place.id)
        rows = [one for one in rows if ((mine[one.course.id], one.course.id) > at) == back and (mine[one.course.id], one.course.id) != at]
    return [_Row(0, from_ms(mine[one.course.id]).isoformat(), one) for one in rows]


def _in_order(connection: sqlite3.Connection, filters: Filters, place: Cursor | None, mine: dict[str, int] | None, most: int) -> list[_Row]:
    """Courses by title or by age, from a place on: in ``recent`` without the person's own, else of ``mine`` where that is given."""
    by_title, back = filters.sort is Sort.TITLE, filters.before is not None
    up = by_title != back
    columns = ("title COLLATE NOCASE", "id") if by_title else ("id",)
    where, wanted = ["1"], {"limit": max(0, most), "key": place.key if place else "", "id": place.id if place else ""}
    if mine is not None:
        where.append(f"id {'NOT IN' if filters.sort is Sort.RECENT else 'IN'} {_AMONG}")
        wanted["mine"] = _json(mine)
    if place is not None:
        where.append(f"({', '.join(columns)}) {'>' if up else '<'} ({':key, :id' if by_title else ':id'})")
    order = ", ".join(f"{column} {'ASC' if up else 'DESC'}" for column in columns) + " LIMIT :limit"
    found = [as_listed(row) for row in _select(connection, filters, " AND ".join(where), order, wanted)]
    return [_Row(1, one.course.title if by_title else _made_at(one.course.id).isoformat(), one) for one in found]


_AMONG = "(SELECT value FROM json_each(:mine))"


def _select(
    connection: sqlite3.Connection, filters: Filters, where: str, order: str, wanted: dict[str, object]
) -> list[tuple[str, int, int, int]]:
    chosen = {name: getattr(filters, name) for name in _FILTERS}
    clauses = [where, *(_FILTERS[name] for name, value in chosen.items() if value is not None)]
    return connection.execute(f"SELECT {LISTED} FROM course WHERE {' AND '.join(clauses)} ORDER BY {order}", chosen | wanted).fetchall()


def _json(mine: dict[str, int]) -> str:
    return msgspec.json.encode(list(mine)).decode()


def _made_at(course_id: str) -> datetime:
    """When a course was made, as its id says it (UUIDv7): the order of ids is the order of age."""
    number = UUID(course_id)
    return from_ms(number.int >> 80 if number.version == 7 else 0)
