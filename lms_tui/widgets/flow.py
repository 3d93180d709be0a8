"""A page's pieces as one column of lines: heights are guessed until a piece comes near and is laid out."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from lms_tui.views.document import Document
from lms_tui.widgets.lines import Line
from lms_tui.widgets.rendering import Laid, lay_out

ABOVE = 1  # blank lines above the first piece
_KEPT = 200  # pieces whose lines are kept


class Anchor(NamedTuple):
    """A line by what it shows: a leaf of a piece, ``offset`` characters into it, or ``before`` blank lines above it.

    ``same`` tells lines of blanks alone apart: how many lines with that offset stand above it.
    """

    piece: int
    leaf: int
    offset: int = 1
    before: int = 0
    same: int = 0


class Flow:
    """Where each line of a document stands at a width. Lines are counted from 0."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.width = 80
        self._heights: list[int] = []
        self._tops: list[int] = []
        self._known: set[int] = set()
        self._laid: dict[int, Laid] = {}
        self._turned: dict[int, frozenset[int]] = {}
        self._answered: frozenset[str] = frozenset()
        self.resize(self.width)

    def resize(self, width: int) -> None:
        """Forgets what was laid out, for another width."""
        self.width = width
        self._heights = [self.document.height(index, width) for index in range(len(self.document))]
        self._tops = []
        self._known.clear()
        self._laid.clear()

    @property
    def height(self) -> int:
        """All lines, known and guessed."""
        return self.top(len(self._heights))

    def top(self, piece: int) -> int:
        """The first line of a piece."""
        if not self._tops:
            self._tops = list(accumulate(self._heights, initial=ABOVE))
        return self._tops[piece]

    def piece_at(self, y: int) -> tuple[int, int]:
        """The piece that a line is in, and its number there; the first piece for the lines above it."""
        self.top(0)
        piece = max(0, min(bisect_right(self._tops, y) - 1, len(self._heights) - 1))
        return piece, max(0, y - self._tops[piece])

    def laid(self, piece: int) -> Laid:
        """A piece laid out; its height is known from now on."""
        found = self._laid.pop(piece, None)
        if found is None:
            found = lay_out(self.document.blocks(piece), self.width, self._turned.get(piece, frozenset()), self._answered)
            if len(self._laid) >= _KEPT:
                del self._laid[next(iter(self._laid))]
        self._laid[piece] = found
        self._known.add(piece)
        if self._heights[piece] != len(found.lines):
            self._heights[piece] = len(found.lines)
            self._tops = []
        return found

    def known(self, piece: int) -> bool:
        """Whether a piece's height is no guess."""
        return piece in self._known

    def line(self, y: int) -> Line | None:
        """A line that is laid out, or None: above, below, or not yet."""
        if not self._heights:
            return None
        piece, inner = self.piece_at(y)
        if y < ABOVE or not self.known(piece):
            return None
        lines = self.laid(piece).lines
        return lines[inner] if inner < len(lines) else None

    def turn(self, piece: int, box: int) -> None:
        """Opens a folded box, or folds it again."""
        self._turned[piece] = self._turned.get(piece, frozenset()) ^ {box}
        self._laid.pop(piece, None)
        self.laid(piece)

    def answer(self, questions: frozenset[str]) -> bool:
        """The questions of these keys have answers; whether that was not known."""
        new = questions != self._answered
        if new:
            self._answered = questions
            self._laid.clear()
        return new

    def settle(self, piece: int, lines: int) -> None:
        """Lays out a piece, and around it at least as many lines as given above its top and below."""
        if not self._heights:
            return
        below = len(self.laid(piece).lines)
        index = piece
        above = 0
        while above < lines and index > 0:
            index -= 1
            above += len(self.laid(index).lines)
        index = piece
        while below < 2 * lines and index < len(self._heights) - 1:
            index += 1
            below += len(self.laid(index).lines)

    def anchor(self, y: int) -> Anchor:
        """What the line at ``y`` shows. Its piece is laid out for it, and a guess of the height is taken in proportion."""
        if not self._heights:
            return Anchor(0, 0)
        piece, inner = self.piece_at(y)
        guessed = self._heights[piece]
        lines = self.laid(piece).lines
        if guessed != len(lines):
            inner = inner * len(lines) // max(1, guessed)
        if y < ABOVE:
            return Anchor(piece, 0, before=ABOVE - y)
        at = next((number for number in range(inner, len(lines)) if lines[number].leaf >= 0), None)
        if at is None:
            if piece + 1 < len(self._heights):
                return Anchor(piece + 1, 0, before=len(lines) - inner)
            at = max((number for number in range(len(lines)) if lines[number].leaf >= 0), default=-1)
            if at < 0:
                return Anchor(piece, 0)
        offsets = _offsets(lines)
        first = next(number for number in range(at + 1) if lines[number].leaf == lines[at].leaf and offsets[number] == offsets[at])
        return Anchor(piece, lines[at].leaf, offsets[at], at - inner, at - first)

    def y_of(self, anchor: Anchor) -> int:
        """The line that shows what an anchor says."""
        if not self._heights:
            return 0
        lines, at, same = self.laid(anchor.piece).lines, 0, 0
        for number, (line, offset) in enumerate(zip(lines, _offsets(lines), strict=True)):
            if line.leaf > anchor.leaf or (line.leaf == anchor.leaf and offset > anchor.offset):
                break
            if line.leaf == anchor.leaf and offset == anchor.offset:
                same += 1
            if line.leaf >= 0 and same <= anchor.same + 1:
                at = number
        return max(0, self.top(anchor.piece) + at - anchor.before)


def _offsets(lines: tuple[Line, ...]) -> list[int]:
    """For each line how many letters and line breaks of its leaf stand before it; blanks differ with the width and are not counted."""
    offsets: list[int] = []
    leaf, count = -1, 0
    for line in lines:
        if line.leaf >= 0 and line.leaf != leaf:
            leaf, count = line.leaf, 0
        count += line.glue == "\n"
        offsets.append(count)
        count += sum(len(part.text) - part.text.count(" ") for part in line.body)
    return offsets
