"""A page of Markdown as pieces that become blocks when they are asked for."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from lms_tui.model.fences import Box as Fenced
from lms_tui.model.text import clean
from lms_tui.views.blocks import Blocks, Heading, leaves, plain
from lms_tui.views.parsing import block_of_box, blocks_of_markdown
from lms_tui.views.pieces import Source, cut, definitions

_KEPT = 256  # pieces whose blocks are kept
_BETWEEN = r"(?:[\s*_`~\\>\[]|\](?:\([^()\n]*\)|\[[^\[\]\n]*\])?)*"  # what may stand between two letters of a text that is shown


class Document:
    """A page. Cutting it is quick (a megabyte in some tens of milliseconds); parsing happens piece by piece.

    ``pieces`` are in order and give the same blocks as the whole would. ``parsed`` counts the pieces that were parsed.
    """

    def __init__(self, source: str) -> None:
        self.text = clean(source)
        self.pieces: tuple[Source, ...] = cut(self.text)
        self.parsed = 0
        self._definitions = definitions(self.text)
        self._starts = [piece.start for piece in self.pieces]
        self._blocks: dict[int, Blocks] = {}

    def __len__(self) -> int:
        return len(self.pieces)

    def blocks(self, index: int) -> Blocks:
        """The blocks of a piece."""
        found = self._blocks.pop(index, None)
        if found is None:
            self.parsed += 1
            content = self.pieces[index].content
            if isinstance(content, Fenced):
                found = (block_of_box(content, self._definitions),)
            else:
                found = blocks_of_markdown(content, self._definitions)
            if len(self._blocks) >= _KEPT:
                del self._blocks[next(iter(self._blocks))]
        self._blocks[index] = found
        return found

    def all_blocks(self) -> Iterator[Blocks]:
        """The blocks of every piece, in order."""
        return (self.blocks(index) for index in range(len(self.pieces)))

    def height(self, index: int, width: int) -> int:
        """A guess of the lines that a piece fills at a width, at least 1."""
        piece = self.pieces[index]
        lines = self.text.count("\n", piece.start, piece.start + piece.length)
        return max(1, lines // 2 + piece.length // max(1, width) // 2, piece.length // max(1, width))

    def source(self, index: int) -> str:
        """A piece as it was written."""
        piece = self.pieces[index]
        return self.text[piece.start : piece.start + piece.length]

    def piece_at(self, position: int) -> int:
        """The piece that holds a character of the page."""
        return max(0, bisect_right(self._starts, position) - 1)

    def pieces_with(self, words: str) -> Iterator[int]:
        """The pieces whose source may show a text: markup between its letters is passed over, letters' case does not count."""
        letters = [re.escape(letter) for letter in words if not letter.isspace()]
        if not letters:
            return
        pattern = re.compile(_BETWEEN.join(letters), re.IGNORECASE)
        position = 0
        while match := pattern.search(self.text, position):
            index = self.piece_at(match.start())
            yield index
            position = max(match.end(), self.pieces[index].start + self.pieces[index].length)

    def leaves(self, index: int) -> list[str]:
        """The paragraphs of a piece as text: see ``blocks.leaves``."""
        return list(leaves(self.blocks(index)))

    def heading(self, anchor: str) -> tuple[int, int] | None:
        """The piece and the leaf of the heading that ``#anchor`` names, by the rule of GitHub."""
        words = re.sub(r"[\W_]+", " ", anchor).strip()
        for index in self.pieces_with(words.split(" ")[0]) if words else ():
            leaf = 0
            for block in self.blocks(index):
                text = next(leaves((block,)), "")
                titled = isinstance(block, Heading) or not isinstance(self.pieces[index].content, str)
                if titled and _slug(plain(block.spans) if isinstance(block, Heading) else text.rpartition(": ")[2]) == anchor.casefold():
                    return index, leaf
                leaf += sum(1 for _ in leaves((block,)))
        return None


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.casefold()).strip().replace(" ", "-")
