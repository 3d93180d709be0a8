"""A page's Markdown cut where a cut changes nothing, so that each piece can be parsed when it comes near.

A piece ends at a blank line before a line that stands at the margin and cannot go on with a list, outside code fences and HTML. Where a
line's meaning hangs on what a list made of the lines before it, the parser itself is asked.

Where no such place comes for ``MAX_PIECE`` characters, as no author writes, a piece ends all the same: a list goes on as another list, a
paragraph as another paragraph, and the head of a table is repeated, unless it is vast. A box of more than ``MAX_BOX`` goes on as
another box. Whole fences, elements, inner boxes and lines are never cut.
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from lms_tui.model.fences import Box, CodeFence, Run, parse
from lms_tui.views.markdown import ELEMENT, element_end, open_elements, parser

MIN_PIECE = 1000  # characters
MAX_PIECE = 20_000  # more than twice the longest in any real course that was tried
MAX_BOX = 60_000

_ASKING = 4  # the parser is asked about at most so many times the text between two cuts

_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})")
_MARKED_FENCE = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)+(?:```|~~~|<)")
_RAW = re.compile(r"\s*<(?:(script|pre|style|textarea)(?=[\s>]|$)|(!--)|\?|![A-Za-z]|!\[CDATA\[)", re.IGNORECASE)
_RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_UNDER_HEAD = re.compile(r"(?=[^|]*\|)[-:|][-:| \t]+")
_DEFINITION = re.compile(r" {0,3}\[[^\]]{1,999}\]:")


class Source(Struct, frozen=True, kw_only=True):
    """A piece: Markdown without boxes, or one box. ``start`` is where it begins, in characters of the page.

    The content of a table that was cut begins with the table's head, which stands further up.
    """

    start: int
    length: int
    content: str | Box


def cut(text: str) -> tuple[Source, ...]:
    """The pieces of a page, in order."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    pieces: list[Source] = []
    for part in parse(text).pieces:
        first, last = part.first_line - 1, part.last_line
        if isinstance(part, Box):
            for box in _cut_box(lines, starts, part):
                first, last = box.first_line - 1, box.last_line
                pieces.append(Source(start=starts[first], length=starts[last] - starts[first], content=box))
            continue
        for begin, end, head in _cut_run(lines, first, last):
            content = _content(lines, begin, end, head)
            pieces.append(Source(start=starts[begin], length=starts[end] - starts[begin], content=content))
    return tuple(pieces)


def definitions(text: str) -> dict[str, dict[str, str]]:
    """The link reference definitions of a page, wherever they stand outside code, as the parser keeps them."""
    if "]:" not in text:
        return {}
    env: dict[str, dict[str, dict[str, str]]] = {}
    code = CodeFence()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not code.takes(line) and "]:" in line and _DEFINITION.match(line):
            parser().parse("\n".join(lines[number : number + 3]), env)
    return env.get("references", {})


def _content(lines: list[str], begin: int, end: int, head: int) -> str:
    return "\n".join(lines[head : head + 2] + lines[begin:end] if head >= 0 else lines[begin:end])


def _cut_box(lines: list[str], starts: list[int], box: Box) -> list[Box]:
    """A box, or several that hold the same when it is vast, which mostly means that it was never closed."""
    if starts[box.last_line] - starts[box.first_line - 1] <= MAX_BOX or box.name.casefold() == "question":
        return [box]
    children: list[Run | Box] = []
    for child in box.children:
        if isinstance(child, Box):
            children.append(child)
            continue
        for begin, end, head in _cut_run(lines, child.first_line - 1, child.last_line):
            children.append(Run(text=_content(lines, begin, end, head), first_line=begin + 1, last_line=end))
    groups: list[list[Run | Box]] = [[]]
    for child in children:
        if groups[-1] and starts[child.last_line] - starts[groups[-1][0].first_line - 1] > MAX_PIECE:
            groups.append([])
        groups[-1].append(child)
    firsts = [box.first_line, *(group[0].first_line for group in groups[1:])]
    lasts = [*(first - 1 for first in firsts[1:]), box.last_line]
    return [
        replace(box, children=tuple(group), first_line=first, last_line=last)
        for group, first, last in zip(groups, firsts, lasts, strict=True)
    ]


def _cut_run(lines: list[str], first: int, last: int) -> list[tuple[int, int, int]]:
    """Where each piece begins and ends, and where the head of the table that it goes on with stands (-1: it does not)."""
    scan = _Scan(lines, first, last)
    while scan.at < last:
        scan.step()
    ends = [*scan.cuts[1:], last]
    return [(begin, end, scan.heads.get(begin, -1)) for begin, end in zip(scan.cuts, ends, strict=True) if begin < end]


