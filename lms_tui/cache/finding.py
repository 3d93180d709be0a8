"""Asking the content tables: each question is a function of a connection inside a reading."""

import sqlite3
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from lms_tui.cache.clock import from_ms
from lms_tui.cache.shelf import CourseContent, Found, Kept, LessonContent, Listed, OpenedSection, SectionContent, Titles
from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.errors import NotFound
from lms_tui.model.progress import SectionFacts
from lms_tui.model.question import AnswerKey, Question
from lms_tui.model.wire import CatalogCourse

LISTED = "doc, content_version, downloaded, as_of_ms"
_SECTION = (
    "section.id, section.slug, section.lesson_id, section.position, section.title, section.type, section.minutes,"
    " section.required, section.question_count, section.facts"
)

_course = msgspec.json.Decoder(CatalogCourse)
_shell = msgspec.json.Decoder(Course)
_lesson = msgspec.json.Decoder(Lesson)
_section = msgspec.json.Decoder(Section)
_question = msgspec.json.Decoder(Question)
_key = msgspec.json.Decoder(AnswerKey)
_facts = msgspec.json.Decoder(SectionFacts)


def as_listed(row: tuple[str, int, int, int]) -> Listed:
    """A row of the columns ``LISTED``."""
    doc, content_version, downloaded, as_of = row
    course = replace(_course.decode(doc), content_version=content_version)
    return Listed(course=course, downloaded=bool(downloaded), as_of=from_ms(as_of))


def kept(connection: sqlite3.Connection) -> tuple[Kept, ...]:
    """The downloaded courses, by title."""
    rows = connection.execute(
        f"SELECT bytes, fetched_ms, {LISTED} FROM course WHERE downloaded = 1 ORDER BY title COLLATE NOCASE, id"
    ).fetchall()
    return tuple(
        Kept(
            listed=as_listed(row[2:]),
            bytes=row[0],
            fetched_at=from_ms(row[1]),
            newest_version=max(row[3], _course.decode(row[2]).content_version),
        )
        for row in rows
    )


def hidden_of(connection: sqlite3.Connection, course_id: str) -> tuple[Section, ...]:
    """The sections of a course whose questions could not be read when it was fetched; what was read before is here all the same."""
    rows = connection.execute("SELECT doc FROM section WHERE course_id = ? AND type = ?", (course_id, SectionType.ASSESSMENT.value))
    sections = [_section.decode(doc) for (doc,) in rows.fetchall()]
    return tuple(section for section in sections if section.hidden_questions)


def titles(connection: sqlite3.Connection, pairs: Sequence[tuple[str, str | None]]) -> tuple[Titles, ...]:
    """What these courses and their sections are called."""
    rows = connection.execute(
        "SELECT course.title, section.title FROM json_each(?) AS asked LEFT JOIN course ON course.id = json_extract(asked.value, '$[0]')"
        " LEFT JOIN section ON section.id = json_extract(asked.value, '$[1]') ORDER BY asked.key",
        (msgspec.json.encode(pairs).decode(),),
    ).fetchall()
    return tuple(Titles(course=course or "", section=section or "") for course, section in rows)


def listed(connection: sqlite3.Connection, course_id: str) -> Listed | None:
    """A course as lists show it."""
    row = connection.execute(f"SELECT {LISTED} FROM course WHERE id = ?", (course_id,)).fetchone()
    return as_listed(row) if row else None


def listed_of(connection: sqlite3.Connection, course_ids: Sequence[str]) -> tuple[Listed, ...]:
    """The known ones of these courses, in this order."""
    rows = connection.execute(
        f"SELECT {', '.join('course.' + name for name in LISTED.split(', '))} FROM json_each(?) AS wanted"
        " JOIN course ON course.id = wanted.value ORDER BY wanted.key",
        (msgspec.json.encode(list(course_ids)).decode(),),
    ).fetchall()
    return tuple(as_listed(row) for row in rows)


def find(connection: sqlite3.Connection, ref: str) -> Found:
    """What a ref names. Raises ``NotFound``."""
    text = ref.strip().strip("/")
    is_id = _is_uuid(text)
    found = _by_id(connection, text) if is_id else _by_slugs(connection, text.split("/"))
    if found is None and is_id:  # nothing tells which course it is of
        raise NotFound("That is not on this machine.", "Its course was removed here or was never fetched; lms-tui catalog lists courses.")
    if found is None:
        hint = (
            "A section is named course/lesson/section; lms-tui course COURSE lists them."
            if "/" in text
            else "lms-tui catalog lists courses."
        )
        raise NotFound(f"“{ref}” is not in this library.", hint)
    return found


def not_downloaded() -> NotFound:
    """The catalogue tells of a course, and its sections are not here."""
    return NotFound("That course is not downloaded.", "Connect to fetch it.")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _by_id(connection: sqlite3.Connection, text: str) -> Found | None:
    key = str(UUID(text))
    row = connection.execute(
        "SELECT course_id, lesson_id, id FROM section WHERE id = :id"
        " UNION ALL SELECT course_id, id, NULL FROM lesson WHERE id = :id"
        " UNION ALL SELECT id, NULL, NULL FROM course WHERE id = :id LIMIT 1",
        {"id": key},
    ).fetchone()
    return Found(course=row[0], lesson=row[1], section=row[2]) if row else None


