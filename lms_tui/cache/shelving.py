"""Putting content into the cache file: rows of a course, and the switch from one version to another."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from lms_tui.cache import words
from lms_tui.model import passage
from lms_tui.model.course import Course, Lesson, Section
from lms_tui.model.errors import BadInput
from lms_tui.model.progress import SectionFacts
from lms_tui.model.question import AnswerKey
from lms_tui.model.wire import CatalogCourse

_OF_A_COURSE = ("lesson", "section", "question", "practice_key")


def facts_of(section: Section) -> SectionFacts:
    """What the rules of progress need to know of a section."""
    points = {question.id: question.points for question in section.questions if question.id}
    return SectionFacts(type=section.type, points=points, pass_mark=section.rules.pass_mark)


def minutes_of(course: Course) -> int:
    """A course's length: of each lesson what it says, else the sum of its sections."""
    return sum(lesson.minutes or sum(section.minutes or 0 for section in lesson.sections) for lesson in course.lessons)


def catalog_course(course: Course, course_id: str, content_version: int, published: bool) -> CatalogCourse:
    """A course as lists show it."""
    return CatalogCourse(
        id=course_id,
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        difficulty=course.difficulty,
        category=course.category,
        tags=course.tags,
        language=course.language,
        version=course.version,
        content_version=content_version,
        minutes=minutes_of(course),
        lesson_count=len(course.lessons),
        section_count=sum(len(lesson.sections) for lesson in course.lessons),
        published=published,
    )


