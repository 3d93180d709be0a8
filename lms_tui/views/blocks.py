"""What a page is made of, as plain data: blocks that stand below each other, and spans of text that run in lines."""

from collections.abc import Iterator
from itertools import chain
from typing import Literal

from msgspec import Struct

from lms_tui.model.text import one_spaced

Mark = Literal["code", "emphasis", "html", "image", "key", "strike", "strong"]
Align = Literal["left", "center", "right"]

MAX_DEPTH = 20

_LABELS = {"prereq": "Prerequisite", "prerequisite": "Prerequisite", "keypoints": "Key points", "details": "More", "tab": "Tab"}


class Span(Struct, frozen=True):
    """Text of one look. ``marks`` are sorted; a newline is a hard line break; ``href`` is where a link leads, or empty."""

    text: str
    marks: tuple[Mark, ...] = ()
    href: str = ""


Spans = tuple[Span, ...]


class Heading(Struct, frozen=True, tag="heading"):
    """A heading of level 1 to 6."""

    level: int
    spans: Spans


class Paragraph(Struct, frozen=True, tag="paragraph"):
    """Running text. An image is a span marked ``image`` whose text is its alternative text."""

    spans: Spans


class Code(Struct, frozen=True, tag="code"):
    """Code as it was written, without its last newline; ``language`` is the first info word, in lower case, or empty."""

    language: str
    text: str


class Rule(Struct, frozen=True, tag="rule"):
    """A line between two parts."""


class Html(Struct, frozen=True, tag="html"):
    """Source that is not converted and is shown as it was written."""

    text: str


class Table(Struct, frozen=True, tag="table"):
    """A table; every row has as many cells as ``align``."""

    align: tuple[Align, ...]
    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


class Item(Struct, frozen=True, tag="item"):
    """An item of a list; ``checked`` is None where it is no task."""

    blocks: tuple["Block", ...]
    checked: bool | None = None


class ListBlock(Struct, frozen=True, tag="list"):
    """A list: ``start`` is the first number of an ordered one, None of a bulleted one. A tight one has no blank lines inside."""

    items: tuple[Item, ...]
    start: int | None = None
    tight: bool = True


class Quote(Struct, frozen=True, tag="quote"):
    """A quotation."""

    blocks: tuple["Block", ...]


class Box(Struct, frozen=True, tag="box"):
    """A titled box. ``kind`` is its name in lower case; a folded one hides its blocks until it is opened.

    Of kind ``question`` it stands where the question with ``key`` is asked, and has no blocks.
    """

    kind: str
    title: Spans
    blocks: tuple["Block", ...]
    folded: bool = False
    key: str = ""


Block = Heading | Paragraph | Code | Rule | Html | Table | ListBlock | Quote | Box
Blocks = tuple[Block, ...]


def plain(spans: Spans) -> str:
    """The text of spans alone."""
    return "".join(span.text for span in spans)


def label(box: Box) -> str:
    """The word for a kind of box: ``callout`` is ``Callout``."""
    return _LABELS.get(box.kind) or box.kind.replace("-", " ").replace("_", " ").capitalize() or "Note"


def heading_of(box: Box) -> str:
    """A box's kind and title as one line, without saying the same word twice."""
    name, title = label(box), one_spaced(plain(box.title))
    return name if not title or title.casefold() == name.casefold() else f"{name}: {title}"


def leaves(blocks: Blocks) -> Iterator[str]:
    """The paragraphs of blocks as text, in order and with what is folded: each is one place where a reader can be.

    A leaf is a heading, a paragraph, a block of code or HTML, a rule, a row of a table, or the title of a box.
    """
    for block in blocks:
        match block:
            case Heading(_, spans) | Paragraph(spans):
                yield plain(spans)
            case Code(_, text) | Html(text):
                yield text
            case Rule():
                yield ""
            case Table(_, head, rows):
                yield from (" ".join(map(plain, row)) for row in (head, *rows))
            case ListBlock(items):
                yield from chain.from_iterable(leaves(item.blocks) for item in items)
            case Quote(inner):
                yield from leaves(inner)
            case Box():
                yield heading_of(block)
                yield from leaves(block.blocks)
