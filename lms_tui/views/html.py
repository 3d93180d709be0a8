"""Blocks of HTML as blocks of a page. What is not known is shown as it was written, never dropped."""

import re
from html.parser import HTMLParser

from lms_tui.model.text import clean
from lms_tui.views.blocks import Align, Block, Blocks, Code, Html, Paragraph, Rule, Spans, Table
from lms_tui.views.inline import INLINE_TAGS, Spanner

_GROUPS = frozenset({"p", "div", "center", "figure", "figcaption", "section", "span"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"})
MOST_CELLS = 5000
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_KNOWN = INLINE_TAGS | _GROUPS | _TABLE | {"hr", "pre"}


def blocks_of_html(source: str) -> Blocks:
    """The blocks of a piece of HTML: converted when every tag is known and simple, else the source itself. Comments vanish.

    With more than ``MOST_CELLS`` cells of tables it is the source as well.
    """
    reader = _Reader()
    vast = len(_CELL.findall(source)) > MOST_CELLS
    if not vast:
        reader.feed(source)
        reader.close()
    if vast or reader.foreign:
        text = clean(source).strip("\n")
        return (Html(text),) if text.strip() else ()
    reader.end_text()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.foreign = False
        self._spanner = Spanner()
        self._pre: list[str] | None = None
        self._rows: list[list[Spans]] | None = None
        self._align: list[Align] = []
        self._headed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in _KNOWN or (tag == "table" and self._rows is not None) or (self._pre is not None and tag not in INLINE_TAGS):
            self.foreign = True
        elif self._pre is not None or self._spanner.opened(tag, attributes):
            return
        elif tag in INLINE_TAGS:  # nested too deep
            self.foreign = True
        elif tag in _TABLE:
            self._open_table_part(tag, attributes)
        elif self._rows is None and tag != "span":
            self.end_text()
            if tag == "hr":
                self.blocks.append(Rule())
            elif tag == "pre":
                self._pre = []

    def _open_table_part(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self.end_text()
            self._rows, self._align, self._headed = [], [], False
        elif self._rows is None or "colspan" in attributes or "rowspan" in attributes:
            self.foreign = True
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._spanner = Spanner()
            self._headed = self._headed or (tag == "th" and len(self._rows) == 1)
            if len(self._rows) == 1:
                align = attributes.get("align", "")
                self._align.append("right" if align == "right" else "center" if align == "center" else "left")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre" and self._pre is not None:
            self.blocks.append(Code("", clean("".join(self._pre)).strip("\n")))
            self._pre = None
        elif tag in ("th", "td") and self._rows:
            self._rows[-1].append(self._spanner.spans())
            self._spanner = Spanner()
        elif tag == "table" and self._rows is not None:
            self._close_table(self._rows)
        elif tag in _GROUPS and self._rows is None and tag != "span":
            self.end_text()
        elif tag not in _KNOWN:
            self.foreign = True
        else:
            self._spanner.closed(tag)

    def _close_table(self, rows: list[list[Spans]]) -> None:
        self._rows = None
        width = max((len(row) for row in rows), default=0)
        full = [tuple(row) + ((),) * (width - len(row)) for row in rows]
        if not width:
            return
        head, body = (full[0], full[1:]) if self._headed else (((),) * width, full)
        rest: list[Align] = ["left"] * (width - len(self._align))
        self.blocks.append(Table((*self._align, *rest)[:width], head, tuple(body)))

    def handle_data(self, data: str) -> None:
        if self._pre is not None:
            self._pre.append(data)
        else:
            self._spanner.add(" ".join(f"|{data}|".split())[1:-1])

    def handle_decl(self, decl: str) -> None:
        self.foreign = True

    def handle_pi(self, data: str) -> None:
        self.foreign = True

    def unknown_decl(self, data: str) -> None:
        self.foreign = True

    def end_text(self) -> None:
        """Ends the paragraph that is being read; what a tag left open ends with it."""
        if self._pre is not None:
            self.handle_endtag("pre")
        if self._rows is not None:
            self._close_table(self._rows)
        spans = self._spanner.spans()
        self._spanner = Spanner()
        if spans:
            self.blocks.append(Paragraph(spans))
