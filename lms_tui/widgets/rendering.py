"""Blocks laid out as lines at a width."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from rich.cells import cell_len

from lms_tui.views.blocks import (
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
    Spans,
    Table,
    heading_of,
    leaves,
)
from lms_tui.widgets.highlighting import coloured, without_prompts
from lms_tui.widgets.lines import MIN_WIDTH, NO_STOP, Ink, Line, Part, Parts, Stop, chop, steady, width_of, wrap
from lms_tui.widgets.tables import fitted

BULLETS = "•◦▪"
_WARNINGS = frozenset({"warning", "caution", "danger", "important", "prereq"})
_TASKS = frozenset({"challenge", "question", "exercise", "checklist", "discussion", "activity"})
_HELP = frozenset({"solution", "hint", "spoiler", "tip", "answer", "explanation", "details", "keypoints"})


class Laid(Struct, frozen=True):
    """A piece's lines and stops. ``boxes`` are the numbers of its boxes that hide what is in them."""

    lines: tuple[Line, ...]
    stops: tuple[Stop, ...]
    folded: tuple[int, ...]


def lay_out(blocks: Blocks, width: int, turned: frozenset[int] = frozenset(), answered: frozenset[str] = frozenset()) -> Laid:
    """Lays blocks out. ``turned``: numbers of boxes (in order, from 0) that are not as their author left them, open or folded.

    ``answered``: keys of questions that have an answer.
    """
    layout = _Layout(max(MIN_WIDTH, width), turned, answered)
    layout.blocks(blocks)
    return Laid(tuple(layout.lines), tuple(layout.stops), tuple(layout.folded))


class _Lead:
    """What stands left of a container's lines: once ``first``, then ``rest``."""

    def __init__(self, first: Part, rest: Part) -> None:
        self.first: Part | None = first
        self.rest = rest


