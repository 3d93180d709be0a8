"""Which node of a course is which: names for people to type, content hashes, and ids that outlive an edit."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable

import msgspec
from msgspec.structs import replace

from lms_tui.model.course import Course, Lesson, Section

MAX_SLUG = 80

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_APOSTROPHE = re.compile(r"['’]")
_SUFFIX = re.compile(r"-[0-9]+$")


def slug(text: str) -> str:
    """A name of ASCII letters, digits and hyphens, at most 80 characters; of a text without any of these, a digest."""
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text.casefold())).encode("ascii", "ignore").decode("ascii")
    name = _NOT_IN_SLUG.sub("-", folded).strip("-")[:MAX_SLUG].rstrip("-")
    return name or "n" + hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def content_hash(section: Section) -> str:
    """SHA-256, in hexadecimal, of what the section shows: not of its slug and ids, so that it survives a move, and not of its keys,
    so that it tells nothing about an assessment's answers."""
    return _digest(_content(section))


def course_hash(course: Course) -> str:
    """SHA-256, in hexadecimal, of the course as a learner sees it: its texts, order and slugs, without ids and keys."""
    shown = _without(course, "id", "content_hash", "lessons")
    shown["lessons"] = [
        _without(lesson, "id", "sections") | {"sections": [_content(section) | {"slug": section.slug} for section in lesson.sections]}
        for lesson in course.lessons
    ]
    return _digest(shown)


def with_hashes(course: Course) -> Course:
    """The course with the content hash of each section and of the whole filled in."""
    lessons = tuple(
        replace(lesson, sections=tuple(replace(section, content_hash=content_hash(section)) for section in lesson.sections))
        for lesson in course.lessons
    )
    return replace(course, lessons=lessons, content_hash=course_hash(course))


def with_ids(course: Course, known: Course | None) -> Course:
    """The course with its hashes, and with the ids that its nodes have in ``known``; what is new has None.

    A section is matched by lesson and content when its slug differs only in the number of a duplicate, then by the slugs of
    lesson and section, then by content alone (it was moved or renamed), then by its slug alone. A lesson is matched by slug, then
    by the most sections shared; a question by its key in a matched section. No id is given twice. Where ``known`` has content
    hashes, they are believed.
    """
    course = with_hashes(course)
    sections = _match_sections(course, known) if known else {}
    lessons = _match_lessons(course, known, sections) if known else {}
    return replace(
        course,
        id=known.id if known else None,
        lessons=tuple(
            replace(
                lesson,
                id=lessons.get(number),
                sections=tuple(_with_section_id(section, sections.get((number, place))) for place, section in enumerate(lesson.sections)),
            )
            for number, lesson in enumerate(course.lessons)
        ),
    )


_Place = tuple[int, int]  # of a section: its lesson's number in the course, its own in the lesson
_At = tuple[_Place, Lesson, Section]


def _places(course: Course) -> list[_At]:
    return [
        ((number, place), lesson, section) for number, lesson in enumerate(course.lessons) for place, section in enumerate(lesson.sections)
    ]


def _match_sections(course: Course, known: Course) -> dict[_Place, tuple[_Place, Section]]:
    """For places in the course, the place and section in ``known`` that each was."""
    rules: tuple[Callable[[_At], Hashable], ...] = (
        lambda at: (at[1].slug, at[2].slug, _hash(at[2])),
        lambda at: (at[1].slug, _SUFFIX.sub("", at[2].slug), _hash(at[2])),
        lambda at: (at[1].slug, at[2].slug),
        lambda at: _hash(at[2]),
        lambda at: at[2].slug,
    )
    found: dict[_Place, tuple[_Place, Section]] = {}
    new, old = _places(course), [at for at in _places(known) if at[2].id is not None]
    for rule in rules:
        for mine, theirs in _pairs(new, old, rule):
            found[mine[0]] = (theirs[0], theirs[2])
        taken = {place for place, _ in found.values()}
        new = [at for at in new if at[0] not in found]
        old = [at for at in old if at[0] not in taken]
    return found


def _pairs(new: Iterable[_At], old: Iterable[_At], rule: Callable[[_At], Hashable]) -> Iterable[tuple[_At, _At]]:
    """Each new place with the first old one, not given before, of which the rule says the same."""
    waiting: dict[Hashable, list[_At]] = {}
    for at in old:
        waiting.setdefault(rule(at), []).append(at)
    for at in new:
        same = waiting.get(rule(at))
        if same:
            yield at, same.pop(0)


def _match_lessons(course: Course, known: Course, sections: dict[_Place, tuple[_Place, Section]]) -> dict[int, str]:
    """Ids for the numbers of the course's lessons."""
    free = {number: lesson for number, lesson in enumerate(known.lessons) if lesson.id is not None}
    found: dict[int, str] = {}

    def give(number: int, theirs: int) -> None:
        if number not in found and theirs in free:
            found[number] = str(free.pop(theirs).id)

    by_slug = {lesson.slug: number for number, lesson in free.items()}
    for number, lesson in enumerate(course.lessons):
        give(number, by_slug.get(lesson.slug, -1))
    shared = Counter((mine, theirs) for (mine, _), ((theirs, _), _) in sections.items())
    for (mine, theirs), _ in shared.most_common():
        give(mine, theirs)
    return found


def _with_section_id(section: Section, match: tuple[_Place, Section] | None) -> Section:
    known = match[1] if match else None
    ids = {question.key: question.id for question in known.questions} if known else {}
    questions = tuple(replace(question, id=ids.pop(question.key, None)) for question in section.questions)
    return replace(section, id=known.id if known else None, questions=questions)


def _hash(section: Section) -> str:
    return section.content_hash or content_hash(section)


def _content(section: Section) -> dict[str, object]:
    content = _without(section, "id", "content_hash", "slug", "keys", "questions", "hidden_questions")
    return content | {"questions": [_without(question, "id") for question in section.questions]}


def _without(node: msgspec.Struct, *names: str) -> dict[str, object]:
    built: dict[str, object] = msgspec.to_builtins(node)
    return {name: value for name, value in built.items() if name not in names}


def _digest(content: dict[str, object]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("\\r\\n", "\\n")
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()
