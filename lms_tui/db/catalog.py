"""The catalogue, in three orders. Keyset pages both ways, one statement each, flat in the number of courses."""

import contextlib
from itertools import product
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model import cursor
from lms_tui.model.catalog import EVERYTHING, Filters, Sort
from lms_tui.model.cursor import Cursor
from lms_tui.model.errors import NotFound
from lms_tui.model.person import Person, Role
from lms_tui.model.wire import CatalogCourse, CatalogPage

MAX_LIMIT = 500

_ITEM = """json_build_object('id', x.course_id, 'slug', c.slug, 'title', c.title, 'summary', c.summary, 'difficulty', c.difficulty,
        'category', c.category, 'tags', c.tags, 'language', c.language, 'version', c.version, 'content_version', c.content_version,
        'minutes', c.minutes, 'lesson_count', c.lesson_count, 'section_count', c.section_count, 'published', c.published,
        'enrolled', coalesce(p.enrolled, false), 'percent', coalesce(p.percent, 0), 'completed_at', p.completed_at,
        'active_seconds', coalesce(p.active_seconds, 0), 'score', p.score, 'last_accessed_at', p.last_accessed_at)"""

_FILTERS = {
    "difficulty": "(CAST(:difficulty AS text) IS NULL OR {source}.difficulty = CAST(:difficulty AS text))",
    "category": "(CAST(:category AS text) IS NULL OR {source}.category = CAST(:category AS text))",
    "tag": """(CAST(:tag AS text) IS NULL OR EXISTS (SELECT FROM lms.course_tags t WHERE t.institution_id = CAST(:institution AS uuid)
        AND t.course_id = c.course_id AND t.tag = CAST(:tag AS text)))""",
}

_MINE = """
    SELECT 0 AS branch, {order} AS at, p.course_id
    FROM lms.course_progress p
    JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = p.course_id
    WHERE p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid) AND p.enrolled
      AND ({order}, p.course_id) {beyond} (CAST(:mine_at AS {type}), CAST(:mine_id AS uuid))
      AND {filters}
    ORDER BY {order} {way}, p.course_id {way} LIMIT :limit"""

_OTHERS = """
    SELECT 1 AS branch, {order} AS at, {source}.course_id
    FROM {tables}
    WHERE c.institution_id = CAST(:institution AS uuid) AND {shown}
      AND ({order}, {source}.course_id) {beyond} (CAST(:at AS {type}), CAST(:id AS uuid))
      AND {filters}
    ORDER BY {order} {way}, {source}.course_id {way} LIMIT :limit"""

# Not a join: its share of rows is guessed as none where everybody who has progress takes the course, and then all courses are read.
_NOT_MINE = """c.course_id <> ALL (ARRAY(SELECT p.course_id FROM lms.course_progress p
        WHERE p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid) AND p.enrolled))"""

_TAKEN = """
    LEFT JOIN lms.course_progress p ON p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid)
      AND p.course_id = c.course_id"""

# What is nearest comes first, whichever way is read.
_PAGE = """
  WITH page AS ({rows})
  SELECT CAST(json_build_object(
      'items', coalesce(json_agg({item} ORDER BY {nearest}), '[]'),
      'keys', coalesce(json_agg(json_build_array(x.branch, x.at, x.course_id) ORDER BY {nearest}), '[]')) AS text)
  FROM page x
  JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = x.course_id{taken}
"""

Back = Literal[False, True]
By = Literal["all", "difficulty", "category", "tag", "category difficulty", "tag difficulty", "tag category"]

_COLUMNS = {Sort.NEWEST: ("created_at", "timestamptz"), Sort.TITLE: ("sort_title", "text"), Sort.RECENT: ("created_at", "timestamptz")}


def _ways(sort: Sort, back: bool) -> dict[str, str]:
    """The words of a scan: titles go up and times go down, and backwards it is the other way about."""
    up = (sort is Sort.TITLE) != back
    return {"way": "ASC" if up else "DESC", "beyond": ">" if up else "<", "type": _COLUMNS[sort][1]}


def _mine(sort: Sort, back: bool) -> str:
    """The courses that the person takes."""
    order = "p.recent_at" if sort is Sort.RECENT else f"c.{_COLUMNS[sort][0]}"
    return _MINE.format(order=order, filters=" AND ".join(_FILTERS.values()).format(source="c"), **_ways(sort, back))


def _others(sort: Sort, back: bool, by: By, shown: str = "c.published") -> str:
    """The published courses, read along the index that the filters ``by`` have; in the order ``recent`` without the person's own.

    Any two filters have an index. Of all three, difficulty is looked at course by course along that of tag and category: flat as
    long as that tag and category have courses of the level.
    """
    along, source, tables = by.split(), "c", "lms.courses c"
    if "tag" in along:
        source = "t"
        tables = "lms.course_tags t JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = t.course_id"
    filters = [f"{source}.{name} = CAST(:{name} AS text)" if name in along else condition for name, condition in _FILTERS.items()]
    if source == "t":
        filters.append("t.institution_id = CAST(:institution AS uuid)")
    if sort is Sort.RECENT:
        filters.append(_NOT_MINE)
    return _OTHERS.format(
        shown=shown,
        order=f"{source}.{_COLUMNS[sort][0]}",
        source=source,
        tables=tables,
        filters=" AND ".join(filters).format(source=source),
        **_ways(sort, back),
    )


