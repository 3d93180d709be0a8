"""A whole course, and the keys of its practice questions."""

import re
from collections.abc import Sequence

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model.course import Course
from lms_tui.model.errors import NotFound
from lms_tui.model.person import Person
from lms_tui.model.question import AnswerKey

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# Each level is aggregated once and joined to the one above, in one pass over the course; none of it where the course is known so.
_COURSE = """
  WITH course AS (
    SELECT c.* FROM lms.courses c WHERE c.institution_id = CAST(:institution AS uuid) AND {which}
  ), question AS (
    SELECT q.section_id, json_agg(q.question || jsonb_build_object('id', q.question_id) ORDER BY q.position) AS questions, count(*) AS count
    FROM lms.questions q JOIN course c ON c.course_id = q.course_id
    WHERE q.institution_id = CAST(:institution AS uuid) AND q.retired_at IS NULL GROUP BY q.section_id
  ), section AS (
    SELECT s.lesson_id, json_agg(json_build_object('id', s.section_id, 'slug', s.slug, 'title', s.title, 'type', s.type, 'body', b.body,
        'minutes', s.minutes, 'required', s.required, 'rules', s.rules, 'video', s.video, 'content_hash', s.content_hash,
        'questions', coalesce(q.questions, '[]'), 'hidden_questions', greatest(0, s.opens_with - coalesce(q.count, 0)))
        ORDER BY s.position) AS sections
    FROM course c
    JOIN lms.sections s ON s.institution_id = CAST(:institution AS uuid) AND s.course_id = c.course_id AND s.retired_at IS NULL
    JOIN lms.section_contents b ON b.institution_id = CAST(:institution AS uuid) AND b.section_id = s.section_id
    LEFT JOIN question q ON q.section_id = s.section_id
    GROUP BY s.lesson_id
  ), lesson AS (
    SELECT json_agg(json_build_object('id', l.lesson_id, 'slug', l.slug, 'title', l.title, 'body', l.body, 'minutes', l.minutes,
        'objectives', l.objectives, 'questions', l.questions, 'keypoints', l.keypoints, 'requires', l.requires,
        'sections', coalesce(s.sections, '[]')) ORDER BY l.position) AS lessons
    FROM course c
    JOIN lms.lessons l ON l.institution_id = CAST(:institution AS uuid) AND l.course_id = c.course_id AND l.retired_at IS NULL
    LEFT JOIN section s ON s.lesson_id = l.lesson_id
  )
  SELECT CAST(json_build_object('id', c.course_id, 'content_version', c.content_version, 'published', c.published,
    'enrolled', coalesce(p.enrolled, false),
    'course', CASE WHEN c.course_id = CAST(:known AS uuid) AND c.content_version = CAST(:version AS int)
      AND c.published = CAST(:shown AS boolean) THEN NULL ELSE json_build_object(
      'id', c.course_id, 'slug', c.slug, 'title', c.title, 'summary', c.summary, 'body', c.body,
      'language', c.language, 'version', c.version, 'authors', c.authors, 'license', c.license, 'tags', c.tags, 'difficulty', c.difficulty,
      'category', c.category, 'pass_mark', c.pass_mark, 'source', c.source, 'content_hash', c.content_hash,
      'lessons', coalesce((SELECT lessons FROM lesson), '[]')) END) AS text)
  FROM course c
  LEFT JOIN lms.course_progress p ON p.institution_id = CAST(:institution AS uuid) AND p.user_id = CAST(:user AS uuid)
    AND p.course_id = c.course_id
"""

COURSE_BY_ID = Statement("course_by_id", _COURSE.format(which="c.course_id = CAST(:ref AS uuid)"))
COURSE_BY_SLUG = Statement("course_by_slug", _COURSE.format(which="c.slug = :ref"))
PRACTICE_KEYS = Statement("practice_keys", "SELECT CAST(lms.practice_keys(CAST(:institution AS uuid), CAST(:course AS uuid)) AS text)")
VERSIONS_OF = Statement(
    "content_versions",
    """
    SELECT CAST(coalesce(json_object_agg(c.course_id, c.content_version), '{}') AS text)
    FROM lms.courses c WHERE c.institution_id = CAST(:institution AS uuid) AND c.course_id = ANY (CAST(:courses AS uuid[]))
    """,
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is here of a course already: of which version, and whether it was published then."""

    id: str
    version: int
    published: bool


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A course as the database has it, without keys; ``course`` is None where it is as it was known."""

    id: str
    course: Course | None
    content_version: int
    published: bool
    enrolled: bool


async def find(database: Database, person: Person, ref_or_id: str, known: Known | None = None) -> Found:
    """The whole course by slug or UUID, where it is not as it is known. Raises ``NotFound``, ``Unavailable``, ``Refused``."""
    statement = COURSE_BY_ID if _UUID.fullmatch(ref_or_id) else COURSE_BY_SLUG
    have = {"known": known and known.id, "version": known and known.version, "shown": known and known.published}
    try:
        raw = await database.json(statement, institution=person.institution_id, user=person.user_id, ref=ref_or_id, **have)
    except NotFound:
        raise NotFound(f"There is no course “{ref_or_id}” in the database.", "lms-tui catalog lists the courses.") from None
    return read(raw, Found)


async def versions(database: Database, person: Person, course_ids: Sequence[str]) -> dict[str, int]:
    """The content versions of those of these courses that the person may see, by id. Raises ``Unavailable``, ``Refused``."""
    raw = await database.json(VERSIONS_OF, institution=person.institution_id, courses=list(course_ids))
    return read(raw, dict[str, int])


async def practice_keys(database: Database, person: Person, course_id: str) -> dict[str, AnswerKey]:
    """The keys by question id of a course that I take: never those of an ASSESSMENT.

    Raises ``Refused`` when not enrolled, ``Unavailable``.
    """
    raw = await database.json(PRACTICE_KEYS, institution=person.institution_id, course=course_id)
    return read(raw, dict[str, AnswerKey])
