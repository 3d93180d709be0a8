"""The native format: ``course.md``, a folder for each lesson, a Markdown file for each section.

Everything but a Markdown file is optional: a bare folder of pages is a course as well. Numbers before names give the order and are
not part of an id.
"""

import re
from collections import Counter
from pathlib import PurePosixPath

from msgspec.structs import replace

from lms_tui.formats.front_matter import Page, read_page
from lms_tui.formats.imported import Findings, Imported, Position, bad
from lms_tui.formats.markdown import first_heading, without_title
from lms_tui.formats.names import spoken, unique_names, without_number
from lms_tui.formats.reading import Folder
from lms_tui.formats.section import read_section
from lms_tui.formats.values import minutes, percent, warn_unknown
from lms_tui.model.course import Course, Difficulty, Lesson, Section, SectionType
from lms_tui.model.errors import BadInput
from lms_tui.model.identity import slug
from lms_tui.model.text import clean_line

_COURSE_KEYS = frozenset(
    {"format", "id", "title", "summary", "language", "version", "authors", "license", "tags", "pass_mark", "difficulty", "category", "iri"}
)  # fmt: skip
_LESSON_KEYS = frozenset({"id", "title", "objectives", "questions", "keypoints", "minutes", "requires"})
_NOT_SECTIONS = frozenset({"course.md", "readme.md", "license.md", "summary.md", "contributing.md", "code_of_conduct.md", "changelog.md"})
_ENDING = re.compile(r"(?:\.quiz)?\.md$", re.IGNORECASE)
_LINK = re.compile(r"\]\(<?([^()<>\s]+\.md)>?\)", re.IGNORECASE)


def read(folder: Folder, findings: Findings) -> Imported:
    """The course in a native folder. Raises BadInput when there is nothing to learn in it, or a question cannot work."""
    page = read_page("course.md", folder.text("course.md"), findings) if "course.md" in folder.names else None
    if page and page.text("format", "1") != "1":
        raise bad(page.file, page.line("format"), f"format {page.text('format')[:20]} is newer than this app; it knows format 1")
    lessons = _unique_lessons(_read_lessons(folder, findings), findings)
    if not lessons:
        raise BadInput("There is no Markdown file in the folder that could be a section.")
    course = _course(folder, page, lessons, findings)
    return Imported(course=course, model=_model(course), warnings=findings.warnings)


def _course(folder: Folder, page: Page | None, lessons: tuple[Lesson, ...], findings: Findings) -> Course:
    if page is None:
        title = spoken(folder.root.name) or "Course"
        name = slug(title)
        return Course(slug=name, title=title, source=f"native:{name}", lessons=lessons)
    warn_unknown(page, _COURSE_KEYS, findings)
    title = clean_line(page.text("title")) or first_heading(page.body.split("\n")) or spoken(folder.root.name) or "Course"
    name = slug(page.text("id") or title)
    return Course(
        slug=name,
        title=title,
        summary=clean_line(page.text("summary")),
        body=without_title(page.body, title),
        language=page.text("language", "en"),
        version=page.text("version"),
        authors=page.texts("authors"),
        license=page.text("license"),
        tags=page.texts("tags"),
        difficulty=_difficulty(page, findings),
        category=page.text("category") or None,
        pass_mark=percent(page, "pass_mark"),
        source=page.text("iri") or f"native:{name}",
        lessons=lessons,
    )


def _difficulty(page: Page, findings: Findings) -> Difficulty | None:
    said = page.text("difficulty").upper()
    if said and said not in list(Difficulty):
        findings.warn(page.file, page.line("difficulty"), f"difficulty is one of {', '.join(Difficulty)}")
    return Difficulty(said) if said in list(Difficulty) else None


def _read_lessons(folder: Folder, findings: Findings) -> list[tuple[Lesson, str]]:
    """Lessons, each with the name of its folder; pages beside ``course.md`` are a lesson of their own."""
    pages = folder.named(".md")
    sections = [name for name in pages if name.casefold() not in _NOT_SECTIONS and PurePosixPath(name).name.casefold() != "lesson.md"]
    if not sections:
        sections = [name for name in pages if name.casefold() == "readme.md"]
    order = _summary_order(folder, findings)
    sections.sort(key=lambda name: order.get(name, len(order)))
    tops = dict.fromkeys(_top(name) for name in sections)
    return [(_lesson(folder, top, [name for name in sections if _top(name) == top], findings), top) for top in tops]


