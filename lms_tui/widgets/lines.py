"""Lines of a page: text with names of looks ("inks") instead of colours, so that a change of theme draws them anew without laying out."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from rich.cells import cell_len, chop_cells

Ink = tuple[str, ...]

NO_STOP = -1
MIN_WIDTH = 8

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
_NEVER_FIRST = "、。，．：；！？」』）】》〉］｝ー々"  # a line does not begin with these
_JOINING = "[\u0600-\u109f\u1780-\u18af\ua800-\uabff\U00011000-\U00011fff]"  # scripts in which a joiner changes letters, not widths
_UNSTEADY = re.compile(f"[\u200b\ufe00-\ufe0f]|(?<!{_JOINING})\u200d|\u200d(?!{_JOINING})")
_TOKEN = re.compile(rf"\n|[ \t\r]+|[{_WIDE}][{_NEVER_FIRST}]*|[^\s{_WIDE}]+|\s")


class Part(NamedTuple):
    """Text of one look. ``stop`` is the number of the stop that it belongs to, in its piece."""

    text: str
    ink: Ink = ()
    stop: int = NO_STOP


Parts = tuple[Part, ...]


class Line(NamedTuple):
    """A line: what stands at its left (marks, bars), its text, the leaf it belongs to (-1: none), and what the break before it replaced."""

    lead: Parts
    body: Parts
    leaf: int = -1
    glue: str = "\n"


class Stop(NamedTuple):
    """Where Tab stops: lines ``line`` to ``last`` of a piece. ``target`` is an address, code, a question's key, or nothing."""

    kind: Literal["link", "code", "box", "question"]
    line: int
    last: int
    target: str
    box: int = -1


class Broken(NamedTuple):
    """A line that wrapping made, and what stood at the break before it: a blank, nothing, or a line break."""

    parts: Parts
    glue: str


def steady(text: str) -> str:
    """Text without what terminals measure differently: joined emoji stand beside each other, and none asks for another form."""
    return text if text.isascii() else _UNSTEADY.sub("", text)


def width_of(parts: Iterable[Part]) -> int:
    """The cells that parts fill."""
    return sum(cell_len(part.text) for part in parts)


def wrap(parts: Iterable[Part], width: int) -> list[Broken]:
    """Parts broken at blanks, and between wide characters, into lines of at most ``width`` cells (at least 2)."""
    wrapper = _Wrapper(max(2, width))
    for part in parts:
        for token in _TOKEN.findall(part.text):
            wrapper.take(token, part)
    return wrapper.finish()


class _Wrapper:
    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[Broken] = []
        self._line: list[Part] = []
        self._used = 0
        self._blank: Part | None = None
        self._word: list[Part] = []
        self._word_width = 0
        self._glue = "\n"

    def take(self, token: str, part: Part) -> None:
        if token == "\n":
            self._end_word()
            self._break("\n")
        elif token.isspace() and token != "\u00a0":
            self._end_word()
            if self._line:
                self._blank = Part(" ", part.ink, part.stop)
        else:
            wide = cell_len(token[0]) == 2
            if wide:
                self._end_word()
            self._word.append(Part(token, part.ink, part.stop))
            self._word_width += cell_len(token)
            if wide:
                self._end_word()

    def finish(self) -> list[Broken]:
        self._end_word()
        if self._line or not self._lines:
            self._break("")
        return self._lines

    def _end_word(self) -> None:
        if not self._word:
            return
        blank = 1 if self._blank else 0
        if self._line and self._used + blank + self._word_width > self._width:
            self._break(" " if blank else "")
        elif self._blank is not None:
            self._line.append(self._blank)
            self._used += 1
        self._blank = None
        if self._word_width > self._width:
            self._split_word()
        self._line.extend(self._word)
        self._used += self._word_width
        self._word, self._word_width = [], 0

    def _split_word(self) -> None:
        """Fills lines with a word that is wider than one; the rest stays as the word."""
        for part in self._word:
            for chunk in _chopped(part.text, self._width):
                cells = cell_len(chunk)
                if self._used + cells > self._width:
                    self._break("")
                self._line.append(Part(chunk, part.ink, part.stop))
                self._used += cells
        self._word, self._word_width = [], 0

    def _break(self, glue: str) -> None:
        self._lines.append(Broken(_joined(self._line), self._glue))
        self._line, self._used, self._blank, self._glue = [], 0, None, glue


def _joined(parts: list[Part]) -> Parts:
    """Neighbours of one look as one part."""
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1][1:] == part[1:]:
            joined[-1] = Part(joined[-1].text + part.text, part.ink, part.stop)
        else:
            joined.append(part)
    return tuple(joined)


def chop(parts: Iterable[Part], width: int) -> Iterator[Parts]:
    """Parts in pieces of exactly at most ``width`` cells, with every blank kept: for code."""
    line: list[Part] = []
    used = 0
    for part in parts:
        if used + cell_len(part.text) <= width:
            line.append(part)
            used += cell_len(part.text)
            continue
        for chunk in _chunks(part.text, width - used, width):
            if line and used + cell_len(chunk) > width:
                yield tuple(line)
                line, used = [], 0
            line.append(Part(chunk, part.ink, part.stop))
            used += cell_len(chunk)
    yield tuple(line)


def _chunks(text: str, first: int, width: int) -> Iterator[str]:
    if first > 0:
        head = _chopped(text, first)[0]
        if cell_len(head) <= first:
            yield head
            text = text[len(head) :]
    if text:
        yield from _chopped(text, width)


def _chopped(text: str, width: int) -> list[str]:
    """Rich leaves out a text that fills no cell: a mark or a joiner that has lost its letter."""
    return chop_cells(text, width) or [text]