def switch(
    connection: sqlite3.Connection,
    course: Course,
    content_version: int,
    published: bool,
    keys: Mapping[str, AnswerKey],
    passages: Sequence[words.Passage],
    now_ms: int,
) -> None:
    """Replaces a course by a version of it inside the open transaction. Raises ``BadInput`` where an id is missing.

    Questions that were read once and are hidden now stay: an attempt under way goes on, and they are read anew when it opens.
    """
    course_id = _id(course)
    read_before = _read_before(connection, course)
    drop(connection, course_id)
    put_listed(connection, catalog_course(course, course_id, content_version, published), now_ms)
    connection.execute(
        "UPDATE course SET downloaded = 1, shell = ? WHERE id = ?",
        (_json(replace(course, lessons=())), course_id),
    )
    connection.executemany(
        "INSERT INTO lesson VALUES (?, ?, ?, ?, ?)",
        [
            (_id(lesson), course_id, position, lesson.slug, _json(replace(lesson, sections=())))
            for position, lesson in enumerate(course.lessons)
        ],
    )
    connection.executemany("INSERT INTO section VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _section_rows(course, course_id))
    connection.executemany("INSERT INTO question VALUES (?, ?, ?, ?, ?)", _question_rows(course, course_id))
    connection.executemany("INSERT OR IGNORE INTO question VALUES (?, ?, ?, ?, ?)", read_before)  # one may have moved to another section
    connection.executemany(
        "INSERT INTO practice_key VALUES (?, ?, ?)", [(question, course_id, _json(key)) for question, key in keys.items()]
    )
    words.put(connection, course_id, "section", passages)
    connection.execute("UPDATE course SET bytes = ?, fetched_ms = ? WHERE id = ?", (_bytes_of(connection, course_id), now_ms, course_id))


def _read_before(connection: sqlite3.Connection, course: Course) -> list[tuple[object, ...]]:
    """The rows of questions that are here and that the course hides now."""
    sections = [section for lesson in course.lessons for section in lesson.sections]
    hiding = [_id(section) for section in sections if section.hidden_questions and not section.questions]
    return connection.execute(
        "SELECT id, course_id, section_id, position, doc FROM question WHERE section_id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(hiding).decode(),),
    ).fetchall()


def _bytes_of(connection: sqlite3.Connection, course_id: str) -> int:
    of_tables = " UNION ALL ".join(f"SELECT doc FROM {table} WHERE course_id = :id" for table in _OF_A_COURSE)
    row = connection.execute(f"SELECT sum(length(CAST(doc AS BLOB))) FROM ({of_tables})", {"id": course_id}).fetchone()
    return int(row[0] or 0)


def passages_of(course: Course) -> list[words.Passage]:
    """What is searched of a course's sections. It takes its time, so it is made before a transaction. Raises ``BadInput``."""
    return [
        words.Passage(_id(section), section.title, f"{course.title} {lesson.title}", passage.of_section(section))
        for lesson in course.lessons
        for section in lesson.sections
    ]


def _section_rows(course: Course, course_id: str) -> Iterator[tuple[object, ...]]:
    pairs = [(lesson, section) for lesson in course.lessons for section in lesson.sections]
    for position, (lesson, section) in enumerate(pairs, start=1):
        yield (
            _id(section),
            course_id,
            _id(lesson),
            position,
            section.slug,
            section.title,
            section.type.value,
            section.minutes,
            section.required,
            len(section.questions) + section.hidden_questions,
            _json(facts_of(section)),
            _json(replace(section, questions=(), keys={})),
        )


def _question_rows(course: Course, course_id: str) -> Iterator[tuple[object, ...]]:
    for lesson in course.lessons:
        for section in lesson.sections:
            for position, question in enumerate(section.questions):
                if question.id is None:
                    raise BadInput(f"The question “{question.key}” of “{section.title}” has no id, so its course cannot be kept.")
                yield question.id, course_id, _id(section), position, _json(question)


def put_listed(connection: sqlite3.Connection, course: CatalogCourse, now_ms: int) -> None:
    """Puts a course into the list, or renews what the list says of it; what is downloaded of it stays as it is."""
    plain = replace(course, enrolled=False, percent=0, completed_at=None, active_seconds=0, score=None, last_accessed_at=None)
    connection.execute(
        "INSERT INTO course(id, slug, title, difficulty, category, tags, content_version, downloaded, as_of_ms, doc)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)"
        " ON CONFLICT(id) DO UPDATE SET slug = excluded.slug, title = excluded.title, difficulty = excluded.difficulty,"
        " category = excluded.category, tags = excluded.tags, as_of_ms = excluded.as_of_ms, doc = excluded.doc,"
        " content_version = CASE WHEN course.downloaded THEN course.content_version ELSE excluded.content_version END",
        (
            course.id,
            course.slug,
            course.title,
            course.difficulty,
            course.category,
            msgspec.json.encode(course.tags).decode(),
            course.content_version,
            now_ms,
            _json(plain),
        ),
    )
    words.put(connection, course.id, "course", [words.Passage(course.id, course.title, "", passage.shown(course.summary))])


def forget_listed(connection: sqlite3.Connection, most: int) -> None:
    """Drops the courses that were listed longest ago, but for ``most``, what is downloaded, and what the person takes or took."""
    (count,) = connection.execute("SELECT count(*) FROM course WHERE downloaded = 0").fetchone()
    if count <= most:
        return
    old = connection.execute(
        "SELECT id FROM course WHERE downloaded = 0 AND id NOT IN (SELECT course_id FROM enrolment UNION SELECT course_id FROM outbox)"
        " ORDER BY as_of_ms, id LIMIT ?",
        (count - most,),
    ).fetchall()
    for (course_id,) in old:
        drop(connection, course_id)


def drop(connection: sqlite3.Connection, course_id: str) -> None:
    """Removes a course's content inside the open transaction; progress in it is elsewhere and stays."""
    words.take_out(connection, course_id)
    for table in _OF_A_COURSE:
        connection.execute(f"DELETE FROM {table} WHERE course_id = ?", (course_id,))
    connection.execute("DELETE FROM course WHERE id = ?", (course_id,))


def _id(node: Course | Lesson | Section) -> str:
    if node.id is None:
        raise BadInput(f"“{node.title}” has no id, so its course cannot be kept.")
    return node.id


def _json(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
