"""What a search found, three lines each: the title, where it stands and why it is here, and the passage with the matches marked."""

from collections.abc import Sequence

from textual import events
from textual.content import Content

from lms_tui.views.searching import Result, finished
from lms_tui.views.words import MARKS, MATCHED, TYPE_WORDS
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.rows import Rows

_TIGHT = 12  # lines; where there are fewer, results stand close


class ResultRows(Rows, can_focus=False):
    """Results under a field that keeps the keys: the cursor is shown without the focus."""

    def __init__(self) -> None:
        super().__init__(row_height=4)
        self.results: tuple[Result, ...] = ()
        self._chosen = False

    def show(self, results: tuple[Result, ...], *, anew: bool) -> None:
        """These results. The best is selected until somebody moves the cursor; then it stays, unless the question is another (``anew``)."""
        self._chosen = self._chosen and not anew
        here = self.selected.id if self._chosen and self.selected else None
        self.results = results
        self.set_count(len(results))
        self.cursor = next((index for index, result in enumerate(results) if result.id == here), 0 if here is None else self.cursor)
        if not self._chosen:
            self.scroll_home(animate=False)

    def action_cursor(self, by: int) -> None:
        self._chosen = True
        super().action_cursor(by)

    def action_page(self, by: int) -> None:
        self._chosen = True
        super().action_page(by)

    def on_click(self, event: events.Click) -> None:
        self._chosen = True
        super().on_click(event)

    def on_resize(self) -> None:
        self.row_height = 3 if self.size.height < _TIGHT else 4
        super().on_resize()

    @property
    def shows_cursor(self) -> bool:
        return True

    @property
    def selected(self) -> Result | None:
        """The result under the cursor."""
        return self.results[self.cursor] if self.results else None

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        result = self.results[index]
        kind = TYPE_WORDS[result.type] if result.type else "course"
        right = Content.styled(f"{kind} · {_finished(result)}" if result.completed else kind, "$quiet")
        title = foreign(result.title).stylize("bold").truncate(max(1, width - right.cell_length - 2), ellipsis=True, pad=True)
        return Content.assemble(title, "  ", right), _where(result, width), _passage(result, width)


def _finished(result: Result) -> str:
    word = finished(result)
    return f"{MARKS['done']} {word}" if word == "done" else word


def _where(result: Result, width: int) -> Content:
    if result.lesson is None:  # a course: its title stands above
        return Content.styled(MATCHED[result.matched], "$quiet")
    why = Content.styled(f" · {MATCHED[result.matched]}", "$quiet")
    names = Content.styled(" › ", "$quiet").join(foreign(name) for name in (result.course.title, result.lesson))
    return Content.assemble(names.truncate(max(1, width - why.cell_length), ellipsis=True), why).stylize("$quiet")


def _passage(result: Result, width: int) -> Content:
    """The passage in one line, cut in front where its first match would not be in sight."""
    pieces = [foreign_piece(text).stylize("bold underline $accent") if match else foreign_piece(text) for text, match in result.snippet]
    first = next((number for number, (_, match) in enumerate(result.snippet) if match), 0)
    before = Content("").join(pieces[:first])
    most = max(0, width // 3)
    if before.cell_length > most:
        before = Content.assemble("…", before[len(before.plain) - most :])
    return Content("").join([before, *pieces[first:]])


def foreign_piece(text: str) -> Content:
    """A piece of foreign text; the blanks at its ends part it from its neighbours."""
    inner = foreign(text)
    return Content.assemble(" " if text[:1].isspace() else "", inner, " " if text[-1:].isspace() and inner.plain else "")
