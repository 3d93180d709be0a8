"""What an author may want to mend in a course that can be imported: one function a rule, each pure over the course as read."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct

from lms_tui.formats.front_matter import Page
from lms_tui.formats.imported import Position
from lms_tui.formats.links import links_of
from lms_tui.formats.markdown import with_code_flags
from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.fences import CodeFence
from lms_tui.model.grading import grade
from lms_tui.model.question import AnswerKey, Kind, Question
from lms_tui.model.text import canonical

MOST_WORDS = 1_500

_BUILT = (".html", "/", "")  # what a site's generator makes of a page, and authors link to


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong (``error``: it cannot be imported) or odd (``warning``), and where; ``code`` is for programs."""

    severity: str
    file: str
    line: int
    code: str
    message: str


class Facts(Struct, frozen=True, kw_only=True):
    """A course as read, where its parts stand, the pages that were read, and the names of all files in its folder."""

    course: Course
    course_at: Position
    lessons: tuple[tuple[Lesson, Position], ...]
    sections: tuple[tuple[Section, Position], ...]
    questions: tuple[tuple[Section, Question, Position], ...]
    pages: tuple[Page, ...]
    names: frozenset[str]


def problems(facts: Facts) -> Iterator[Problem]:
    """What every rule has to say."""
    for rule in _RULES:
        yield from rule(facts)


def missing_files(facts: Facts) -> Iterator[Problem]:
    """What is shown, linked to or played, and is not in the course's folder."""
    return (problem for rule in (_broken_links, _missing_videos) for problem in rule(facts) if problem.code == "broken-link")


def _odd(code: str, at: Position, message: str) -> Problem:
    return Problem(severity="warning", file=at.file, line=at.line, code=code, message=message)


def _broken_links(facts: Facts) -> Iterator[Problem]:
    for page in facts.pages:
        for link in links_of(page.body, page.first_line):
            target = _named(page.file, link.target)
            if target is not None and not _is_there(target, facts.names):
                what = "shows" if link.picture else "links to"
                yield _odd("broken-link", Position(page.file, link.line), f"{what} {link.target[:80]}, which is not in the course's folder")


def _named(file: str, target: str) -> str | None:
    """The file in the course's folder that an address of a page names, or None where it names something else."""
    path = unquote(target.partition("#")[0].partition("?")[0])
    if not path or path.startswith("/") or ":" in path or "{" in path:
        return None
    return normpath(str(PurePosixPath(file).parent / path)) + ("/" if path.endswith("/") else "")


def _is_there(target: str, names: frozenset[str]) -> bool:
    if target.startswith("../"):
        return False
    bare = target.rstrip("/")
    if target in names or bare == "." or any(name.startswith(bare + "/") for name in names):
        return True
    stems = {bare.removesuffix(ending) for ending in _BUILT if target.endswith(ending)}
    return any(name.rpartition(".")[0] in stems and name.casefold().endswith((".md", ".rmd")) for name in names)


def _pictures_without_words(facts: Facts) -> Iterator[Problem]:
    for page in facts.pages:
        for link in links_of(page.body, page.first_line):
            if link.picture and not link.described:
                yield _odd("no-alt-text", Position(page.file, link.line), f"the picture {link.target[:80]} has no alternative text")


def _code_without_end(facts: Facts) -> Iterator[Problem]:
    for page in facts.pages:
        code, opened = CodeFence(), 0
        for number, line in enumerate(page.body.split("\n"), page.first_line):
            inside = code.open
            code.takes(line)
            opened = number if code.open and not inside else opened
        if code.open:
            yield _odd("open-code", Position(page.file, opened), "a code fence begins here and never ends")


def _missing_videos(facts: Facts) -> Iterator[Problem]:
    for section, at in facts.sections:
        if section.video is None:
            continue
        target = _named(at.file, section.video.url)
        if not section.video.url:
            yield _odd("no-video", at, "a video section names no video")
        elif target is not None and not _is_there(target, facts.names):
            yield _odd("broken-link", at, f"names the video {section.video.url[:80]}, which is not in the course's folder")
        if not section.video.transcript:
            yield _odd("no-transcript", at, "a video has no transcript, so that nobody can read it in a terminal")


