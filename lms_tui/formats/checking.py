"""A course looked at as an import would, and then by rules of good teaching. Nothing is kept."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from lms_tui import formats
from lms_tui.formats.front_matter import Page, read_page
from lms_tui.formats.imported import Findings, Imported, ImportWarning, Position, Refusal
from lms_tui.formats.reading import Folder, natural
from lms_tui.formats.rules import Facts, Problem, missing_files, problems

_WELCOME = ("course.md", "config.yaml", "index.md")


class Checked(Struct, frozen=True, kw_only=True):
    """Whether a course can be imported, what it counts (nothing where it cannot), and its problems in the order of its files."""

    ok: bool
    model: dict[str, object]
    problems: tuple[Problem, ...]


def check(path: Path, format: str | None = None) -> Checked:
    """What is wrong or odd in a course's folder. Raises BadInput where there is no course at all."""
    findings = Findings()
    try:
        imported = formats.read(path, format, findings)
    except Refusal as refusal:
        error = Problem(severity="error", file=refusal.at.file, line=refusal.at.line, code="refused", message=refusal.said)
        return Checked(ok=False, model={}, problems=_sorted([error, *_told(findings)]))
    found = [*_told(findings), *problems(_facts(path, imported, findings))]
    return Checked(ok=True, model=imported.model, problems=_sorted(found))


def read(path: Path, format: str | None = None) -> Imported:
    """A course as ``formats.read`` gives it, whose warnings tell of pictures, links and films that are missing, too."""
    findings = Findings()
    imported = formats.read(path, format, findings)
    facts = _facts(path, imported, findings)
    missing = [ImportWarning(file=found.file, line=found.line, message=found.message) for found in missing_files(facts)]
    return replace(imported, warnings=(*imported.warnings, *missing))


def _told(findings: Findings) -> list[Problem]:
    """The importer's own warnings."""
    return [
        Problem(severity="warning", file=warning.file, line=warning.line, code="odd", message=warning.message)
        for warning in findings.warnings
    ]


def _sorted(found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda problem: (problem.severity != "error", natural(problem.file), problem.line)))


def _facts(path: Path, imported: Imported, findings: Findings) -> Facts:
    course = imported.course
    sections = [section for lesson in course.lessons for section in lesson.sections]
    questions = [(section, question) for section in sections for question in section.questions]
    folder = Folder(path, Findings())
    welcome = next((name for name in _WELCOME if name in folder.names), "course.md")
    return Facts(
        course=course,
        course_at=Position(welcome, 1 if welcome in folder.names else 0),
        lessons=tuple(zip(course.lessons, findings.lessons, strict=True)),
        sections=tuple(zip(sections, findings.sections, strict=True)),
        questions=tuple((*asked, at) for asked, at in zip(questions, findings.questions, strict=True)),
        pages=_pages(folder, findings),
        names=folder.names,
    )


def _pages(folder: Folder, findings: Findings) -> tuple[Page, ...]:
    """Each Markdown file that the course is made of, once."""
    files = dict.fromkeys([*_WELCOME, *(at.file for at in (*findings.lessons, *findings.sections))])
    pages = [name for name in files if name in folder.names and name != "config.yaml"]
    return tuple(read_page(name, folder.text(name), Findings()) for name in pages)
