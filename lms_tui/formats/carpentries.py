"""Lessons of The Carpentries Workbench (sandpaper): a repository is a course, an episode a lesson.

Each ``challenge`` box at the outermost level of an episode is an ACTIVITY, what stands between is TEXT. Objectives, questions and
keypoints belong to the lesson; what is for instructors is left out. Which answer is right stands in prose, so no question is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from lms_tui.formats.front_matter import Value, read_page, read_yaml
from lms_tui.formats.imported import Findings, Imported, Position
from lms_tui.formats.markdown import (
    blocks,
    first_heading,
    headings_of,
    outside_code,
    plain,
    take_definitions,
    with_alternative_texts,
    with_code_flags,
    with_definitions,
    without_title,
)
from lms_tui.formats.names import spoken, unique_names, without_number
from lms_tui.formats.reading import Folder
from lms_tui.formats.values import minutes
from lms_tui.model.course import Course, Lesson, Section, SectionType
from lms_tui.model.errors import BadInput
from lms_tui.model.fences import Box, Piece, Run, parse
from lms_tui.model.identity import slug
from lms_tui.model.text import clean_line, one_spaced

_ABOUT_THE_LESSON = ("objectives", "questions", "keypoints")
_HIDDEN = "instructor"
_EPISODES = (".md", ".rmd")
_CHUNK = re.compile(r"^(\s*(?:`{3,}|~{3,}))\s*\{([A-Za-z]\w*)[^}]*\}\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s+")
_SUMMARY = 200


class _Episode(Struct, frozen=True):
    """An episode as a lesson, the minutes that it says, and how many texts it had if each heading of the second level began one."""

    lesson: Lesson
    teaching: int
    exercises: int
    texts_at_headings: int


def read(folder: Folder, findings: Findings) -> Imported:
    """The course in a Workbench repository. Raises BadInput when it has no episode."""
    config, _ = read_yaml("config.yaml", folder.text("config.yaml"), findings)
    names = _episode_names(folder, config, findings)
    episodes = [_episode(folder, name, findings) for name in names]
    if not episodes:
        raise BadInput("The lesson has no episode: the folder 'episodes' holds none that config.yaml names.")
    _tell_what_is_left_out(folder, findings)
    slugs = unique_names([episode.lesson.slug for episode in episodes])
    lessons = tuple(replace(episode.lesson, slug=name) for episode, name in zip(episodes, slugs, strict=True))
    title = clean_line(_text(config, "title")) or spoken(folder.root.name) or "Lesson"
    index = read_page("index.md", folder.text("index.md"), findings).body if "index.md" in folder.names else ""
    name = slug(title)
    course = Course(
        slug=name,
        title=title,
        summary=_summary(index),
        body=_shown(index),
        language=_text(config, "lang") or "en",
        license=_text(config, "license"),
        tags=tuple(word.strip() for word in _text(config, "keywords").split(",") if word.strip()),
        source=_text(config, "source") or f"carpentries:{name}",
        lessons=lessons,
    )
    return Imported(course=course, model=_model(course, episodes), warnings=findings.warnings)


def _text(config: dict[str, Value], key: str) -> str:
    value = config.get(key, "")
    return clean_line(value) if isinstance(value, str) else ""


def _episode_names(folder: Folder, config: dict[str, Value], findings: Findings) -> list[str]:
    """The episodes in the order of ``config.yaml``, else by name."""
    said = config.get("episodes")
    if not isinstance(said, list) or not said:
        found = [name for ending in _EPISODES for name in folder.named(ending, "episodes") if name.count("/") == 1]
        return sorted(found)
    names = [f"episodes/{clean_line(name)}" for name in dict.fromkeys(name for name in said if isinstance(name, str))]
    for name in names:
        if name not in folder.names:
            findings.warn("config.yaml", 0, f"names {name}, which is not there")
    return [name for name in names if name in folder.names]


def _tell_what_is_left_out(folder: Folder, findings: Findings) -> None:
    others = folder.named(".md", "learners")
    if others:
        findings.warn("config.yaml", 0, f"pages beside the episodes are not part of the course: {', '.join(others)}")


def _episode(folder: Folder, name: str, findings: Findings) -> _Episode:
    page = read_page(name, folder.text(name), findings)
    stem = PurePosixPath(name).stem
    title = clean_line(page.text("title")) or first_heading(page.body.split("\n")) or spoken(stem) or "Episode"
    teaching, exercises = minutes(page, "teaching", findings), minutes(page, "exercises", findings)
    lines = page.body.split("\n")
    if name.casefold().endswith(".rmd"):
        lines = [_CHUNK.sub(r"\1\2", line) for line in lines]
    lines, definitions = take_definitions(outside_code(lines, with_alternative_texts))
    fenced = parse("\n".join(lines))
    for warning in fenced.warnings:
        findings.warn(name, page.first_line + warning.line - 1, warning.message)
    about = {box.name: _points(lines, box) for box in fenced.pieces if isinstance(box, Box) and box.name in _ABOUT_THE_LESSON}
    made = _Made(lines, title, definitions)
    made.all(fenced.pieces)
    findings.lessons.append(Position(name, 1))
    findings.sections += [Position(name, page.first_line + line - 1) for line in made.first_lines]
    lesson = Lesson(
        slug=slug(without_number(stem)),
        title=title,
        minutes=(teaching or 0) + (exercises or 0) or None,
        objectives=about.get("objectives", ()),
        questions=about.get("questions", ()),
        keypoints=about.get("keypoints", ()),
        sections=made.done(),
    )
    return _Episode(lesson, teaching or 0, exercises or 0, made.texts_at_headings)


def _points(lines: list[str], box: Box) -> tuple[str, ...]:
    """The items of the lists in a box, each as one line of Markdown; without a list, its paragraphs."""
    own = lines[box.first_line : box.last_line - 1]
    found: list[str] = []
    for block in blocks("\n".join(own)):
        if block.type in ("bullet_list_open", "ordered_list_open"):
            items = [token.map for token in block.tokens if token.type == "list_item_open" and token.level == 1 and token.map]
            found += [_ITEM.sub("", one_spaced(" ".join(own[start:end])), count=1) for start, end in items]
        elif block.type == "paragraph_open":
            found.append(one_spaced(" ".join(own[block.start : block.end])))
    return tuple(filter(None, found))


class _Made:
    """The sections of an episode while they are read."""

    def __init__(self, lines: list[str], lesson_title: str, definitions: dict[str, str]) -> None:
        self._lines = lines
        self._definitions = definitions
        self._sections: list[Section] = []
        self._title = lesson_title  # of a text without a heading: the last heading, and the number of the text under it
        self._texts = 0
        self.texts_at_headings = 0
        self.first_lines: list[int] = []

    def all(self, pieces: Iterable[Piece]) -> None:
        """Adds the sections that the pieces of an episode make."""
        text: list[Piece] = []
        for piece in pieces:
            if isinstance(piece, Box) and piece.name == "challenge":
                self.text(text)
                self.challenge(piece)
                text = []
            elif not (isinstance(piece, Box) and piece.name in _ABOUT_THE_LESSON):
                text.append(piece)
        self.text(text)

    def text(self, pieces: list[Piece]) -> None:
        """Adds a TEXT section, unless nothing is in it."""
        body = "\n".join(_kept(self._lines, pieces))
        if not _COMMENT.sub("", body).strip():
            return
        self.texts_at_headings += _texts_at_headings(pieces)
        headings = [found for piece in pieces if isinstance(piece, Run) for found in headings_of(piece.text.split("\n"))]
        previous = self._sections[-1].slug if self._sections else ""
        name = slug(headings[0]) if headings else f"after-{previous}" if previous else "introduction"
        self._texts = 1 if headings else self._texts + 1
        title = headings[0] if headings else self._title if self._texts == 1 else f"{self._title} ({self._texts})"
        self._title = headings[-1] if headings else self._title
        self._add(name, title, SectionType.TEXT, body, pieces[0].first_line)

    def challenge(self, box: Box) -> None:
        """Adds an ACTIVITY section."""
        body = _kept(self._lines, box.children)
        title = next((found for piece in box.children if isinstance(piece, Run) for found in headings_of(piece.text.split("\n"))), "")
        self._add(slug(box.id or title or "challenge"), title or "Challenge", SectionType.ACTIVITY, "\n".join(body), box.first_line)

    def done(self) -> tuple[Section, ...]:
        """The sections, each slug once."""
        names = unique_names([section.slug for section in self._sections])
        return tuple(replace(section, slug=name) for section, name in zip(self._sections, names, strict=True))

    def _add(self, name: str, title: str, kind: SectionType, body: str, line: int) -> None:
        self.first_lines.append(line)
        body = with_definitions(without_title(body, title), self._definitions)
        self._sections.append(Section(slug=name, title=title, type=kind, body=body))


def _texts_at_headings(pieces: list[Piece]) -> int:
    """How many texts there are when headings of the second level begin one as well."""
    texts, anything = 0, False
    for piece in pieces:
        lines = with_code_flags(piece.text.split("\n")) if isinstance(piece, Run) else [(True, piece.name.replace(_HIDDEN, ""))]
        for coded, line in lines:
            if not coded and line.startswith("## "):
                texts, anything = texts + anything, True
            anything = anything or bool(line.strip())
    return texts + anything


def _kept(lines: list[str], pieces: Iterable[Piece]) -> list[str]:
    """The source of the pieces without what is for instructors; each box has its end."""
    kept: list[str] = []
    for piece in pieces:
        if isinstance(piece, Run):
            kept += lines[piece.first_line - 1 : piece.last_line]
        elif piece.name != _HIDDEN:
            kept += [lines[piece.first_line - 1], *_kept(lines, piece.children), lines[piece.last_line - 1] if piece.closed else ":::"]
    return kept


def _shown(text: str) -> str:
    lines, definitions = take_definitions(outside_code(text.split("\n"), with_alternative_texts))
    body = "\n".join(_kept(lines, parse("\n".join(lines)).pieces)).strip("\n")
    return with_definitions(body, definitions)


def _summary(index: str) -> str:
    """The first sentences of the first paragraph, as many as fit into 200 characters."""
    lines = index.split("\n")
    found = next((block for block in blocks(index) if block.type == "paragraph_open" and not lines[block.start].startswith(":::")), None)
    words = plain(" ".join(lines[found.start : found.end]), limit=1000) if found else ""
    sentences = re.split(r"(?<=[.!?])\s+", words)
    summary = sentences[0]
    for sentence in sentences[1:]:
        if len(summary) + len(sentence) >= _SUMMARY:
            break
        summary += f" {sentence}"
    return summary


def _model(course: Course, episodes: list[_Episode]) -> dict[str, object]:
    """The counts that ``expected.json`` of a Workbench lesson has."""
    types = Counter(section.type for lesson in course.lessons for section in lesson.sections)
    return {
        "lessons": len(course.lessons),
        "activity_sections": types[SectionType.ACTIVITY],
        "text_sections_runs": types[SectionType.TEXT],
        "text_sections_h2": sum(episode.texts_at_headings for episode in episodes),
        "video_sections": types[SectionType.VIDEO],
        "quiz_sections": types[SectionType.QUIZ],
        "auto_gradable_questions": sum(len(section.questions) for lesson in course.lessons for section in lesson.sections),
        "teaching_minutes": sum(episode.teaching for episode in episodes),
        "exercise_minutes": sum(episode.exercises for episode in episodes),
    }
