"""Courses into the database."""

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model.course import Course
from lms_tui.model.errors import NotFound
from lms_tui.model.person import Person
from lms_tui.model.wire import Imported

KNOWN = Statement(
    "known_course",
    """
    WITH course AS (
      SELECT c.* FROM lms.courses c WHERE c.institution_id = CAST(:institution AS uuid)
        AND (c.source = :source AND c.source <> '' OR c.slug = :slug AND (c.source = '' OR :source = ''))
      ORDER BY c.source = :source AND c.source <> '' DESC, c.slug = :slug DESC LIMIT 1
    ), question AS (
      SELECT q.section_id, json_agg(json_build_object('id', q.question_id, 'key', q.key, 'kind', q.kind,
          'prompt', q.question ->> 'prompt') ORDER BY q.position) AS questions
      FROM course c
      JOIN lms.questions q ON q.institution_id = CAST(:institution AS uuid) AND q.course_id = c.course_id AND q.retired_at IS NULL
      GROUP BY q.section_id
    ), section AS (
      SELECT s.lesson_id, json_agg(json_build_object('id', s.section_id, 'slug', s.slug, 'title', s.title, 'type', s.type,
          'content_hash', s.content_hash, 'questions', coalesce(q.questions, '[]')) ORDER BY s.position) AS sections
      FROM course c
      JOIN lms.sections s ON s.institution_id = CAST(:institution AS uuid) AND s.course_id = c.course_id AND s.retired_at IS NULL
      LEFT JOIN question q ON q.section_id = s.section_id
      GROUP BY s.lesson_id
    )
    SELECT CAST(json_build_object('id', c.course_id, 'slug', c.slug, 'title', c.title, 'source', c.source, 'version', c.version,
      'content_hash', c.content_hash,
      'lessons', (SELECT coalesce(json_agg(json_build_object('id', l.lesson_id, 'slug', l.slug, 'title', l.title,
          'sections', coalesce(s.sections, '[]')) ORDER BY l.position), '[]')
        FROM lms.lessons l
        LEFT JOIN section s ON s.lesson_id = l.lesson_id
        WHERE l.institution_id = CAST(:institution AS uuid) AND l.course_id = c.course_id AND l.retired_at IS NULL)) AS text)
    FROM course c
    """,
)
IMPORT = Statement("import_course", "SELECT CAST(lms.import_course(CAST(:institution AS uuid), CAST(:document AS jsonb)) AS text)")
VERSIONS = Statement(
    "course_versions",
    """
    SELECT CAST(coalesce(json_object_agg(c.course_id, json_build_array(c.slug, c.content_version)), '{}') AS text)
    FROM lms.courses c WHERE c.institution_id = CAST(:institution AS uuid)
    """,
)
PUBLISH = Statement("publish_course", "SELECT CAST(lms.publish_course(CAST(:institution AS uuid), CAST(:course AS uuid)) AS text)")


async def known(database: Database, person: Person, slug: str, source: str) -> Course | None:
    """The course that the database has from this source, with ids, slugs and hashes but without bodies; or None.

    Where the course, or what was asked, names no source, the slug decides.

    Drafts are found by instructors only. Raises ``Unavailable``, ``Refused``.
    """
    try:
        raw = await database.json(KNOWN, institution=person.institution_id, slug=slug, source=source)
    except NotFound:
        return None
    return read(raw, Course)


async def versions(database: Database, person: Person) -> dict[str, tuple[str, int]]:
    """Slug and content version of each course that the person may see, by id. Raises ``Unavailable``, ``Refused``."""
    raw = await database.json(VERSIONS, institution=person.institution_id)
    return read(raw, dict[str, tuple[str, int]])


async def import_course(database: Database, person: Person, course: Course, *, restored: bool = False) -> Imported:
    """Brings the course to what is given. Ids that are None are new, unless a node with that slug is known in its place.

    In a personal library what is new takes the id that is given. ``restored``: keys that are not given stay as they are.
    What is not in it any more is retired with its progress. Raises ``BadInput`` with a reason, ``Refused``, ``Unavailable``.
    """
    document = msgspec.json.encode(msgspec.to_builtins(course) | {"restored": restored})
    raw = await database.json(IMPORT, institution=person.institution_id, document=document.decode())
    return read(raw, Imported)


async def publish_course(database: Database, person: Person, course_id: str) -> Imported:
    """Shows a draft to the institution. Raises ``NotFound``, ``Refused``, ``Unavailable``."""
    return read(await database.json(PUBLISH, institution=person.institution_id, course=course_id), Imported)
