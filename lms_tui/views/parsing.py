"""Markdown to blocks."""

import re
from collections.abc import Mapping

from markdown_it.tree import SyntaxTreeNode

from lms_tui.model.attributes import parse_attributes
from lms_tui.model.fences import Box as Fenced
from lms_tui.model.fences import Run
from lms_tui.model.passage import FOLDED_KINDS
from lms_tui.model.text import clean, clean_line
from lms_tui.views.blocks import (
    MAX_DEPTH,
    Align,
    Block,
    Blocks,
    Box,
    Code,
    Heading,
    Html,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    Spans,
    Table,
    plain,
)
from lms_tui.views.html import blocks_of_html
from lms_tui.views.inline import spans_of
from lms_tui.views.markdown import parser

References = Mapping[str, Mapping[str, str]]

_TASK = re.compile(r"\[([ xX])\][ \t]+")
_ALERT = re.compile(r"\[!([A-Za-z][\w-]{0,30})\][-+]?\s*$")
_HEADING_ATTRIBUTES = re.compile(r"\s*(\{[^{}]*\})\s*$")
_DETAILS = re.compile(r"<details[^>]*>\s*(?:<summary[^>]*>(.*?)</summary>)?(.*)</details>", re.IGNORECASE | re.DOTALL)
_LANGUAGE = re.compile(r"\{?\.?([\w+#.-]*)")


def blocks_of_markdown(text: str, references: References, depth: int = 0) -> Blocks:
    """The blocks of cleaned Markdown without boxes. ``references``: link definitions that stand elsewhere in the page."""
    env = {"references": dict(references)}
    tree = SyntaxTreeNode(parser().parse(text, env))
    return _Builder(references).blocks(tree.children, depth)


def block_of_box(box: Fenced, references: References, depth: int = 0) -> Block:
    """A ``:::`` box with what is in it. Its first heading is its title."""
    kind = (box.name or "note").casefold()
    title: Spans = (Span(clean_line(box.attributes["title"])),) if box.attributes.get("title") else ()
    if kind == "question":
        return Box(kind, title, (), key=box.id)
    blocks: list[Block] = []
    for child in box.children:
        if isinstance(child, Run):
            blocks.extend(blocks_of_markdown(child.text, references, depth + 1))
        else:
            blocks.append(block_of_box(child, references, depth + 1))
    if not title and blocks and isinstance(blocks[0], Heading):
        title, blocks = blocks[0].spans, blocks[1:]
    return Box(kind, title, tuple(blocks), folded=kind in FOLDED_KINDS)


class _Builder:
    def __init__(self, references: References) -> None:
        self._references = references

    def blocks(self, nodes: list[SyntaxTreeNode], depth: int) -> Blocks:
        return tuple(block for node in nodes for block in self._block(node, depth))

    def _block(self, node: SyntaxTreeNode, depth: int) -> Blocks:
        match node.type:
            case "paragraph":
                spans = _inline(node)
                return (Paragraph(spans),) if spans else ()
            case "heading":
                return (Heading(int(node.tag[1]), _heading(_inline(node))),)
            case "fence" | "code_block":
                return (_code(node),)
            case "hr":
                return (Rule(),)
            case "bullet_list" | "ordered_list":
                return self._list(node, depth)
            case "blockquote":
                return (self._quote(node, depth),)
            case "table":
                return (_table(node),)
            case "html_block":
                return blocks_of_html(node.content)
            case "element":
                return self._element(node.content, depth)
            case _:
                return (Html(clean(node.content).strip("\n")),)

    def _list(self, node: SyntaxTreeNode, depth: int) -> Blocks:
        """A list; nested deeper than the cap, its items' blocks alone."""
        if depth >= MAX_DEPTH:
            return tuple(block for item in node.children for block in self.blocks(item.children, depth))
        start = int(str(node.attrs.get("start", 1))) if node.type == "ordered_list" else None
        items = tuple(_item(self.blocks(child.children, depth + 1)) for child in node.children)
        tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
        return (ListBlock(items, start, tight),)

    def _quote(self, node: SyntaxTreeNode, depth: int) -> Block:
        alert = _alert(node)
        if alert is None:
            return Quote(self.blocks(node.children, depth + 1))
        kind, spans = alert
        rest = self.blocks(node.children[1:], depth + 1)
        return Box(kind, (), (Paragraph(spans), *rest) if spans else rest, folded=kind in FOLDED_KINDS)

    def _element(self, source: str, depth: int) -> Blocks:
        """``<details>`` as a folded box, ``<table>`` as a table."""
        details = _DETAILS.match(source.strip())
        if details is None or depth >= MAX_DEPTH:
            return blocks_of_html(source)
        summary = blocks_of_html(details[1] or "")
        title = summary[0].spans if summary and isinstance(summary[0], Paragraph) else ()
        inner = re.sub(r"\n[ \t]*(</?details)", r"\n\n\1", details[2])
        return (Box("details", title, blocks_of_markdown(inner.strip("\n"), self._references, depth + 1), folded=True),)


def _inline(node: SyntaxTreeNode) -> Spans:
    return spans_of(node.children[0].children) if node.children else ()


def _heading(spans: Spans) -> Spans:
    """A heading without the attributes that pandoc allows at its end."""
    if not spans or spans[-1].marks:
        return spans
    last = spans[-1]
    found = _HEADING_ATTRIBUTES.search(last.text)
    if found is None or parse_attributes(found[1]) is None:
        return spans
    text = last.text[: found.start()]
    return (*spans[:-1], Span(text, last.marks, last.href)) if text else spans[:-1]


def _code(node: SyntaxTreeNode) -> Code:
    word = _LANGUAGE.match(clean_line(node.info))
    return Code(word[1].casefold()[:40] if word else "", clean(node.content).rstrip("\n"))


def _item(blocks: Blocks) -> Item:
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and not first.spans[0].marks and (task := _TASK.match(first.spans[0].text)):
        text = first.spans[0].text[task.end() :]
        spans = (*((Span(text, (), first.spans[0].href),) if text else ()), *first.spans[1:])
        return Item((Paragraph(spans), *blocks[1:]), task[1] != " ")
    return Item(blocks)


def _alert(node: SyntaxTreeNode) -> tuple[str, Spans] | None:
    """The kind and the rest of the first paragraph of a quotation that is an alert: ``> [!NOTE]`` alone on its line."""
    first = node.children[0] if node.children else None
    if first is None or first.type != "paragraph" or not first.children:
        return None
    inline = first.children[0].children
    at = next((index for index, child in enumerate(inline) if child.type in ("softbreak", "hardbreak")), len(inline))
    found = _ALERT.match("".join(child.content for child in inline[:at]))
    return (found[1].casefold(), spans_of(inline[at + 1 :])) if found else None


def _table(node: SyntaxTreeNode) -> Table:
    rows = [row.children for part in node.children for row in part.children]
    align = tuple(_align(cell) for cell in rows[0])
    cells = [tuple(_inline(cell) for cell in row) for row in rows]
    return Table(align, cells[0], tuple(row for row in cells[1:] if any(plain(cell) for cell in row)))


def _align(cell: SyntaxTreeNode) -> Align:
    style = str(cell.attrs.get("style", ""))
    return "right" if "right" in style else "center" if "center" in style else "left"
