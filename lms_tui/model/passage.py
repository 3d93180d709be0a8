"""What of a page is searched: the words that a reader sees; and what is shown of it, with the matches marked.

The database has a twin of ``shown``, in migrations/sql/0011_search.sql; a test holds them together.
"""

import re
from collections.abc import Iterator

from lms_tui.model.course import Section, SectionType

OPEN, CLOSE = "\ue000", "\ue001"  # of the private use area; taken out of what is searched, so that no content can forge a mark
MAX_CHARACTERS = 100_000  # of a page; what comes after is not searched
FOLDED_KINDS = frozenset({"solution", "hint", "spoiler", "details", "answer", "explanation", "instructor"})
"""The boxes that hide what is in them until they are opened: an answer is not given away by a search."""

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a match."""

_SIGNS, _STAND_INS = "<>[]()*_~!`|", "\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue00a\ue00b\ue00c\ue00d"
_KEPT = str.maketrans(_SIGNS, _STAND_INS)  # the signs of code, while markup is taken out around it
_BACK = str.maketrans(_STAND_INS, _SIGNS)
_NOT_SEARCHED = str.maketrans("", "", f"\r\x01{OPEN}{CLOSE}{_STAND_INS}")

_KINDS = "|".join(sorted(FOLDED_KINDS))
_CODE = re.compile(r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,3}[.)][ \t])*(`{3,}|~{3,}(?!~))[^`]*$")
_BOX = re.compile(r"[^ \t{}:]*(?:[ \t]*\{.*\})?$")
_FOLDED_BOX = re.compile(rf"(\{{?\.?|\{{[^{{}}]*[ \t]\.)({_KINDS})([^A-Za-z0-9_-]|$)", re.IGNORECASE | re.ASCII)
_FOLDED_QUOTE = re.compile(rf"[ \t]*>[ \t]*\[!({_KINDS})\]", re.IGNORECASE | re.ASCII)
_BELOW_HEAD = re.compile(r"[ \t>]*(?:\|[ \t]*)?:?--[-:| \t]*$")
_BEGINNING = re.compile(r"^([ \t]*(#{1,6}|>|[-*+]|[0-9]{1,3}[.)])[ \t]+)+")
_MARKUP = (
    (re.compile(r"</?[A-Za-z][^<>]{0,250}>"), " "),
    (re.compile(r"\]\([^() \t\n\f\v]*( \"[^\"]*\")?\)(\{[^{}]*\})?"), ""),  # where a link leads
    (re.compile(r"\[\[[0-9]{1,3}\]\]"), "…"),  # the gap of a question
    (re.compile(r"\*\*|__|~~|!?\[|\]|`"), ""),
    (re.compile(r"[ \t\n\f\v]+"), " "),
)


def shown(markdown: str) -> str:
    """A text's words, without the markup that is cheap to find, and without our marks. Code keeps all its signs."""
    lines = markdown.translate(_NOT_SEARCHED)[:MAX_CHARACTERS].split("\n")
    text = _without_comments("\n".join(_Page().read(lines)))
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text.strip(" ").translate(_BACK)


class _Page:
    """A page read line by line: what is code, what is folded, and what is a table's."""

    def __init__(self) -> None:
        self._fence = ""
        self._quoted = False  # the code stands in a quotation
        self._boxes = 0  # how deep in a folded box
        self._details = 0
        self._folded_quote = False
        self._table = False

    def read(self, lines: list[str]) -> Iterator[str]:
        """The lines that are shown, as prose; in code the signs of markup have stand-ins."""
        for line, below in zip(lines, [*lines[1:], ""], strict=True):
            seen = self._code(line) if self._fence else self._prose(line, below)
            if seen and not (self._boxes or self._details or self._folded_quote):
                yield seen

    def _code(self, line: str) -> str:
        bare = line.strip(" \t>")
        if len(bare) >= len(self._fence) and bare == len(bare) * self._fence[0]:
            self._fence = ""
            return ""
        return (re.sub(r"^[ \t]*> ?", "", line) if self._quoted else line).translate(_KEPT)

    def _prose(self, line: str, below: str) -> str:
        bare = line.strip(" \t>")
        if self._opens_or_closes(line):
            self._table = False
            return ""
        if not bare or _BELOW_HEAD.match(line):
            self._table = bool(bare) and "|" in bare
            return ""
        if "|" in bare and (self._table or bare[0] == "|" or bare[-1] == "|" or ("|" in below and _BELOW_HEAD.match(below))):
            line = line.replace("\\|", _STAND_INS[-1]).replace("|", " ")
        return _with_code(_BEGINNING.sub(" ", line))

    def _opens_or_closes(self, line: str) -> bool:
        """Whether a line is one around code or a box, or around what is folded; takes note of it."""
        self._folded_quote = self._folded_quote and line.lstrip(" \t").startswith(">")
        if code := _CODE.match(line):
            self._fence, self._quoted = code[1], line.lstrip(" \t").startswith(">")
            return True
        box = line.strip(" \t:")
        folded = _FOLDED_BOX.match(box)
        if line.lstrip(" \t").startswith(":::") and (folded or _BOX.match(box)):
            if self._boxes or folded:
                self._boxes += 1 if box else -1
            return True
        if _FOLDED_QUOTE.match(line):
            self._folded_quote = True
            return True
        return "<" in line and self._is_around_details(line.lower())

    def _is_around_details(self, line: str) -> bool:
        if not self._details and not line.lstrip(" \t>").startswith("<details"):
            return False
        opened, closed = line.count("<details"), line.count("</details")
        self._details = max(0, self._details + opened - closed)
        return opened + closed > 0


def _with_code(line: str) -> str:
    """A line in which spans of code have stand-ins, and no backticks around them."""
    if "`" not in line:
        return line
    pieces = line.split("``")
    if len(pieces) % 2 == 0:
        return _with_short_code(line)
    return "".join(piece.translate(_KEPT) if number % 2 else _with_short_code(piece) for number, piece in enumerate(pieces))


def _with_short_code(text: str) -> str:
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return text
    return "".join(piece.translate(_KEPT) if number % 2 else piece for number, piece in enumerate(pieces))


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    for part in rest:
        _, end, after = part.partition("-->")
        first += f" {after}" if end else f"<!--{part}"
    return first


def of_section(section: Section) -> str:
    """What is searched of a section: its text, its transcript, and what is asked in it. Never an option, a hint, or a key;
    and of an ASSESSMENT not the questions either, which are not shown before it is begun."""
    parts = [section.body, section.video.transcript if section.video else ""]
    if section.type is not SectionType.ASSESSMENT:
        parts += [f"{question.title} {question.prompt}" for question in section.questions]
    return shown("\n\n".join(part for part in parts if part.strip()))


def marked(text: str) -> Marked:
    """A text with marks in it, as pieces."""
    pieces: list[tuple[str, bool]] = []
    for number, part in enumerate(re.split(f"[{OPEN}{CLOSE}]", text)):
        if part:
            pieces.append((part, number % 2 == 1))
    return tuple(pieces)
