"""YAML at the head of a page, and small YAML files: texts, lists and groups of texts, and nothing else.

There are no implicit types (``version: 1.10`` is the text ``1.10``), no anchors, no aliases, no tags.
"""

import re
from collections.abc import Iterator

import yaml
from msgspec import Struct

from lms_tui.formats.imported import Findings

MAX_CHARACTERS = 32_768
MAX_DEPTH = 4

Value = str | list["Value"] | dict[str, "Value"]

_UNQUOTED = re.compile(r"(\s*[\w-]+:\s+)([^'\"\[{|>&*!#\s].*:(?:\s.*)?)$")


class Page(Struct, frozen=True, kw_only=True):
    """A page's values by key, the line of each key, its body, and the line at which the body begins."""

    file: str
    values: dict[str, Value]
    lines: dict[str, int]
    body: str
    first_line: int = 1

    def text(self, key: str, default: str = "") -> str:
        """The text under a key, or the default."""
        value = self.values.get(key, "")
        return value.strip() or default if isinstance(value, str) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list under a key; a single text is a list of one."""
        value = self.values.get(key, [])
        items = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())

    def line(self, key: str) -> int:
        """The line of a key, or of the page's beginning."""
        return self.lines.get(key, 1)


def read_page(file: str, text: str, findings: Findings) -> Page:
    """A page with its front matter read; front matter that cannot be read gives a warning and no values."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return Page(file=file, values={}, lines={}, body=text)
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        findings.warn(file, 1, "front matter begins with '---' and never ends; it was read as text")
        return Page(file=file, values={}, lines={}, body=text)
    values, at = read_yaml(file, "\n".join(lines[1:end]), findings, first_line=2)
    return Page(file=file, values=values, lines=at, body="\n".join(lines[end + 1 :]), first_line=end + 2)


def read_yaml(file: str, text: str, findings: Findings, first_line: int = 1) -> tuple[dict[str, Value], dict[str, int]]:
    """The values of a YAML mapping and the lines of its keys; nothing, with a warning, where it cannot be read.

    The commonest fault, a colon in an unquoted text (``title: Part 1: x``), is mended and told.
    """
    if len(text) > MAX_CHARACTERS:
        findings.warn(file, first_line, f"YAML of more than {MAX_CHARACTERS:,} characters is not read")
        return {}, {}
    lines = text.split("\n")
    for _ in range(10):
        try:
            return _Builder("\n".join(lines)).mapping(first_line)
        except _Refused as refused:
            findings.warn(file, refused.line + first_line, f"the YAML was passed over: {refused}")
            return {}, {}
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            number = mark.line if mark else 0
            unquoted = _UNQUOTED.match(lines[number][:500]) if number < len(lines) else None
            if unquoted is None:
                findings.warn(file, number + first_line, f"the YAML was passed over: {error.problem or error.context}")
                return {}, {}
            findings.warn(file, number + first_line, "a text that holds ': ' needs quotes; it was read as if it had them")
            lines[number] = unquoted[1] + "'" + unquoted[2].replace("'", "''") + "'"
        except yaml.YAMLError:
            break
    findings.warn(file, first_line, "the YAML was passed over: it cannot be read")
    return {}, {}


class _Refused(Exception):
    """YAML that is well formed and not taken; ``line`` is 0-based."""

    def __init__(self, reason: str, event: yaml.Event) -> None:
        super().__init__(reason)
        self.line = _line(event)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


class _Builder:
    """Builds values from the parser's events, so that nothing is made of an alias or a tag, and nothing is deeply nested."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.BaseLoader)
        self._lines: dict[str, int] = {}

    def mapping(self, first_line: int) -> tuple[dict[str, Value], dict[str, int]]:
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                value = self._value(event, 0)
                assert isinstance(value, dict)
                return value, {key: line + first_line for key, line in self._lines.items()}
            if isinstance(event, yaml.SequenceStartEvent) or (isinstance(event, yaml.ScalarEvent) and event.value):
                raise _Refused("it is not a list of 'key: value' lines", event)
        return {}, {}

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused("anchors and aliases are not taken", event)
        if getattr(event, "tag", None) is not None:
            raise _Refused("tags are not taken", event)
        if depth > MAX_DEPTH:
            raise _Refused(f"it is nested more than {MAX_DEPTH} deep", event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._pairs(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._value(event, depth + 1))
            return items
        return str(event.value) if isinstance(event, yaml.ScalarEvent) else ""

    def _pairs(self, depth: int) -> dict[str, Value]:
        pairs: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._value(event, depth + 1)
            if not isinstance(key, str):
                raise _Refused("a key must be a text", event)
            if depth == 0:
                self._lines.setdefault(key, _line(event))
            if key in pairs:
                raise _Refused(f"the key '{key}' stands twice", event)
            pairs[key] = self._value(next(self._events), depth + 1)
        return pairs