def _nothing_to_do(facts: Facts) -> Iterator[Problem]:
    for section, at in facts.sections:
        if section.type in (SectionType.TEXT, SectionType.ACTIVITY) and not section.body.strip() and not section.questions:
            yield _odd("no-text", at, f"the section '{section.title}' has no text")


def _too_long(facts: Facts) -> Iterator[Problem]:
    for section, at in facts.sections:
        words = sum(len(line.split()) for coded, line in with_code_flags(section.body.split("\n")) if not coded)
        if words > MOST_WORDS:
            yield _odd("too-long", at, f"the section '{section.title}' has {words:,} words, more than {MOST_WORDS:,}")


def _lessons_without_objectives(facts: Facts) -> Iterator[Problem]:
    for lesson, at in facts.lessons:
        if not lesson.objectives:
            yield _odd("no-objectives", at, f"the lesson '{lesson.title}' says no objectives")


def _assessments_without_pass_mark(facts: Facts) -> Iterator[Problem]:
    for section, at in facts.sections:
        if section.type is SectionType.ASSESSMENT and section.rules.pass_mark is None:
            yield _odd("no-pass-mark", at, f"the assessment '{section.title}' says no pass_mark, so that nobody can fail it")


def _limits_of_quizzes(facts: Facts) -> Iterator[Problem]:
    """A quiz is for learning: it may be tried as often, and take as long, as one likes."""
    for section, at in facts.sections:
        if section.type is SectionType.QUIZ:
            for name, value in (("attempts", section.rules.attempts), ("time_limit", section.rules.time_limit_seconds)):
                if value is not None:
                    yield _odd("no-limit", at, f"{name} limits assessments alone, and '{section.title}' is a quiz")


def _course_without_license(facts: Facts) -> Iterator[Problem]:
    if not facts.course.license:
        yield _odd("no-license", facts.course_at, "nothing says what others may do with this course")


def _without_help(facts: Facts) -> Iterator[Problem]:
    """An assessment may leave a learner alone; a question that is there for learning may not."""
    for section, question, at in facts.questions:
        if section.type is SectionType.ASSESSMENT:
            continue
        key = section.keys[question.key]
        if not question.hints and question.kind is not Kind.SELF_MARKED:
            yield _odd("no-hint", at, f"the question '{question.key}' has no hint")
        if not _explained(key):
            yield _odd("no-feedback", at, f"the question '{question.key}' says nothing after an answer: no feedback, no explanation")


def _explained(key: AnswerKey) -> bool:
    answers = (*key.answers, *(answer for gap in key.gaps for answer in gap))
    return bool(key.explanation or key.model_answer or any(key.feedback) or any(answer.feedback for answer in answers))


def _same_options(facts: Facts) -> Iterator[Problem]:
    for _, question, at in facts.questions:
        options = question.options if question.kind in (Kind.SINGLE, Kind.MULTIPLE) else ()
        if len({canonical(option) for option in options}) < len(options):
            yield _odd("same-option", at, f"the question '{question.key}' has an option twice")


def _answers_out_of_reach(facts: Facts) -> Iterator[Problem]:
    """The first foreseen answer counts, so one behind it that says otherwise is never reached."""
    for section, question, at in facts.questions:
        key = section.keys[question.key]
        for answer in key.answers if question.kind in (Kind.NUMERIC, Kind.TEXT) else ():
            given = answer.text or answer.low
            if given is not None and grade(question, key, given).correct != answer.correct:
                yield _odd("out-of-reach", at, f"the question '{question.key}' foresees '{given[:40]}', which an answer above it takes")


_RULES: tuple[Callable[[Facts], Iterator[Problem]], ...] = (
    _broken_links,
    _pictures_without_words,
    _code_without_end,
    _missing_videos,
    _nothing_to_do,
    _too_long,
    _lessons_without_objectives,
    _assessments_without_pass_mark,
    _limits_of_quizzes,
    _course_without_license,
    _without_help,
    _same_options,
    _answers_out_of_reach,
)
