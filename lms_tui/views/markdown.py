"""The Markdown parser of pages: CommonMark with tables and strikethrough, whole HTML elements, and image attributes."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from lms_tui.model.attributes import parse_attributes
from lms_tui.model.fences import CodeFence

DEEPEST = 40  # levels of tokens, about two for each level of a list; what is deeper is shown as it was written
_MOST_UNCLOSED = 20  # elements of a text that may be looked to their end in vain

ELEMENT = re.compile(r"<(details|table)(?=[\s>])", re.IGNORECASE)

_ELEMENT_TAGS = {name: re.compile(rf"<(/?){name}(?=[\s>])", re.IGNORECASE) for name in ("details", "table")}
_GROUP = re.compile(r"\{(?:[^{}\"']|\"[^\"]*\"|'[^']*')*\}")


@cache
def parser() -> MarkdownIt:
    """The one parser. It keeps nothing between two pages."""
    markdown = MarkdownIt("commonmark", {"maxNesting": DEEPEST + 10}).enable(["table", "strikethrough"])
    markdown.block.ruler.before("html_block", "element", _element, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.block.ruler.before("table", "deep", _deep)
    markdown.inline.ruler.before("text", "image_attributes", _image_attributes)
    return markdown


def element_end(lines: Sequence[str], start: int, stop: int) -> int | None:
    """The line after the ``<details>`` or ``<table>`` that opens on line ``start``, or None when none does, or it never closes."""
    opening = ELEMENT.search(lines[start])
    if opening is None:
        return None
    tags, depth, code = _ELEMENT_TAGS[opening[1].lower()], 0, CodeFence()
    for number in range(start, stop):
        line = lines[number]
        if "<" not in line and "`" not in line and "~" not in line:
            continue
        if code.takes(line):
            continue
        for tag in tags.finditer(line):
            depth += -1 if tag[1] else 1
            if depth == 0:
                return number + 1
    return None


def open_elements(lines: Sequence[str]) -> bool:
    """Whether a ``<details>`` or ``<table>`` that opens in these lines, perhaps in a list, may not close in them."""
    return any("<" in line and ELEMENT.search(line) and element_end(lines, start, len(lines)) is None for start, line in enumerate(lines))


def _element(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``<details>`` and ``<table>`` with all that they hold, blank lines as well."""
    if state.is_code_block(start) or not ELEMENT.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    unclosed = int(state.env.get("unclosed", 0))
    if unclosed > _MOST_UNCLOSED:
        return False
    lines = state.getLines(start, _inner_end(state, start, end), state.blkIndent, False).split("\n")
    length = element_end(lines, 0, len(lines))
    if length is None:
        state.env["unclosed"] = unclosed + 1
        return False
    if not silent:
        token = state.push("element", "", 0)
        token.content = "\n".join(lines[:length])
        token.map = [start, start + length]
        state.line = start + length
    return True


def _deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What is nested too deep, as it was written."""
    if silent or state.level < DEEPEST:
        return False
    end = _inner_end(state, start, end)
    token = state.push("deep", "", 0)
    token.content = state.getLines(start, end, state.blkIndent, False)
    token.map = [start, end]
    state.line = end
    return True


def _inner_end(state: StateBlock, start: int, end: int) -> int:
    """Where the list item that is being read ends: at a line that stands left of it."""
    for line in range(start + 1, end):
        if not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return line
    return end


def _image_attributes(state: StateInline, silent: bool) -> bool:
    """``{alt='...' width=...}`` after an image, as pandoc reads it."""
    if silent or state.src[state.pos] != "{" or state.pending or not state.tokens or state.tokens[-1].type != "image":
        return False
    group = _GROUP.match(state.src, state.pos)
    found = parse_attributes(group[0]) if group else None
    if group is None or found is None:
        return False
    attributes: dict[str, Any] = state.tokens[-1].attrs
    attributes.update({name: value for name, value in found.values.items() if name == "alt"})
    state.pos = group.end()
    return True