def _with_drafts(sort: Sort, back: bool, by: By) -> list[str]:
    """The published courses and the drafts. Drafts have one index an order, whatever they are chosen by; tags have drafts in theirs."""
    if "tag" in by.split():
        return [_others(sort, back, by, "true")]
    return [_others(sort, back, by), _others(sort, back, by, "NOT c.published")]


def _statement(sort: Sort, back: bool, by: By | Literal["mine"], drafts: bool) -> Statement:
    way = _ways(sort, back)["way"]
    nearest = f"x.branch {'DESC' if back else 'ASC'}, x.at {way}, x.course_id {way}"
    parts = [_mine(sort, back)] if by == "mine" or sort is Sort.RECENT else []
    if by != "mine":
        parts += _with_drafts(sort, back, by) if drafts else [_others(sort, back, by)]
    rows = parts[0]
    if len(parts) > 1:
        rows = f"SELECT x.* FROM (({') UNION ALL ('.join(parts)})) x ORDER BY {nearest} LIMIT :limit"
    name = f"catalog_{sort}_{by.replace(' ', '_')}{'_drafts' if drafts else ''}{'_back' if back else ''}"
    return Statement(name, _PAGE.format(rows=rows, item=_ITEM, nearest=nearest, taken=_TAKEN))


CATALOG = {
    (sort, back, by, drafts): _statement(sort, back, by, drafts)
    for sort, back, by, drafts in product(Sort, get_args(Back), ("mine", *get_args(By)), (False, True))
    if not (by == "mine" and drafts)
}  # fmt: skip
"""By order, way, filter, and whether it is for somebody who sees drafts."""

# Where a course stands in an order: branch, key and id as a page gives them.
PLACES = {
    sort: Statement(
        f"catalog_place_{sort}",
        f"""
  SELECT CAST(json_build_array({branch}, {order}, c.course_id) AS text)
  FROM lms.courses c {_TAKEN}
  WHERE c.institution_id = CAST(:institution AS uuid) AND c.course_id = CAST(:course AS uuid)
""",
    )
    for sort, branch, order in (
        (Sort.NEWEST, "1", "c.created_at"),
        (Sort.TITLE, "1", "c.sort_title"),
        (Sort.RECENT, "CASE WHEN p.enrolled THEN 0 ELSE 1 END", "CASE WHEN p.enrolled THEN p.recent_at ELSE c.created_at END"),
    )
}

_LOWEST = "00000000-0000-0000-0000-000000000000"
_HIGHEST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_LONG = 501  # a title has at most 500 characters
_LIMITS = {"timestamptz": (("-infinity", _LOWEST), ("infinity", _HIGHEST)), "text": (("", _LOWEST), ("\U0010ffff" * _LONG, _HIGHEST))}


class _Found(msgspec.Struct):
    items: list[CatalogCourse]
    keys: list[tuple[int, str, str]]


async def page(database: Database, person: Person, filters: Filters = EVERYTHING) -> CatalogPage:
    """A page of the published courses, of those that the person takes, and for who teaches of the drafts.

    A cursor of the cache costs a statement more.

    Raises ``BadInput`` for a cursor that is none or does not fit, ``Unavailable``, ``Refused``.
    """
    filters = replace(filters, limit=max(1, min(filters.limit, MAX_LIMIT)))
    back = filters.before is not None
    keys = _keys(filters.sort, back, await _own_place(database, person, cursor.read(filters)))
    by = _by(filters)
    raw = await database.json(
        CATALOG[filters.sort, back, by, by != "mine" and person.role is not Role.STUDENT],
        institution=person.institution_id,
        user=person.user_id,
        difficulty=filters.difficulty,
        category=filters.category,
        tag=filters.tag,
        limit=filters.limit + 1,
        **keys,
    )
    found = read(raw, _Found)
    shown, previous, following = cursor.sides(filters, list(zip(found.items, found.keys, strict=True)), lambda row: row[1], "database")
    return CatalogPage(items=tuple(item for item, _ in shown), next=following, previous=previous)


async def _own_place(database: Database, person: Person, given: Cursor | None) -> Cursor | None:
    """The cursor; where it is the cache's, the same course's place in the order of the database, as far as it is still there."""
    if given is None or given.source == "database":
        return given
    with contextlib.suppress(NotFound):
        raw = await database.json(PLACES[given.sort], institution=person.institution_id, user=person.user_id, course=given.id)
        branch, key, _ = read(raw, tuple[int, str, str])
        return replace(given, branch=branch, key=key)
    return replace(given, key=given.key.lower()) if given.sort is Sort.TITLE else given


def _by(filters: Filters) -> By | Literal["mine"]:
    if filters.mine:
        return "mine"
    given = [name for name in ("tag", "category", "difficulty") if getattr(filters, name) is not None]  # what leaves the fewest comes first
    return next((by for by in get_args(By) if by.split() == given[:2]), "all")


def _keys(sort: Sort, back: bool, given: Cursor | None) -> dict[str, str]:
    """Where to go on in each branch: a branch that is passed gives nothing, one that is still to come gives all."""
    start, passed = _LIMITS[_COLUMNS[sort][1]]
    if (sort is not Sort.TITLE) != back:
        start, passed = passed, start
    mine = rest = start
    if given is not None:
        key = (given.key, given.id)
        if sort is not Sort.RECENT:
            mine = rest = key
        elif given.branch == 0:
            mine, rest = (key, passed if back else start)
        else:
            mine, rest = (start if back else passed, key)
    return {"mine_at": mine[0], "mine_id": mine[1], "at": rest[0], "id": rest[1]}
