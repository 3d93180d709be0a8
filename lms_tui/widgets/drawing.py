"""Lines to strips: the column in the window, the colours of inks, and what is marked in a line."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lms_tui.widgets.lines import NO_STOP, Ink, Line, Part, Parts

COLUMN = 88  # cells; longer lines are hard to read
_ROOMY = 70


class Marked(NamedTuple):
    """What is marked in a line: the stop that Tab came to, and stretches that were found, each with whether it is the present one."""

    stop: int = NO_STOP
    found: Sequence[tuple[int, int, bool]] = ()


def column_of(width: int) -> tuple[int, int]:
    """Where the column of text begins in a window, and how wide it is."""
    margin = 3 if width >= _ROOMY else 1
    column = max(1, min(COLUMN, width - 2 * margin))
    return max(0, (width - column) // 2), column


def draw(line: Line, marked: Marked, width: int, style: Callable[[Ink], Style]) -> Strip:
    """A line as a strip of exactly ``width`` cells."""
    left, _ = column_of(width)
    body = line.body
    for start, end, here in marked.found:
        body = _inked(body, start, end, "found-here" if here else "found")
    parts = [Part(" " * left), *(_bar(part, marked.stop) for part in line.lead), *(_stopped(part, marked.stop) for part in body)]
    segments = [Segment(part.text, style(part.ink)) for part in parts if part.text]
    return Strip(segments).adjust_cell_length(width, style(()))


def _bar(part: Part, stop: int) -> Part:
    """The bar of the code that Tab came to is thick, so that it is seen without colour."""
    if part.stop == NO_STOP or part.stop != stop:
        return part
    return Part(part.text.replace("▎", "█"), (*part.ink, "stop-bar"), part.stop)


def _stopped(part: Part, stop: int) -> Part:
    return part if part.stop == NO_STOP or part.stop != stop else Part(part.text, (*part.ink, "stop"), part.stop)


def _inked(parts: Parts, start: int, end: int, ink: str) -> Parts:
    """Parts with an ink more from character ``start`` to ``end``."""
    inked: list[Part] = []
    at = 0
    for part in parts:
        first, last = max(start - at, 0), min(end - at, len(part.text))
        if first < last:
            inked.append(part._replace(text=part.text[:first]))
            inked.append(Part(part.text[first:last], (*part.ink, ink), part.stop))
            inked.append(part._replace(text=part.text[last:]))
        else:
            inked.append(part)
        at += len(part.text)
    return tuple(part for part in inked if part.text)
