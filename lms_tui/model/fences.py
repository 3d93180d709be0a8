"""Markdown cut at its ``:::`` boxes (fenced divs, as pandoc and The Carpentries Workbench write them).

A box opens with three or more colons and a name, attributes, or both: ``::: callout``, ``::: {.callout}``,
``::: callout {.warning #id key=value}``. Colons alone close the innermost open box, whatever their number. What looks like a box inside
a code fence is code.
"""

import re

from msgspec import Struct

from lms_tui.model.attributes import MAX_LENGTH, Attributes, parse_attributes

MAX_DEPTH = 20

_CODE_OPENING = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_COLONS = re.compile(r" {0,3}:{3,}(.*)")
_OPENING = re.compile(r"([^\s{}:][^\s{}]*)?\s*(\{.*\})?\s*:*$")


class Run(Struct, frozen=True, kw_only=True):
    """Markdown between boxes, unchanged; lines ``first_line`` to ``last_line``, 1-based and inclusive."""

    text: str
    first_line: int
    last_line: int


class Box(Struct, frozen=True, kw_only=True):
    """A box: ``name`` is its bare name or first class, ``classes`` the others. Its lines include its own colons."""

    name: str
    first_line: int
    last_line: int
    classes: tuple[str, ...] = ()
    id: str = ""
    attributes: dict[str, str] = {}
    words: tuple[str, ...] = ()
    children: tuple["Piece", ...] = ()
    closed: bool = True


Piece = Run | Box


class FenceWarning(Struct, frozen=True, kw_only=True):
    """What is odd at a line (1-based)."""

    line: int
    message: str


class Fenced(Struct, frozen=True, kw_only=True):
    """Pieces in order: every line of the text is in exactly one run, or is the opening or closing line of one box."""

    pieces: tuple[Piece, ...]
    warnings: tuple[FenceWarning, ...] = ()


class CodeFence:
    """Whether a line, read in order, is in a code fence (its own two lines included): CommonMark 0.31, section 4.5."""

    def __init__(self) -> None:
        self._mark = ""

    @property
    def open(self) -> bool:
        """Whether a fence has begun and not ended."""
        return bool(self._mark)

    def takes(self, line: str) -> bool:
        """Reads the next line; True when it is code or one of the two lines around it."""
        if self._mark:
            bare = line.rstrip(" \t")
            marks = bare.lstrip(" ")
            if len(marks) >= len(self._mark) and len(bare) - len(marks) <= 3 and set(marks) == {self._mark[0]}:
                self._mark = ""
            return True
        opening = _CODE_OPENING.match(line)
        if opening:
            self._mark = opening[1] or opening[2]
        return opening is not None


class _Open:
    """A box that is being read (or the page itself): what it is made of so far."""

    def __init__(self, line: int, box: Box | None = None) -> None:
        self.line = line
        self.box = box
        self.pieces: list[Piece] = []
        self._lines: list[str] = []
        self._from = 0

    def add(self, number: int, line: str) -> None:
        if not self._lines:
            self._from = number
        self._lines.append(line)

    def end_run(self) -> None:
        if self._lines:
            last = self._from + len(self._lines) - 1
            self.pieces.append(Run(text="\n".join(self._lines), first_line=self._from, last_line=last))
            self._lines = []

    def closed_at(self, number: int, *, closed: bool = True) -> Box:
        self.end_run()
        assert self.box is not None
        box = self.box
        return Box(
            name=box.name, first_line=self.line, last_line=number, classes=box.classes, id=box.id,
            attributes=box.attributes, words=box.words, children=tuple(self.pieces), closed=closed,
        )  # fmt: skip


def parse(text: str) -> Fenced:
    """The boxes and the runs of a page. Never fails: a box without an end closes at the end of the text, with a warning.

    Boxes deeper than 20 stay in the text of the twentieth. A closing line with nothing to close stays in the text.
    """
    stack = [_Open(0)]
    warnings: list[FenceWarning] = []
    code = CodeFence()
    too_deep = 0
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        top = stack[-1]
        colons = None if code.takes(line) else _COLONS.match(line)
        rest = colons[1].strip() if colons else ""
        if colons is None:
            top.add(number, line)
        elif not rest and too_deep:
            too_deep -= 1
            top.add(number, line)
        elif not rest and len(stack) > 1:
            stack.pop()
            stack[-1].pieces.append(top.closed_at(number))
        elif not rest:
            warnings.append(FenceWarning(line=number, message="':::' closes nothing"))
            top.add(number, line)
        elif (box := _opening(rest, number)) is None:
            top.add(number, line)
        elif len(stack) > MAX_DEPTH:
            if not too_deep:
                warnings.append(FenceWarning(line=number, message=f"boxes are nested more than {MAX_DEPTH} deep"))
            too_deep += 1
            top.add(number, line)
        else:
            top.end_run()
            stack.append(_Open(number, box))
    while len(stack) > 1:
        top = stack.pop()
        warnings.append(FenceWarning(line=top.line, message=f"the box '{top.box.name if top.box else ''}' is never closed"))
        stack[-1].pieces.append(top.closed_at(len(lines), closed=False))
    stack[0].end_run()
    return Fenced(pieces=tuple(stack[0].pieces), warnings=tuple(warnings))


def _opening(rest: str, line: int) -> Box | None:
    match = _OPENING.match(rest) if len(rest) <= MAX_LENGTH else None
    if match is None or not (match[1] or match[2]):
        return None
    found = parse_attributes(match[2]) if match[2] else Attributes()
    if found is None:
        return None
    names = [*([match[1]] if match[1] else []), *found.classes]
    words = found.words
    if not names and words:  # ``:::{note}``, as MyST writes it
        names, words = [words[0]], words[1:]
    return Box(
        name=names[0] if names else "", first_line=line, last_line=line, classes=tuple(names[1:]), id=found.id,
        attributes=found.values, words=words,
    )  # fmt: skip
