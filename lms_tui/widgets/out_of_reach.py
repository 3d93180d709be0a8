"""A line that says that the database cannot be reached, where something waits for it."""

from textual.content import Content
from textual.widget import Widget

_KEPT = "Your answers are kept here and are sent when it answers."


class OutOfReach(Widget):
    """Only there while it is true."""

    _timed = False

    def show(self, cut_off: bool, *, timed: bool) -> None:
        """Whether the database is missed now, and whether time goes by meanwhile."""
        if (self.display, self._timed) != (cut_off, timed):
            self.display, self._timed = cut_off, timed
            self.refresh(layout=True)

    def render(self) -> Content:
        what = "The database cannot be reached" + (", and the time goes on. " if self._timed else ". ")
        return Content.assemble(("! ", "bold $warning"), what, _KEPT)
