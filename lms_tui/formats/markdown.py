"""Markdown looked at without being turned into anything: tokens only say where blocks are, and the source is cut there."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

from lms_tui.model.attributes import parse_attributes
from lms_tui.model.fences import CodeFence
from lms_tui.model.text import one_spaced

MAX_TITLE = 200

_BLOCKS = MarkdownIt("commonmark").enable("table")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])
_INLINE = MarkdownIt("commonmark")

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*))?$")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,200})\]:[ \t]*\S")
_LABEL = re.compile(r"\[([^\[\]]{1,200})\]")
_TAG = re.compile(r"</?(?:a|abbr|b|br|code|em|i|kbd|mark|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_IMAGE = re.compile(
    r"!\[([^\]]{0,1000})\]\(([^()\n]{0,1000})\)"
    r"(\{(?:[^{}\"']|\"[^\"]{0,3000}\"|'[^']{0,3000}'){0,300}\})"
)


class Block(Struct, frozen=True):
    """A block at the outermost level: its token and those within it, and its lines: 0-based, the end is not in it."""

    tokens: list[Token]
    start: int
    end: int

    @property
    def type(self) -> str:
        """The name of its first token, such as ``bullet_list_open`` or ``fence``."""
        return self.tokens[0].type


def blocks(text: str) -> list[Block]:
    """The outermost blocks of a text."""
    found: list[Block] = []
    inner: list[Token] = []
    for token in _BLOCKS.parse(text):
        inner.append(token)
        if token.level == 0 and token.nesting <= 0:
            start, end = inner[0].map or (0, 0)
            found.append(Block(inner, start, end))
            inner = []
    return found


def lines_of(tokens: list[Token], kind: str) -> list[tuple[int, int]]:
    """The lines of each token of a kind, in order and without repetitions."""
    return list(dict.fromkeys((token.map[0], token.map[1]) for token in tokens if token.type == kind and token.map))


def plain(text: str, limit: int = MAX_TITLE) -> str:
    """One line of Markdown as a reader sees it, cut at the limit; the tags of phrases go, whatever else looks like a tag stays."""
    words: list[str] = []
    for token in _INLINE.parseInline(one_spaced(text)[: 5 * limit])[0].children or []:
        if token.type == "html_inline":
            words.append("" if _TAG.fullmatch(token.content) else token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        else:
            words.append(token.content)
    said = one_spaced("".join(words))
    return said if len(said) <= limit else said[: limit - 1].rstrip() + "…"


def code_spans(text: str) -> list[tuple[int, int]]:
    """Where code spans are in a paragraph: CommonMark 0.31, section 6.1."""
    runs = [(run.start(), run.end()) for run in re.finditer(r"`+", text)]
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(runs):
        start, end = runs[at]
        before = text[max(0, start - 50) : start]
        escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
        start += escaped  # only the first backtick is taken by the backslash
        same = later.get(end - start, [])
        while same and same[-1] <= at:
            same.pop()
        if same:
            spans.append((start, runs[same[-1]][1]))
            at = same[-1]
        at += 1
    return spans


def in_code(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether a place is in one of the spans, which are in order."""
    index = bisect_right(spans, at, key=lambda span: span[0])
    return index > 0 and at < spans[index - 1][1]


def with_code_flags(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Each line, with whether it is in a fenced code block."""
    code = CodeFence()
    return ((code.takes(line), line) for line in lines)


def heading(line: str) -> str | None:
    """The words of a heading line (``## …``), or None."""
    found = _HEADING.match(line[:2000])
    return re.sub(r"(?:^|\s)#+\s*$", "", (found[1] or "").strip()) if found else None


def headings_of(lines: list[str]) -> list[str]:
    """The words of each heading outside code, as a reader sees them."""
    found = (heading(line) for coded, line in with_code_flags(lines) if not coded)
    return [plain(words) for words in found if words]


def first_heading(lines: list[str]) -> str:
    """The words of the first heading outside code, or an empty string."""
    return next(iter(headings_of(lines)), "")


def without_title(body: str, title: str) -> str:
    """The text without blank lines around it, and without a heading at its beginning that only repeats the title."""
    body = body.strip("\n")
    first, _, rest = body.partition("\n")
    words = heading(first)
    return rest.strip("\n") if words is not None and plain(words) == title else body


def outside_code(lines: list[str], change: Callable[[str], str]) -> list[str]:
    """The lines with ``change`` applied to each stretch of text between fenced code blocks."""
    changed: list[str] = []
    stretch: list[str] = []
    for coded, line in [*with_code_flags(lines), (True, None)]:
        if not coded and line is not None:
            stretch.append(line)
            continue
        if stretch:
            changed += change("\n".join(stretch)).split("\n")
            stretch = []
        if line is not None:
            changed.append(line)
    return changed


def take_definitions(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The lines with each link definition (``[label]: address``) blanked, and the definitions by label."""
    kept: list[str] = []
    definitions: dict[str, str] = {}
    for coded, line in with_code_flags(lines):
        found = None if coded else _DEFINITION.match(line)
        if found and not found[1].startswith("^"):
            definitions.setdefault(_label(found[1]), line.strip())
        kept.append("" if found and not found[1].startswith("^") else line)
    return kept, definitions


def with_definitions(body: str, definitions: dict[str, str]) -> str:
    """The text, followed by those definitions that it uses."""
    labels = dict.fromkeys(_label(found[1]) for found in _LABEL.finditer(body)) if definitions else {}
    used = [definitions[label] for label in labels if label in definitions]
    return "\n".join([body, "", *used]) if used else body


def with_alternative_texts(text: str) -> str:
    """``![](x){alt='words'}`` as ``![words](x)``; other attributes of an image have no meaning in a terminal and go."""

    def image(found: re.Match[str]) -> str:
        attributes = parse_attributes(found[3])
        if attributes is None:
            return found[0]
        words = one_spaced(attributes.values.get("alt", "")).replace("[", "\\[").replace("]", "\\]")
        return f"![{words or found[1]}]({found[2]})"

    return _IMAGE.sub(image, text) if "](" in text else text


def unquoted(lines: list[str]) -> list[str]:
    """The lines of a block quote without its ``>``."""
    return [re.sub(r"^ {0,3}> ?", "", line) for line in lines]


def _label(text: str) -> str:
    return one_spaced(text).casefold()
