"""Where Tab stops in a page: links, code, folded boxes and questions, found as pieces are laid out."""

import re
from typing import NamedTuple

from lms_tui.widgets.flow import Flow
from lms_tui.widgets.lines import NO_STOP, Stop

_MAY_STOP = re.compile(r"[\[<`~]|:::|^(?: {4}|\t)", re.MULTILINE)


class StopAt(NamedTuple):
    """A stop by its piece and its number there."""

    piece: int
    number: int


class Stops:
    """The stops of a page; ``at`` is where Tab came to."""

    def __init__(self, flow: Flow) -> None:
        self.at: StopAt | None = None
        self._flow = flow

    @property
    def current(self) -> Stop | None:
        """The stop that Tab came to."""
        if self.at is None:
            return None
        stops = self._flow.laid(self.at.piece).stops
        return stops[self.at.number] if self.at.number < len(stops) else None

    def in_sight(self, top: int, bottom: int) -> bool:
        """Whether the present stop is between two lines of the page."""
        return self.at is not None and self._visible(self.at, top, bottom)

    def on_line(self, piece: int, line: int) -> int:
        """The number of the present stop when a line of a piece is part of it."""
        stop = self.current
        if stop is None or self.at is None or self.at.piece != piece or not stop.line <= line <= stop.last:
            return NO_STOP
        return self.at.number

    def after(self, top: int, bottom: int) -> StopAt | None:
        """The stop after the present one when that is between two lines of the page, else the first from ``top`` on."""
        if self.at is not None and self._visible(self.at, top, bottom):
            piece, number = self.at.piece, self.at.number + 1
        else:
            piece, inner = self._flow.piece_at(top)
            stops = self._stops(piece)
            number = next((index for index, stop in enumerate(stops) if stop.line >= inner), len(stops))
        while piece < len(self._flow.document):
            if number < len(self._stops(piece)):
                return StopAt(piece, number)
            piece, number = piece + 1, 0
        return None

    def before(self, top: int, bottom: int) -> StopAt | None:
        """The stop before the present one when that is between two lines of the page, else the last down to ``bottom``."""
        if self.at is not None and self._visible(self.at, top, bottom):
            piece, number = self.at.piece, self.at.number - 1
        else:
            piece, inner = self._flow.piece_at(bottom - 1)
            stops = self._stops(piece)
            number = max((index for index, stop in enumerate(stops) if stop.line <= inner), default=-1)
        while piece >= 0:
            if number >= 0 and self._stops(piece):
                return StopAt(piece, number)
            piece -= 1
            number = len(self._stops(piece)) - 1 if piece >= 0 else -1
        return None

    def first_code(self, top: int, bottom: int) -> Stop | None:
        """The first code that has a line between two lines of the page."""
        piece, inner = self._flow.piece_at(top)
        while piece < len(self._flow.document) and self._flow.top(piece) < bottom:
            for stop in self._stops(piece):
                if stop.kind == "code" and stop.last >= inner and self._flow.top(piece) + stop.line < bottom:
                    return stop
            piece, inner = piece + 1, 0
        return None

    def stay_at_box(self, piece: int, box: int) -> None:
        """Keeps the stop on a box whose piece was laid out anew."""
        stops = self._flow.laid(piece).stops
        self.at = next((StopAt(piece, number) for number, stop in enumerate(stops) if stop.box == box), None)

    def _visible(self, at: StopAt, top: int, bottom: int) -> bool:
        stop = self.current
        first = self._flow.top(at.piece)
        return stop is not None and first + stop.last >= top and first + stop.line < bottom

    def _stops(self, piece: int) -> tuple[Stop, ...]:
        """A piece's stops. A piece that is not laid out and whose source can have none stays so."""
        if not self._flow.known(piece) and not _MAY_STOP.search(self._flow.document.source(piece)):
            return ()
        return self._flow.laid(piece).stops
