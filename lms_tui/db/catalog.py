"""The catalogue: my courses by last access, then the rest by creation. Keyset pages, one statement, flat in the number of courses."""

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.statements import Statement
from lms_tui.model.errors import BadInput
from lms_tui.model.person import Person
from lms_tui.model.wire import CatalogCourse, CatalogPage

MAX_LIMIT = 500

_ITEM = """json_build_object('id', x.course_id, 'slug', c.slug, 'title', c.title, 'summary', c.summary, 'difficulty', c.difficulty,
        'category', c.category, 'tags', c.tags, 'language', c.language, 'version', c.version, 'content_version', c.content_version,
        'minutes', c.minutes, 'lesson_count', c.lesson_count, 'section_count', c.section_count, 'published', c.published,
        'enrolled', coalesce(p.enrolled, false), 'percent', coalesce(p.percent, 0), 'completed_at', p.completed_at,
        'active_seconds', coalesce(p.active_seconds, 0), 'score', p.score, 'last_accessed_at', p.last_accessed_at)"""

_FILTERS = {
    "difficulty": "(CAST(:difficulty AS text) IS NULL OR c.difficulty = CAST(:difficulty AS text))",
    "category": "(CAST(:category AS text) IS NULL OR c.category = CAST(:category AS text))",
    "tag": """(CAST(:tag AS text) IS NULL OR EXISTS (SELECT FROM lms.course_tags t WHERE t.institution_id = CAST(:institution AS uuid)
        AND t.course_id = c.course_id AND t.tag = CAST(:tag AS text)))""",
}

_MINE = """
    SELECT 0 AS branch, p.recent_at AS at, p.course_id
    FROM lms.course_progress p
    JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = p.course_id
    WHERE p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid) AND p.enrolled
      AND (p.recent_at, p.course_id) < (CAST(:mine_at AS timestamptz), CAST(:mine_id AS uuid))
      AND {filters}
    ORDER BY p.recent_at DESC, p.course_id DESC LIMIT :limit"""

_REST = """
    SELECT 1 AS branch, {order}.created_at AS at, {order}.course_id
    FROM {source}
    LEFT JOIN lms.course_progress p ON p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid)
      AND p.course_id = c.course_id
    WHERE c.institution_id = CAST(:institution AS uuid) AND c.published AND p.enrolled IS NOT TRUE
      AND ({order}.created_at, {order}.course_id) < (CAST(:rest_at AS timestamptz), CAST(:rest_id AS uuid))
      AND {filters}
    ORDER BY {order}.created_at DESC, {order}.course_id DESC LIMIT :limit"""

_PAGE = """
  WITH page AS (SELECT x.* FROM ({branches}) x ORDER BY x.branch, x.at DESC, x.course_id DESC LIMIT :limit)
  SELECT CAST(json_build_object(
      'items', coalesce(json_agg({item} ORDER BY x.branch, x.at DESC, x.course_id DESC), '[]'),
      'keys', coalesce(json_agg(json_build_array(x.branch, x.at, x.course_id)
        ORDER BY x.branch, x.at DESC, x.course_id DESC), '[]')) AS text)
  FROM page x
  JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = x.course_id
  LEFT JOIN lms.course_progress p ON p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid)
    AND p.course_id = x.course_id
"""

By = Literal["all", "difficulty", "category", "tag"]


def _rest(by: By) -> str:
    """The branch of the courses that are not the person's, read along the index that the filter ``by`` has."""
    filters = [f"c.{name} = CAST(:{name} AS text)" if name == by else condition for name, condition in _FILTERS.items()]
    if by != "tag":
        return _REST.format(order="c", source="lms.courses c", filters=" AND ".join(filters))
    source = "lms.course_tags t JOIN lms.courses c ON c.institution_id = CAST(:institution AS uuid) AND c.course_id = t.course_id"
    filters[-1] = "t.institution_id = CAST(:institution AS uuid) AND t.tag = CAST(:tag AS text)"
    return _REST.format(order="t", source=source, filters=" AND ".join(filters))


def _page(*branches: str) -> str:
    return _PAGE.format(item=_ITEM, branches=" UNION ALL ".join(f"({branch})" for branch in branches))


_MY_BRANCH = _MINE.format(filters=" AND ".join(_FILTERS.values()))
CATALOG_MINE = Statement("catalog_mine", _page(_MY_BRANCH))
CATALOG = {by: Statement(f"catalog_{by}", _page(_MY_BRANCH, _rest(by))) for by in get_args(By)}

_FIRST = ("infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff")
_PAST = ("-infinity", "00000000-0000-0000-0000-000000000000")


class _Found(msgspec.Struct):
    items: list[CatalogCourse]
    keys: list[tuple[Literal[0, 1], datetime, str]]


async def page(
    database: Database,
    person: Person,
    *,
    difficulty: str | None = None,
    category: str | None = None,
    tag: str | None = None,
    mine: bool = False,
    limit: int = 50,
    after: str | None = None,
) -> CatalogPage:
    """A page of at most ``limit`` courses. ``after`` is the ``next`` of the page before; ``mine``: only courses that I take.

    Raises ``BadInput`` for a cursor that is none, ``Unavailable``, ``Refused``.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    mine_key, rest_key = _keys(after)
    by: By = "tag" if tag is not None else "category" if category is not None else "difficulty" if difficulty is not None else "all"
    raw = await database.json(
        CATALOG_MINE if mine else CATALOG[by],
        institution=person.institution_id,
        user=person.user_id,
        difficulty=difficulty,
        category=category,
        tag=tag,
        limit=limit + 1,
        mine_at=mine_key[0],
        mine_id=mine_key[1],
        **({} if mine else {"rest_at": rest_key[0], "rest_id": rest_key[1]}),
    )
    found = msgspec.json.decode(raw, type=_Found)
    if len(found.items) <= limit:
        return CatalogPage(items=tuple(found.items))
    branch, at, course = found.keys[limit - 1]
    return CatalogPage(items=tuple(found.items[:limit]), next=f"{branch}~{at.isoformat()}~{course}")


def _keys(after: str | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Where to go on in each branch."""
    if after is None:
        return _FIRST, _FIRST
    try:
        branch, at, course = after.split("~")
        key = (datetime.fromisoformat(at).isoformat(), str(UUID(course)))
    except ValueError:
        raise BadInput("This is not a cursor of the catalogue.", "Leave it out to begin at the first page.") from None
    return (key, _FIRST) if branch == "0" else (_PAST, key)