class _Scan:
    """Reads lines from ``at``. ``doubtful``: since the last cut something stood that only the parser can tell."""

    def __init__(self, lines: list[str], first: int, last: int) -> None:
        self.cuts = [first]
        self.heads: dict[int, int] = {}  # of tables that were cut, by the line of the cut
        self.at = first
        self._head = -1
        self._lines = lines
        self._last = last
        self._size = 0
        self._asked = 0
        self._listed = False
        self._after_blank = True
        self._tagged = False
        self._doubtful = False

    def step(self) -> None:
        """Reads a line, or a whole fence or element."""
        line = self._lines[self.at]
        begin = self.at
        if not line or line.isspace():
            self._after_blank, self._tagged, self._head = True, False, -1
        else:
            marked = _MARKER.match(line) is not None
            if self._after_blank and self._size >= MIN_PIECE and line[0] not in " \t" and not (marked and self._listed):
                self._try_cut()
            if self._size >= MAX_PIECE and (line[0] not in " \t" or self._size >= 2 * MAX_PIECE):
                self._cut_all_the_same()
            self._note_table(line)
            self._listed = self._listed or marked
            if not self._doubtful:
                self._read(line)
            self._after_blank = False
        self.at = max(self.at, begin + 1)
        self._size += sum(len(self._lines[number]) + 1 for number in range(begin, self.at))

    def _try_cut(self) -> None:
        if self._doubtful and not self._confirmed():
            return
        self._cut()

    def _cut(self) -> None:
        self.cuts.append(self.at)
        self._size = self._asked = 0
        self._tagged = self._doubtful = self._listed = False

    def _cut_all_the_same(self) -> None:
        self._cut()
        if self._head < 0:
            return
        head = "\n".join(self._lines[self._head : self._head + 2])
        if len(head) <= MAX_PIECE // 4 and (tokens := parser().parse(head)) and tokens[0].type == "table_open":
            self.heads[self.at] = self._head
        else:
            self._head = -1

    def _note_table(self, line: str) -> None:
        """Keeps where the head of a table seems to stand that the next line may go on with."""
        if "|" not in line:
            self._head = -1
        elif self._head < 0 and self.at > self.cuts[-1] and line[0] in "|:-" and _UNDER_HEAD.fullmatch(line):
            self._head = self.at - 1

    def _confirmed(self) -> bool:
        """Whether the parser begins a block here. After many a no it is asked again only when there is much more."""
        if self._asked > _ASKING * self._size:
            return False
        self._asked += self._size
        lines = self._lines[self.cuts[-1] : self.at + 1]
        if open_elements(lines[:-1]):  # whether they close later changes what they are
            return False
        tokens = parser().parse("\n".join(lines))
        return any(token.map is not None and token.map[0] == self.at - self.cuts[-1] and token.level == 0 for token in tokens)

    def _read(self, line: str) -> None:
        bare = line.lstrip()
        tagged, self._tagged = self._tagged, self._tagged or bare[0] == "<"
        if fence := _FENCE.match(line):
            self._doubtful = tagged
            self._pass_fence(fence[1], fence[2])
        elif bare[0] == "<" and ELEMENT.match(bare):
            end = None if tagged or line[0] != "<" else element_end(self._lines, self.at, self._last)
            self._doubtful = end is None
            self.at, self._tagged = end or self.at, end is None
        elif raw := _RAW.match(line):
            self._pass_raw(raw, certain=line[0] == "<" and not tagged)
        elif _MARKED_FENCE.match(line):
            self._doubtful = True

    def _pass_raw(self, raw: re.Match[str], *, certain: bool) -> None:
        """Goes behind HTML that blank lines do not end."""
        end = _RAW_END if raw[1] else re.compile("-->" if raw[2] else ">")
        if end.search(raw.string, raw.end()):
            return
        if not certain or not (raw[1] or raw[2]):
            self._doubtful = True
            return
        numbers = range(self.at + 1, self._last)
        self.at = next((number + 1 for number in numbers if end.search(self._lines[number])), self._last)
        self._tagged = False

    def _pass_fence(self, indent: str, mark: str) -> None:
        """Goes behind a code fence. An indented one is the same in every reading when nothing inside stands further left."""
        for number in range(self.at + 1, self._last):
            line = self._lines[number]
            bare = line.strip(" \t")
            if not bare:
                continue
            if indent and not line.startswith(indent):
                self._doubtful = True
                return
            if bare[0] == mark[0] and len(bare) >= len(mark) and set(bare) == {mark[0]}:
                margin = len(line) - len(line.lstrip(" \t"))
                if margin == len(indent) or (not indent and margin <= 3 and line[0] != "\t"):
                    self.at = number + 1
                    return
                self._doubtful = self._doubtful or bool(indent)
        self._doubtful = self._doubtful or bool(indent)
        self.at = self._last
