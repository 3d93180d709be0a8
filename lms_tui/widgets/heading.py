"""The first line of a screen: where a person is, from the outside in."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from lms_tui.widgets.foreign import foreign

_BETWEEN = Content.styled(" › ", "$quiet")


class Heading(Widget):
    """Names joined by ``›``; where they do not fit, the outer ones give way to ``…``."""

    def __init__(self) -> None:
        super().__init__()
        self._where: tuple[Content, ...] = ()
        self._right = Content("")

    def show(self, where: Sequence[str], right: str) -> None:
        """Names from the outside in, and what stands at the right."""
        self._where = tuple(foreign(name) for name in where)
        self._right = foreign(right)
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        room = width - self._right.cell_length - 2
        if room < 8:
            return self._left(width).truncate(max(1, width), ellipsis=True)
        left = self._left(room)
        return Content.assemble(left.truncate(room, ellipsis=True, pad=True), "  ", self._right.stylize("$quiet"))

    def _left(self, room: int) -> Content:
        names = list(self._where)
        while True:
            line = _BETWEEN.join([*names[:-1], *(name.stylize("bold") for name in names[-1:])])
            if line.cell_length <= room or len(names) < 2 or (len(names) == 2 and names[0].plain == "…"):
                return line
            names = [Content("…"), *names[2:]] if names[0].plain == "…" else [Content("…"), *names[1:]]
