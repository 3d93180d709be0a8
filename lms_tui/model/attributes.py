"""Attributes as pandoc writes them: ``{.class #id key=value key="some words" word}``."""

import re

from msgspec import Struct

MAX_LENGTH = 4000

_PART = re.compile(
    r"\s+"
    r"|\.(?P<class>[^\s{}.#=\"']+)"
    r"|#(?P<id>[^\s{}\"'=]+)"
    r"|(?P<key>[A-Za-z_][\w:.-]*)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s{}\"']*))"
    r"|(?P<word>[A-Za-z_][\w:-]*)"
)


class Attributes(Struct, frozen=True, kw_only=True):
    """``classes`` in order, the ``id`` or an empty string, ``values`` by key, and ``words`` that stand alone (``{partial}``)."""

    classes: tuple[str, ...] = ()
    id: str = ""
    values: dict[str, str] = {}
    words: tuple[str, ...] = ()


def parse_attributes(text: str) -> Attributes | None:
    """The attributes in ``{...}``, or None when the text is not such a group (or over 4,000 characters long)."""
    if not 2 <= len(text) <= MAX_LENGTH or text[0] != "{" or text[-1] != "}":
        return None
    classes: list[str] = []
    words: list[str] = []
    values: dict[str, str] = {}
    name, at, end = "", 1, len(text) - 1
    while at < end:
        part = _PART.match(text, at, end)
        if part is None:
            return None
        at = part.end()
        if part["class"]:
            classes.append(part["class"])
        elif part["id"]:
            name = part["id"]
        elif part["key"]:
            values[part["key"]] = next(filter(None, (part["double"], part["single"], part["bare"])), "")
        elif part["word"]:
            words.append(part["word"])
    return Attributes(classes=tuple(classes), id=name, values=values, words=tuple(words))
