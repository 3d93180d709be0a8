"""The links and pictures of a page, with their lines."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ATTRIBUTES = re.compile(r"\{[^{}]*\balt\s*=")


class Link(Struct, frozen=True, kw_only=True):
    """A link or a picture: its line (1-based), its address, and for a picture whether somebody said what it shows."""

    line: int
    target: str
    picture: bool = False
    described: bool = True


def links_of(text: str, first_line: int = 1) -> list[Link]:
    """The links and pictures of a text that begins at ``first_line``, without those in code."""
    blocks = [token for token in _MARKDOWN.parse(text) if token.type == "inline" and token.map]
    return [link for block in blocks if block.map for link in _in_block(block.children or [], first_line + block.map[0])]


def _in_block(tokens: list[Token], line: int) -> Iterator[Link]:
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            yield Link(line=line, target=str(token.attrGet("href")))
        elif token.type == "image":
            # ``![](x){alt='words'}`` is how pandoc and the Carpentries say it; ``alt=''`` is a picture that only decorates
            said = bool(token.content.strip()) or (after is not None and _ATTRIBUTES.match(after.content) is not None)
            yield Link(line=line, target=str(token.attrGet("src")), picture=True, described=said)