def _top(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _summary_order(folder: Folder, findings: Findings) -> dict[str, int]:
    """The place of each file that ``SUMMARY.md`` links to."""
    if "SUMMARY.md" not in folder.names:
        return {}
    linked = dict.fromkeys(name.removeprefix("./") for name in _LINK.findall(folder.text("SUMMARY.md")))
    for name in linked:
        if name not in folder.names:
            findings.warn("SUMMARY.md", 0, f"links to {name}, which is not there")
    return {name: place for place, name in enumerate(linked)}


def _lesson(folder: Folder, top: str, names: list[str], findings: Findings) -> Lesson:
    file = f"{top}/lesson.md" if top else "lesson.md"
    page = read_page(file, folder.text(file) if file in folder.names else "", findings)
    warn_unknown(page, _LESSON_KEYS, findings)
    findings.lessons.append(Position(file, 1 if file in folder.names else 0))
    title = clean_line(page.text("title")) or first_heading(page.body.split("\n")) or spoken(top or folder.root.name) or "Lesson"
    return Lesson(
        slug=slug(page.text("id") or spoken(top) or title),
        title=title,
        body=without_title(page.body, title),
        minutes=minutes(page, "minutes", findings),
        objectives=page.texts("objectives"),
        questions=page.texts("questions"),
        keypoints=page.texts("keypoints"),
        requires=tuple(slug(name) for name in page.texts("requires")),
        sections=_unique_sections([(_section(folder, name, top, findings), name) for name in names], findings),
    )


def _section(folder: Folder, name: str, top: str, findings: Findings) -> Section:
    inner = PurePosixPath(_ENDING.sub("", name.removeprefix(f"{top}/")))
    default = slug("-".join(without_number(part) for part in inner.parts))
    return read_section(folder, name, default, spoken(inner.name) or "Section", findings)


def _unique_sections(sections: list[tuple[Section, str]], findings: Findings) -> tuple[Section, ...]:
    names = unique_names([section.slug for section, _ in sections])
    for (section, file), name in zip(sections, names, strict=True):
        if name != section.slug:
            findings.warn(file, 1, f"the id '{section.slug}' stands twice in this lesson; the second is '{name}'")
    return tuple(replace(section, slug=name) for (section, _), name in zip(sections, names, strict=True))


def _unique_lessons(lessons: list[tuple[Lesson, str]], findings: Findings) -> tuple[Lesson, ...]:
    names = unique_names([lesson.slug for lesson, _ in lessons])
    known = set(names)
    for (lesson, folder), name in zip(lessons, names, strict=True):
        if name != lesson.slug:
            findings.warn(f"{folder}/lesson.md", 1, f"the id '{lesson.slug}' stands twice in this course; the second is '{name}'")
        for needed in lesson.requires:
            if needed not in known:
                findings.warn(f"{folder}/lesson.md", 1, f"requires '{needed}', and no lesson has that id")
    return tuple(replace(lesson, slug=name) for (lesson, _), name in zip(lessons, names, strict=True))


def _model(course: Course) -> dict[str, object]:
    """The counts that ``expected.json`` of a native course has."""
    sections = [section for lesson in course.lessons for section in lesson.sections]
    questions = [question for section in sections for question in section.questions]
    types = Counter(section.type for section in sections)
    kinds = Counter(question.kind for question in questions)
    finals = [section for section in sections if section.type is SectionType.ASSESSMENT]
    return {
        "lessons": len(course.lessons),
        "sections": {str(kind): types[kind] for kind in SectionType if types[kind]},
        "questions": len(questions),
        "questions_by_type": {str(kind): number for kind, number in kinds.items()},
        "inline_questions_in_text": sum(len(section.questions) for section in sections if section.type is SectionType.TEXT),
        "points_final": _points(finals),
        "transcripts": sum(bool(section.video and section.video.transcript) for section in sections),
        "hints_in_quizzes": sum(
            len(question.hints) for section in sections if section.type is SectionType.QUIZ for question in section.questions
        ),
    }


def _points(sections: list[Section]) -> int | float:
    total = sum(question.points for section in sections for question in section.questions)
    return int(total) if total == int(total) else float(total)
