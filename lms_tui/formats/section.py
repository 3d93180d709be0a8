"""One page of a native course: a text, a video, an activity, a quiz or an assessment, with its questions."""

import re

from lms_tui.formats.front_matter import Page, read_page
from lms_tui.formats.imported import Findings, Position, bad
from lms_tui.formats.markdown import blocks, first_heading, heading, without_title
from lms_tui.formats.questions import Asked, Source, explicit_key, question_title, read_question
from lms_tui.formats.reading import Folder
from lms_tui.formats.taking import RULES, read_rules
from lms_tui.formats.transcript import paragraphs
from lms_tui.formats.values import duration, flag, minutes, warn_unknown
from lms_tui.model.attributes import Attributes
from lms_tui.model.course import Rules, Section, SectionType, Video
from lms_tui.model.errors import BadInput
from lms_tui.model.fences import Box, Piece, parse
from lms_tui.model.identity import slug
from lms_tui.model.text import clean_line

_KEYS = frozenset({"id", "title", "type", "minutes", "required", "video", "duration", "transcript"} | RULES)
_OTHER_SCHEME = re.compile(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:")
_QUIZZES = (SectionType.QUIZ, SectionType.ASSESSMENT)
_TRANSCRIPTS = (".vtt", ".srt", ".md", ".txt")


def read_section(folder: Folder, name: str, default_slug: str, default_title: str, findings: Findings) -> Section:
    """The section in a file. Raises BadInput, naming file and line, for a question that cannot work."""
    page = read_page(name, folder.text(name), findings)
    warn_unknown(page, _KEYS, findings)
    findings.sections.append(Position(name, 1))
    kind = _type(page)
    rules = read_rules(page, kind, findings)
    asked: list[Asked] = []
    lines = _quiz(page, rules, asked, findings) if kind in _QUIZZES else page.body.split("\n")
    lines = _with_boxes_read(page, lines, rules, asked, findings)
    title = clean_line(page.text("title")) or first_heading(lines) or default_title
    if kind in _QUIZZES and not asked:
        findings.warn(name, 1, "has no questions, so that it can never be completed")
    return Section(
        slug=slug(page.text("id")) if page.text("id") else default_slug,
        title=title,
        type=kind,
        body=without_title("\n".join(lines), title),
        minutes=minutes(page, "minutes", findings),
        required=flag(page, "required", True),
        rules=rules,
        video=_video(folder, page, findings) if kind is SectionType.VIDEO else None,
        questions=tuple(question for question, _ in asked),
        keys={question.key: key for question, key in asked},
    )


def _type(page: Page) -> SectionType:
    said = page.text("type").upper() or ("QUIZ" if page.file.casefold().endswith(".quiz.md") else "TEXT")
    if said not in list(SectionType):
        raise bad(page.file, page.line("type"), f"type is one of {', '.join(SectionType).lower()}")
    return SectionType(said)


def _quiz(page: Page, rules: Rules, asked: list[Asked], findings: Findings) -> list[str]:
    """Reads the questions, one under each heading of the second level, and gives the lines above the first."""
    lines = page.body.split("\n")
    heads = [block for block in blocks(page.body) if block.type == "heading_open" and block.tokens[0].tag == "h2"]
    ends = [head.start for head in heads] + [len(lines)]
    for head, end in zip(heads, ends[1:], strict=True):
        title, attributes = question_title(head.tokens[1].content)
        line = page.first_line + head.start
        findings.questions.append(Position(page.file, line))
        key = _key(page, line, attributes, slug(title), asked)
        text = "\n".join(lines[head.end : end])
        source = Source(
            file=page.file, line=page.first_line + head.end, text=text, key=key, title=title, attributes=attributes, shuffle=rules.shuffle
        )  # fmt: skip
        asked.append(read_question(source, findings))
    return lines[: ends[0]]


def _with_boxes_read(page: Page, lines: list[str], rules: Rules, asked: list[Asked], findings: Findings) -> list[str]:
    """Reads the questions in ``::: question`` boxes, and gives the lines with an empty box where each stood."""
    fenced = parse("\n".join(lines))
    for warning in fenced.warnings:
        findings.warn(page.file, page.first_line + warning.line - 1, warning.message)
    kept: list[str] = []
    at = 0
    for box in _questions(fenced.pieces):
        if not box.closed:
            raise bad(page.file, page.first_line + box.first_line - 1, "a question box is never closed")
        kept += lines[at : box.first_line - 1]
        asked.append(_box(page, lines, box, rules, asked, findings))
        kept += [f"::: question {{#{asked[-1][0].key}}}", ":::"]
        at = box.last_line
    return kept + lines[at:]


def _questions(pieces: tuple[Piece, ...]) -> list[Box]:
    found: list[Box] = []
    for piece in pieces:
        if isinstance(piece, Box):
            found += [piece] if piece.name == "question" else _questions(piece.children)
    return found


def _box(page: Page, lines: list[str], box: Box, rules: Rules, asked: list[Asked], findings: Findings) -> Asked:
    own = lines[box.first_line : box.last_line - 1]
    attributes = Attributes(id=box.id, values=box.attributes, words=box.words)
    skipped = next((number for number, line in enumerate(own) if line.strip()), 0)
    words = heading(own[skipped]) if own else None
    title = question_title(words)[0] if words else ""
    first = skipped + 1 if title else 0
    line = page.first_line + box.first_line
    findings.questions.append(Position(page.file, line - 1))
    key = _key(page, line - 1, attributes, slug(title) if title else f"question-{len(asked) + 1}", asked)
    source = Source(
        file=page.file, line=line + first, text="\n".join(own[first:]), key=key, title=title, attributes=attributes, shuffle=rules.shuffle
    )  # fmt: skip
    return read_question(source, findings)


def _key(page: Page, line: int, attributes: Attributes, default: str, asked: list[Asked]) -> str:
    """The question's key: as given, which must be new in the section, or the default with a number where it is not."""
    taken = {question.key for question, _ in asked}
    given = explicit_key(page.file, line, attributes)
    if given in taken:
        raise bad(page.file, line, f"the id '{given}' stands twice in this section")
    key, number = given or default, 1
    while key in taken:
        number += 1
        key = f"{default}-{number}"
    return key


def _video(folder: Folder, page: Page, findings: Findings) -> Video:
    url = page.text("video")
    if _OTHER_SCHEME.match(url):
        findings.warn(page.file, page.line("video"), "a video's address begins with https:// or names a file; it was left out")
        url = ""
    return Video(url=url, seconds=duration(page, "duration", findings), transcript=_transcript(folder, page, findings))


def _transcript(folder: Folder, page: Page, findings: Findings) -> str:
    named = page.text("transcript")
    if not named:
        return ""
    under = page.file.rpartition("/")[0]
    name = f"{under}/{named}" if under else named
    if name.endswith(_TRANSCRIPTS):
        try:
            text = folder.text(name)
            return paragraphs(text) if name.endswith((".vtt", ".srt")) else text.strip("\n")
        except BadInput as error:
            findings.warn(page.file, page.line("transcript"), f"the transcript was left out: {error.message}")
            return ""
    findings.warn(page.file, page.line("transcript"), f"a transcript is one of {', '.join(_TRANSCRIPTS)}; it was left out")
    return ""