class _Layout:
    def __init__(self, width: int, turned: frozenset[int], answered: frozenset[str]) -> None:
        self.lines: list[Line] = []
        self.stops: list[Stop] = []
        self.folded: list[int] = []
        self._width = width
        self._turned = turned
        self._answered = answered
        self._leads: list[_Lead] = []
        self._leaf = 0
        self._boxes = 0
        self._depth = 0

    def blocks(self, blocks: Blocks, *, tight: bool = False) -> None:
        """Lays out blocks below each other. A blank line follows each, but in a tight list."""
        for block in blocks:
            self._block(block)
            if not tight or not isinstance(block, Paragraph | ListBlock):
                self._gap()

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block.spans, ())
            case Code():
                self._code(block)
            case Rule():
                self._emit((Part("─" * self._room(), ("faint",)),), self._next_leaf())
            case Html():
                self._literal(block.text)
            case Table():
                self._table(block)
            case ListBlock():
                self._list(block)
            case Quote():
                with self._inside(_Lead(Part("▏ ", ("quote-bar",)), Part("▏ ", ("quote-bar",)))):
                    self.blocks(block.blocks)
                    self._drop_gap()
            case Box():
                self._box(block)

    def _room(self) -> int:
        used = sum(cell_len(lead.rest.text) for lead in self._leads)
        return max(MIN_WIDTH, self._width - used)

    def _next_leaf(self) -> int:
        self._leaf += 1
        return self._leaf - 1

    def _emit(self, body: Parts, leaf: int, glue: str = "\n") -> None:
        lead = []
        for part in self._leads:
            lead.append(part.first or part.rest)
            part.first = None
        self.lines.append(Line(tuple(lead), body, leaf, glue))

    def _gap(self) -> None:
        if self.lines and self.lines[-1].body:
            self._emit((), -1)

    def _drop_gap(self) -> None:
        if self.lines and not self.lines[-1].body:
            self.lines.pop()

    @contextmanager
    def _inside(self, lead: _Lead) -> Iterator[None]:
        self._leads.append(lead)
        yield
        self._leads.pop()

    def _parts(self, spans: Spans, ink: Ink) -> Parts:
        parts: list[Part] = []
        for span in spans:
            stop = NO_STOP
            marks: Ink = (*ink, *span.marks)
            text = steady(span.text)
            text = f"[Image: {text}]" if "image" in span.marks else f"[{text}]" if "key" in span.marks else text
            if span.href:
                stop = len(self.stops)
                if parts and parts[-1].stop != NO_STOP and self.stops[parts[-1].stop].target == span.href:
                    stop = parts[-1].stop
                else:
                    self.stops.append(Stop("link", len(self.lines), len(self.lines), span.href))
                marks = (*marks, "link")
            parts.append(Part(text, marks, stop))
        return tuple(parts)

    def _paragraph(self, spans: Spans, ink: Ink) -> None:
        leaf, parts = self._next_leaf(), self._parts(spans, ink)
        for broken in wrap(parts, self._room()):
            self._emit(broken.parts, leaf, broken.glue)
            self._extend_links(broken.parts)

    def _extend_links(self, parts: Parts) -> None:
        """Tells the links of a line that was laid out where they stand."""
        line = len(self.lines) - 1
        for number in {part.stop for part in parts if part.stop != NO_STOP}:
            stop = self.stops[number]
            if stop.kind == "link":
                seen = any(part.stop == number for at in range(stop.line, line) for part in self.lines[at].body)
                self.stops[number] = stop._replace(line=stop.line if seen else line, last=line)

    def _heading(self, heading: Heading) -> None:
        ink = (f"heading-{min(heading.level, 4)}",)
        self._paragraph(heading.spans, ink)
        if heading.level <= 2:
            leaf, text = self.lines[-1].leaf, self.lines[-1].body
            rule = "━" * self._room() if heading.level == 1 else "─" * min(self._room(), max(width_of(text), 3))
            self._emit((Part(rule, ("heading-rule",)),), leaf)

    def _literal(self, text: str) -> None:
        leaf = self._next_leaf()
        for line in steady(text).expandtabs(4).split("\n"):
            for parts in chop((Part(line, ("html",)),), self._room()):
                self._emit(parts, leaf)

    def _code(self, code: Code) -> None:
        leaf, first, stop = self._next_leaf(), len(self.lines), len(self.stops)
        self.stops.append(Stop("code", first, first, without_prompts(code.text, code.language)))
        lines = coloured(code.text, code.language)
        with self._inside(_Lead(Part("▎ ", ("code-bar", "code-block"), stop), Part("▎ ", ("code-bar", "code-block"), stop))):
            room = self._room()
            label = code.language
            if label and width_of(lines[0]) + len(label) + 3 > room:
                self._emit(_code_line((), label, room), leaf)
                label = ""
            for number, line in enumerate(lines):
                for index, parts in enumerate(chop(line, room - 3)):
                    mark = (Part("↪ ", ("faint",)),) if index else ()
                    glue = "" if index else "\n"
                    self._emit(_code_line((*mark, *parts), "" if number or index else label, room), leaf, glue)
        self.stops[stop] = self.stops[stop]._replace(last=len(self.lines) - 1)

    def _table(self, table: Table) -> None:
        base = self._leaf
        self._leaf += 1 + len(table.rows)
        head = tuple(self._parts(cell, ()) for cell in table.head)
        rows = tuple(tuple(self._parts(cell, ()) for cell in row) for row in table.rows)
        for parts, row in fitted(table.align, head, rows, self._room()):
            self._emit(parts, base + row)
            self._extend_links(parts)

    def _list(self, block: ListBlock) -> None:
        last = (block.start or 0) + len(block.items) - 1
        digits = len(str(last)) + 2 if block.start is not None else 2
        self._depth += 1
        for number, item in enumerate(block.items, block.start or 0):
            mark = f"{number}.".rjust(digits - 1) + " " if block.start is not None else f"{BULLETS[(self._depth - 1) % 3]} "
            if item.checked is not None:
                mark = f"[{'x' if item.checked else ' '}] "
            self._item(block, item, mark)
        self._depth -= 1

    def _item(self, block: ListBlock, item: Item, mark: str) -> None:
        before = len(self.lines)
        with self._inside(_Lead(Part(mark, ("bullet",)), Part(" " * len(mark)))):
            self.blocks(item.blocks, tight=block.tight)
            if len(self.lines) == before:
                self._emit((), -1)
            elif block.tight:
                self._drop_gap()

    def _box(self, box: Box) -> None:
        number, leaf = self._boxes, self._next_leaf()
        self._boxes += 1
        look = _look(box.kind)
        folded = box.folded != (number in self._turned) and box.kind != "question"
        asks = box.kind == "question"
        bar = Part("┃ ", (f"box-{look}",))
        with self._inside(_Lead(bar, bar)):
            stop = len(self.stops) if asks or box.folded else NO_STOP
            first = len(self.lines)
            if stop != NO_STOP:
                self.stops.append(Stop("question" if asks else "box", first, first, box.key, number))
            sign, hint = self._signs(box, folded)
            title = (Part(sign + steady(heading_of(box)), (f"box-{look}", "strong"), stop), Part(hint, ("faint",), stop))
            for broken in wrap(title, self._room()):
                self._emit(broken.parts, leaf, broken.glue)
            if stop != NO_STOP:
                self.stops[stop] = self.stops[stop]._replace(last=len(self.lines) - 1)
            if folded:
                self.folded.append(number)
                self._skip(box.blocks)
            elif box.blocks:
                self._gap()
                self.blocks(box.blocks)
                self._drop_gap()

    def _signs(self, box: Box, folded: bool) -> tuple[str, str]:
        """What stands before a box's title, and what Enter does with it."""
        if box.kind == "question":
            return ("✓ ", " · answered; Enter to answer again") if box.key in self._answered else ("? ", " · Enter to answer")
        return ("▸ ", " · Enter to show") if folded else ("▾ " if box.folded else "", "")

    def _skip(self, blocks: Blocks) -> None:
        """Counts what is hidden, so that what follows has the same numbers as when it is shown."""
        self._leaf += sum(1 for _ in leaves(blocks))
        self._boxes += boxes_in(blocks)


def boxes_in(blocks: Blocks) -> int:
    """How many boxes stand in blocks, at any depth."""
    count = 0
    for block in blocks:
        if isinstance(block, Box):
            count += 1 + boxes_in(block.blocks)
        elif isinstance(block, Quote):
            count += boxes_in(block.blocks)
        elif isinstance(block, ListBlock):
            count += sum(boxes_in(item.blocks) for item in block.items)
    return count


def _code_line(parts: Parts, label: str, room: int) -> Parts:
    """A line of code on its ground, as wide as the room, with the label at its right end."""
    blank = max(0, room - width_of(parts) - cell_len(label) - (1 if label else 0))
    line = tuple(Part(part.text, ("code-block", *part.ink)) for part in parts)
    line = (*line, Part(" " * blank, ("code-block",)))
    return (*line, Part(f"{label} ", ("code-block", "faint"))) if label else line


def _look(kind: str) -> str:
    if kind in _WARNINGS:
        return "warning"
    if kind in _TASKS:
        return "task"
    return "help" if kind in _HELP else "note"