def _by_slugs(connection: sqlite3.Connection, slugs: list[str]) -> Found | None:
    course = connection.execute(
        "SELECT id, downloaded FROM course WHERE slug = ? ORDER BY downloaded DESC, id LIMIT 1", slugs[:1]
    ).fetchone()
    if course is None or len(slugs) > 3:
        return None
    if len(slugs) == 1:
        return Found(course=course[0])
    if not course[1]:
        raise not_downloaded()
    lesson = connection.execute("SELECT id FROM lesson WHERE course_id = ? AND slug = ?", (course[0], slugs[1])).fetchone()
    if lesson is None or len(slugs) == 2:
        return Found(course=course[0], lesson=lesson[0]) if lesson else None
    section = connection.execute(
        "SELECT id FROM section WHERE course_id = ? AND lesson_id = ? AND slug = ?", (course[0], lesson[0], slugs[2])
    ).fetchone()
    return Found(course=course[0], lesson=lesson[0], section=section[0]) if section else None


def outline(connection: sqlite3.Connection, course_id: str) -> CourseContent:
    """A downloaded course with its lessons and sections. Raises ``NotFound``."""
    of_list = listed(connection, course_id)
    shell = connection.execute("SELECT shell FROM course WHERE id = ? AND downloaded = 1", (course_id,)).fetchone()
    if of_list is None or shell is None:
        raise not_downloaded()
    course = of_list.course.slug
    lessons = [
        (lesson_id, slug, _lesson.decode(doc))
        for lesson_id, slug, doc in connection.execute(
            "SELECT id, slug, doc FROM lesson WHERE course_id = ? ORDER BY position", (course_id,)
        )
    ]
    refs = {lesson_id: f"{course}/{slug}" for lesson_id, slug, _ in lessons}
    sections = sections_of(connection, course_id, refs)
    return CourseContent(
        listed=of_list,
        course=_shell.decode(shell[0]),
        lessons=tuple(
            LessonContent(
                id=lesson_id, ref=refs[lesson_id], lesson=lesson, sections=tuple(one for one in sections if one.lesson == lesson_id)
            )
            for lesson_id, _, lesson in lessons
        ),
    )


def whole(connection: sqlite3.Connection, course_id: str) -> Course:
    """A downloaded course as it was fetched, with its practice keys. Raises ``NotFound``."""
    outlined = outline(connection, course_id)
    questions: dict[str, list[Question]] = {}
    for section_id, doc in connection.execute(
        "SELECT section_id, doc FROM question WHERE course_id = ? ORDER BY section_id, position", (course_id,)
    ):
        questions.setdefault(section_id, []).append(_question.decode(doc))
    keys = {
        question_id: _key.decode(doc)
        for question_id, doc in connection.execute("SELECT question_id, doc FROM practice_key WHERE course_id = ?", (course_id,))
    }
    sections = {
        section_id: _section.decode(doc)
        for section_id, doc in connection.execute("SELECT id, doc FROM section WHERE course_id = ?", (course_id,))
    }

    def filled(section_id: str) -> Section:
        asked = [] if sections[section_id].hidden_questions else questions.get(section_id, [])
        known = {question.key: keys[question.id] for question in asked if question.id in keys}
        return replace(sections[section_id], questions=tuple(asked), keys=known)

    lessons = tuple(replace(one.lesson, sections=tuple(filled(section.id) for section in one.sections)) for one in outlined.lessons)
    return replace(outlined.course, lessons=lessons)


def sections_of(connection: sqlite3.Connection, course_id: str, lesson_refs: dict[str, str]) -> list[SectionContent]:
    """A course's sections in order."""
    rows = connection.execute(f"SELECT {_SECTION} FROM section WHERE course_id = ? ORDER BY position", (course_id,)).fetchall()
    return [_as_content(row, lesson_refs[row[2]]) for row in rows]


_SectionRow = tuple[str, str, str, int, str, str, int | None, int, int, str]


def _as_content(row: _SectionRow, lesson_ref: str) -> SectionContent:
    section_id, slug, lesson, position, title, kind, minutes, required, question_count, facts = row
    return SectionContent(
        id=section_id,
        ref=f"{lesson_ref}/{slug}",
        lesson=lesson,
        position=position,
        title=title,
        type=SectionType(kind),
        minutes=minutes,
        required=bool(required),
        question_count=question_count,
        facts=_facts.decode(facts),
    )


def opened(connection: sqlite3.Connection, section_id: str) -> OpenedSection:
    """A section with its text, questions and neighbours. Raises ``NotFound``."""
    row = connection.execute(
        f"SELECT {_SECTION}, section.doc, section.course_id, course.slug, lesson.slug, lesson.doc,"
        " (SELECT count(*) FROM section AS other WHERE other.course_id = section.course_id)"
        " FROM section JOIN course ON course.id = section.course_id JOIN lesson ON lesson.id = lesson_id WHERE section.id = ?",
        (section_id,),
    ).fetchone()
    if row is None:
        raise NotFound("That section is not on this machine.")
    doc, course_id, course_slug, lesson_slug, lesson_doc, count = row[10:]
    lesson_ref = f"{course_slug}/{lesson_slug}"
    content = _as_content(row[:10], lesson_ref)
    questions = connection.execute("SELECT doc FROM question WHERE section_id = ? ORDER BY position", (section_id,)).fetchall()
    return OpenedSection(
        section=replace(_section.decode(doc), questions=tuple(_question.decode(text) for (text,) in questions)),
        content=content,
        course=course_id,
        lesson_ref=lesson_ref,
        lesson_title=_lesson.decode(lesson_doc).title,
        number=content.position,
        count=count,
        previous=_neighbour(connection, course_id, course_slug, content.position - 1),
        next=_neighbour(connection, course_id, course_slug, content.position + 1),
    )


def _neighbour(connection: sqlite3.Connection, course_id: str, course_slug: str, position: int) -> str | None:
    row = connection.execute(
        "SELECT lesson.slug, section.slug FROM section JOIN lesson ON lesson.id = lesson_id"
        " WHERE section.course_id = ? AND section.position = ?",
        (course_id, position),
    ).fetchone()
    return f"{course_slug}/{row[0]}/{row[1]}" if row else None
