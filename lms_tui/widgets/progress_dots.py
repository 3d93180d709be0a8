"""How each question of a run stands, as a line of shapes."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.practice import SHAPES, Mark
from lms_tui.widgets.question_lines import MARK_COLOURS, asks


class ProgressDots(Widget):
    """A shape for each question; the one that is asked is in brackets, and its standing is said in words.

    A click asks the question of a shape.
    """

    def __init__(self) -> None:
        super().__init__()
        self.auto_links = False
        self._marks: tuple[Mark, ...] = ()
        self._at = 0

    def show(self, marks: Sequence[Mark], at: int | None) -> None:
        """The marks, and which question is asked now, if one is."""
        self._marks, self._at = tuple(marks), -1 if at is None else at
        self.refresh()

    def render(self) -> Content:
        dots = [self._dot(index, mark) for index, mark in enumerate(self._marks)]
        line = Content("").join(dots)
        width = max(1, self.content_size.width)
        if line.cell_length > width:
            done = sum(mark in (Mark.CORRECT, Mark.PARTLY, Mark.WRONG, Mark.SAVED) for mark in self._marks)
            line = Content(f"{done} of {len(self._marks)} answered")
        if self._at >= 0:
            line = Content.assemble(line, ("  " + self._marks[self._at], "$quiet"))
        return line.truncate(width, ellipsis=True)

    def _dot(self, index: int, mark: Mark) -> Content:
        shape = Content.styled(SHAPES[mark], MARK_COLOURS.get(mark, "$quiet"))
        if index != self._at:
            return Content.assemble(" ", shape, " ").stylize(asks(index))
        return Content.assemble(("[", "bold"), shape.stylize("bold"), ("]", "bold"))
