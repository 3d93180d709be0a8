"""Courses in the cache file: what was fetched of them, found again by refs and lists."""

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from lms_tui.cache import catalog, finding, shelving
from lms_tui.cache.clock import Clock, from_ms, to_ms
from lms_tui.cache.doors import Doors
from lms_tui.cache.failures import Damaged
from lms_tui.cache.migrate import downloads, make_content, note_downloads
from lms_tui.cache.schema import CONTENT_TABLES
from lms_tui.cache.shelf import CourseContent, Found, Kept, Listed, ListedPage, OpenedSection, Titles
from lms_tui.model.catalog import EVERYTHING, Facets, Filters
from lms_tui.model.course import Course
from lms_tui.model.errors import NotFound, StorageFailed
from lms_tui.model.question import AnswerKey, Question
from lms_tui.model.wire import CatalogCourse

_KEPT_PAGES = 200
_KEPT_COURSES = 5000

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _healing(read: Callable[Concatenate["Content", _P], _R]) -> Callable[Concatenate["Content", _P], _R]:
    """Damaged content is dropped, and the question asked again of what is left: a reader then finds it not here, and fetches it."""

    @functools.wraps(read)
    def ask(self: "Content", /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(self, *args, **kwargs)
        except Damaged:
            self.drop_all()
            return read(self, *args, **kwargs)

    return ask


class Content:
    """Course content. Everything here can be dropped and fetched again; nothing here is anybody's work."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock

    # --- writes

    @_healing
    def put(self, course: Course, *, content_version: int, published: bool = True, keys: Mapping[str, AnswerKey] | None = None) -> None:
        """Switches a course to this version in one transaction; a reader sees the old one or the new one, whole.

        Ids are set throughout. ``keys`` are practice keys by question id. Raises ``BadInput`` and ``StorageFailed``.
        """
        passages = shelving.passages_of(course)
        with self._doors.writing_content() as connection:
            shelving.switch(connection, course, content_version, published, keys or {}, passages, to_ms(self._clock.now()))

    @_healing
    def put_page(self, key: str, items: Sequence[CatalogCourse], next_cursor: str | None) -> None:
        """Keeps a first page of the catalogue as the database gave it. ``key`` names its filters and order."""
        self.put_listed(items)
        with self._doors.writing_content() as connection:
            connection.execute(
                "INSERT INTO listing VALUES (?, ?, ?, ?)"
                " ON CONFLICT(key) DO UPDATE SET ids = excluded.ids, next = excluded.next, as_of_ms = excluded.as_of_ms",
                (key, msgspec.json.encode([course.id for course in items]).decode(), next_cursor, to_ms(self._clock.now())),
            )
            connection.execute(
                "DELETE FROM listing WHERE key NOT IN (SELECT key FROM listing ORDER BY as_of_ms DESC LIMIT ?)", (_KEPT_PAGES,)
            )

    @_healing
    def put_listed(self, items: Sequence[CatalogCourse]) -> None:
        """Keeps what the catalogue says of courses; of those that are neither here nor the person's, the few thousand heard of last."""
        now = to_ms(self._clock.now())
        with self._doors.writing_content() as connection:
            for course in items:
                shelving.put_listed(connection, course, now)
            shelving.forget_listed(connection, _KEPT_COURSES)

    @_healing
    def confirm(self, course_id: str) -> None:
        """The database has just said that what is here of a course is its newest version."""
        with self._doors.writing_content() as connection:
            connection.execute("UPDATE course SET as_of_ms = ? WHERE id = ?", (to_ms(self._clock.now()), course_id))

    @_healing
    def remove(self, course_id: str) -> None:
        """Removes what was downloaded of a course, and keeps it in lists. Progress stays."""
        with self._doors.writing_content() as connection:
            listed = finding.listed(connection, course_id)
            shelving.drop(connection, course_id)
            if listed is not None:
                shelving.put_listed(connection, listed.course, to_ms(listed.as_of))

    def drop_all(self) -> None:
        """Drops all content without walking it, so that damaged pages do not matter, and gives their room back."""
        courses: list[str] = []
        with contextlib.suppress(StorageFailed), self._doors.searching() as connection:  # in no transaction: damage would end it
            courses = downloads(connection)
        with self._doors.working() as connection:
            note_downloads(connection, courses)
            connection.execute("PRAGMA writable_schema = ON")
            try:
                marks = ", ".join("?" * len(CONTENT_TABLES))
                connection.execute(f"DELETE FROM sqlite_schema WHERE tbl_name IN ({marks})", CONTENT_TABLES)
                connection.execute("PRAGMA writable_schema = RESET")
                make_content(connection)
            finally:
                connection.execute("PRAGMA writable_schema = OFF")
        self._doors.vacuum()

    # --- reads

    @_healing
    def find(self, ref: str) -> Found:
        """What ``course[/lesson[/section]]`` or a UUID names. Raises ``NotFound``."""
        with self._doors.reading() as connection:
            return finding.find(connection, ref)

    @_healing
    def listed(self, course_id: str) -> Listed:
        """A course as lists show it. Raises ``NotFound``."""
        with self._doors.reading() as connection:
            found = finding.listed(connection, course_id)
        if found is None:
            raise NotFound("That course is not in this library.")
        return found

    @_healing
    def listed_of(self, course_ids: Sequence[str]) -> tuple[Listed, ...]:
        """The courses of these that are known, in this order."""
        with self._doors.reading() as connection:
            return finding.listed_of(connection, course_ids)

    @_healing
    def outline(self, course_id: str) -> CourseContent:
        """A course with its lessons and sections, without their texts. Raises ``NotFound`` where it is not downloaded."""
        with self._doors.reading() as connection:
            return finding.outline(connection, course_id)

    @_healing
    def downloaded(self) -> tuple[CatalogCourse, ...]:
        """The courses whose sections are here, each with the version of them that is here."""
        with self._doors.reading() as connection:
            rows = connection.execute(f"SELECT {finding.LISTED} FROM course WHERE downloaded = 1 ORDER BY id").fetchall()
        return tuple(finding.as_listed(row).course for row in rows)

    @_healing
    def kept(self) -> tuple[Kept, ...]:
        """The downloaded courses by title, with what is known of their files."""
        with self._doors.reading() as connection:
            return finding.kept(connection)

    def wanting(self, course_ids: Sequence[str]) -> tuple[str, ...]:
        """Those of these courses that are not downloaded, that a catalogue has told of a newer version of, that lack their keys, or
        that have an assessment which has opened since."""
        newest = {one.listed.course.id for one in self.kept() if one.newest_version <= one.listed.course.content_version}
        return tuple(one for one in course_ids if one not in newest or self.lacks_keys(one) or self.has_opened(one))

    @_healing
    def has_opened(self, course_id: str) -> bool:
        """Whether an assessment has opened since the course was fetched, so that its questions can be read now."""
        with self._doors.reading() as connection:
            hidden = finding.hidden_of(connection, course_id)
        now = self._clock.now()
        return any(section.rules.opens is None or section.rules.opens <= now for section in hidden)

    @_healing
    def titles(self, pairs: Sequence[tuple[str, str | None]]) -> tuple[Titles, ...]:
        """What courses, and sections of them, are called here, by their ids."""
        with self._doors.reading() as connection:
            return finding.titles(connection, pairs)

    @_healing
    def whole(self, course_id: str) -> Course:
        """A course with all that is here of it, practice keys included. Raises ``NotFound`` where it is not downloaded."""
        with self._doors.reading() as connection:
            return finding.whole(connection, course_id)

    @_healing
    def section(self, section_id: str) -> OpenedSection:
        """A section with its text and questions. Raises ``NotFound``."""
        with self._doors.reading() as connection:
            return finding.opened(connection, section_id)

    @_healing
    def version(self, course_id: str) -> int:
        """The version of a course's content that is downloaded; 0: it is not."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT content_version FROM course WHERE id = ? AND downloaded = 1", (course_id,)).fetchone()
        return int(row[0]) if row else 0

    @_healing
    def key(self, question_id: str) -> AnswerKey | None:
        """A question's practice key; None where there is none, as for every question of an ASSESSMENT."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT doc FROM practice_key WHERE question_id = ?", (question_id,)).fetchone()
        return msgspec.json.decode(row[0], type=AnswerKey) if row else None

    @_healing
    def keys(self, course_id: str) -> dict[str, AnswerKey]:
        """A course's practice keys by question id."""
        with self._doors.reading() as connection:
            rows = connection.execute("SELECT question_id, doc FROM practice_key WHERE course_id = ?", (course_id,)).fetchall()
        return {question: msgspec.json.decode(doc, type=AnswerKey) for question, doc in rows}

    @_healing
    def lacks_keys(self, course_id: str) -> bool:
        """Whether a course is here with questions to practise and without any key, as before its reader took it."""
        with self._doors.reading() as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM question JOIN section ON section.id = question.section_id"
                " WHERE question.course_id = :course AND section.type <> 'ASSESSMENT')"
                " AND NOT EXISTS (SELECT 1 FROM practice_key WHERE course_id = :course)",
                {"course": course_id},
            ).fetchone()
        return bool(row[0])

    @_healing
    def question(self, question_id: str) -> tuple[str, Question] | None:
        """The id of a question's section, and the question."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT section_id, doc FROM question WHERE id = ?", (question_id,)).fetchone()
        return (str(row[0]), msgspec.json.decode(row[1], type=Question)) if row else None

    @_healing
    def page(self, key: str) -> ListedPage | None:
        """A page of the catalogue as the database last gave it; None where it never did."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT ids, next, as_of_ms FROM listing WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            return ListedPage(
                items=finding.listed_of(connection, msgspec.json.decode(row[0], type=list[str])), next=row[1], as_of=from_ms(row[2])
            )

    @_healing
    def courses(self, filters: Filters = EVERYTHING) -> ListedPage:
        """A page of the courses known here. Raises ``BadInput`` for a cursor that is none or does not fit."""
        with self._doors.reading() as connection:
            return catalog.page(connection, filters)

    @_healing
    def facets(self) -> Facets:
        """The categories and tags of the courses known here."""
        with self._doors.reading() as connection:
            return catalog.facets(connection)
