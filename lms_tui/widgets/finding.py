"""Text found in lines that are laid out, over the breaks that wrapping made."""

import re
from typing import NamedTuple

from lms_tui.widgets.flow import Flow
from lms_tui.widgets.lines import Line


class Reach(NamedTuple):
    """A stretch of a line's body, in characters."""

    line: int
    start: int
    end: int


def pattern_of(text: str) -> re.Pattern[str] | None:
    """What finds a text whatever its letters' case and blanks, or None when there is nothing to find."""
    words = [re.escape(word) for word in text.split()]
    return re.compile(r"\s+".join(words), re.IGNORECASE) if words else None


def found_in(lines: tuple[Line, ...], pattern: re.Pattern[str]) -> list[tuple[Reach, ...]]:
    """Each match, in order, as the stretches of lines that it covers."""
    matches: list[tuple[Reach, ...]] = []
    first = 0
    while first < len(lines):
        last = first + 1
        while last < len(lines) and lines[last].leaf == lines[first].leaf:
            last += 1
        if lines[first].leaf >= 0:
            matches += _found_in_leaf(lines, first, last, pattern)
        first = last
    return matches


def _found_in_leaf(lines: tuple[Line, ...], first: int, last: int, pattern: re.Pattern[str]) -> list[tuple[Reach, ...]]:
    text, starts = "", []
    for number in range(first, last):
        if number > first:
            text += lines[number].glue
        starts.append(len(text))
        text += "".join(part.text for part in lines[number].body)
    found = []
    for match in pattern.finditer(text):
        reaches = []
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(text)
            if start < match.end() and match.start() < end:
                reaches.append(Reach(first + number, max(0, match.start() - start), match.end() - start))
        found.append(tuple(reaches))
    return found


class Finder:
    """Matches in a page, looked for as they are gone to. A box that hides a match is opened, unless boxes are to stay folded."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._pattern: re.Pattern[str] | None = None
        self._pieces: list[int] = []
        self._matches: dict[int, list[tuple[Reach, ...]]] = {}
        self._here: tuple[int, int] | None = None
        self._folded = True

    def look_for(self, text: str, *, folded: bool = True) -> None:
        """Begins to look for a text; an empty one ends it. ``folded``: in folded boxes, too."""
        self._folded = folded
        self._pattern = pattern_of(text)
        self._pieces = list(self._flow.document.pieces_with(text)) if self._pattern else []
        self._here = None
        self._matches.clear()

    def forget(self, piece: int | None = None) -> None:
        """Forgets where matches stand, in one piece or in all, because lines were laid out anew."""
        if piece is None:
            self._matches.clear()
        else:
            self._matches.pop(piece, None)

    def on_line(self, piece: int, line: int) -> list[tuple[int, int, bool]]:
        """What is found in a line: from, to, and whether it is the present match."""
        if self._pattern is None:
            return []
        return [
            (reach.start, reach.end, self._here == (piece, number))
            for number, match in enumerate(self._in_piece(piece))
            for reach in match
            if reach.line == line
        ]

    @property
    def here(self) -> tuple[int, tuple[Reach, ...]] | None:
        """The present match."""
        if self._here is None or self._here[1] >= len(self._in_piece(self._here[0])):
            return None
        return self._here[0], self._in_piece(self._here[0])[self._here[1]]

    def next(self, y: int) -> tuple[int, tuple[Reach, ...]] | None:
        """The match after the present one, or the first from line ``y`` on; after the last comes the first."""
        piece, inner = self._flow.piece_at(y)
        number = -1
        if self._here is not None:
            piece, number = self._here
        later = [index for index in self._pieces if index >= piece]
        for index in [*later, *(index for index in self._pieces if index <= piece)]:
            matches = self._opened(index)
            for at, match in enumerate(matches):
                beyond = at > number if self._here is not None else match[0].line >= inner
                if index != piece or beyond:
                    return self._go_to(index, at)
            number, inner = -1, 0  # met a second time, the piece counts from its beginning
        return None

    def previous(self, y: int) -> tuple[int, tuple[Reach, ...]] | None:
        """The match before the present one, or the last above line ``y``; before the first comes the last."""
        piece, inner = self._flow.piece_at(y)
        number = -1
        if self._here is not None:
            piece, number = self._here
        earlier = [index for index in reversed(self._pieces) if index <= piece]
        first = True
        for index in [*earlier, *(index for index in reversed(self._pieces) if index >= piece)]:
            matches = self._opened(index)
            for at in range(len(matches) - 1, -1, -1):
                beyond = at < number if self._here is not None else matches[at][0].line < inner
                if index != piece or beyond or not first:
                    return self._go_to(index, at)
            first = False
        return None

    def _go_to(self, piece: int, number: int) -> tuple[int, tuple[Reach, ...]]:
        self._here = piece, number
        return piece, self._in_piece(piece)[number]

    def _in_piece(self, piece: int) -> list[tuple[Reach, ...]]:
        assert self._pattern is not None
        if piece not in self._matches:
            self._matches[piece] = found_in(self._flow.laid(piece).lines, self._pattern)
        return self._matches[piece]

    def _opened(self, piece: int) -> list[tuple[Reach, ...]]:
        """The matches of a piece, after opening the boxes that hide some."""
        assert self._pattern is not None
        matches = self._in_piece(piece)
        folded = self._flow.laid(piece).folded if self._folded else ()
        while folded:
            box, *rest = folded
            self._flow.turn(piece, box)
            more = found_in(self._flow.laid(piece).lines, self._pattern)
            inside = [number for number in self._flow.laid(piece).folded if number > box and number not in rest]
            if len(more) > len(matches):
                matches = self._matches[piece] = more
                folded = (*inside, *rest)
            elif inside:
                folded = (*inside, *rest)
            else:
                self._flow.turn(piece, box)
                folded = tuple(rest)
        return matches
