"""A page as linear text: for ``read --plain``, screen readers and pipes. No colour, no boxes drawn, nothing folded."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from lms_tui.views.blocks import Block, Blocks, Box, Code, Heading, Html, ListBlock, Paragraph, Quote, Rule, Spans, Table, heading_of, plain
from lms_tui.views.document import Document

_LEAST = 20  # characters: a narrower width is not kept to


def plain_lines(document: Document, width: int) -> Iterator[str]:
    """The lines of a page, wrapped at a width in characters. Code is not wrapped.

    Headings have the ``#`` of their level, images are ``[Image: text]``, links are followed by their address, a table is one line
    for each cell with the name of its column, and a box begins and ends with a line that names it.
    """
    first = True
    for blocks in document.all_blocks():
        for block in blocks:
            if not first:
                yield ""
            first = False
            yield from _block(block, max(_LEAST, width))


def text_of(spans: Spans) -> str:
    """Spans as text that says what their look said."""
    written: list[str] = []
    for number, span in enumerate(spans):
        text = span.text
        if "image" in span.marks:
            text = f"[Image: {text}]"
        elif "key" in span.marks:
            text = f"[{text}]"
        elif "code" in span.marks:
            text = f"`{text}`"
        elif "strike" in span.marks:
            text = f"~~{text}~~"
        written.append(text)
        ends = number + 1 == len(spans) or spans[number + 1].href != span.href
        if span.href and ends and span.href not in (plain((span,)), f"mailto:{span.text}"):
            written.append(f" ({span.href})")
    return "".join(written)


def _block(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading(level, spans):
            yield from _wrapped("#" * level + " " + text_of(spans), width)
        case Paragraph(spans):
            yield from _wrapped(text_of(spans), width)
        case Code():
            yield from _code(block)
        case Html(text):
            yield from text.split("\n")
        case Rule():
            yield "---"
        case Table():
            yield from _table(block, width)
        case ListBlock():
            yield from _list(block, width)
        case Quote(blocks):
            yield from _indented(_stacked(blocks, width - 2), "> ", "> ")
        case Box():
            yield from _box(block, width)


def _stacked(blocks: Blocks, width: int, *, tight: bool = False) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if number and not tight:
            yield ""
        yield from _block(block, width)


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        yield from wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def _indented(lines: Iterable[str], first: str, rest: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (f"{rest}{line}" if number else f"{first}{line}").rstrip()


def _code(code: Code) -> Iterator[str]:
    if code.language:
        yield f"[{code.language}]"
    yield from _indented(code.text.split("\n"), "    ", "    ")


def _table(table: Table, width: int) -> Iterator[str]:
    names = [text_of(cell) for cell in table.head]
    if not table.rows:
        yield from _wrapped("; ".join(names), width)
    for number, row in enumerate(table.rows, 1):
        yield f"Row {number} of {len(table.rows)}"
        for name, cell in zip(names, row, strict=True):
            text = text_of(cell).replace("\n", " ")
            yield from _indented(_wrapped(f"{name}: {text}" if name else text, width - 4), "  ", "    ")


def _list(block: ListBlock, width: int) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start or 0):
        mark = "- " if block.start is None else f"{number}. "
        if item.checked is not None:
            mark += "[x] " if item.checked else "[ ] "
        if number > (block.start or 0) and not block.tight:
            yield ""
        lines = _stacked(item.blocks, width - len(mark), tight=block.tight) if item.blocks else ("",)
        yield from _indented(lines, mark, " " * len(mark))


def _box(box: Box, width: int) -> Iterator[str]:
    name = heading_of(box)
    if box.kind == "question":
        yield f"[{name}{f' ({box.key})' if box.key else ''}]"
        return
    yield from _wrapped(f"[{name}]", width)
    yield from _indented(_stacked(box.blocks, width - 2), "  ", "  ")
    yield f"[End of {name.partition(':')[0].lower()}]"
