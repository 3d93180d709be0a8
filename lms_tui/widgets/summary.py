"""The end of a run: the score, how each question stands, and what Enter does."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from lms_tui.commands import SUMMARY, bindings
from lms_tui.model.course import SectionType
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import Mark, PracticeRun
from lms_tui.views.words import counted, score
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import bind_own_keys
from lms_tui.widgets.question_lines import question_lines


class Summary(Widget, can_focus=True):
    """How a quiz stands, or the practice in a text. While the cursor is on no question, Enter goes on; else it opens the question."""

    COMMANDS = SUMMARY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY)]
    cursor: reactive[int] = reactive(-1)

    def __init__(self, page: SectionPage, run: PracticeRun, next_title: str) -> None:
        super().__init__()
        self.auto_links = False
        self._page, self._run, self._next_title = page, run, next_title

    def on_mount(self) -> None:
        bind_own_keys(self)

    def validate_cursor(self, cursor: int) -> int:
        return max(-1, min(cursor, len(self._run.questions) - 1))

    def watch_cursor(self, cursor: int) -> None:
        top = self.virtual_region.y + (self._first + cursor if cursor >= 0 else 0)
        if isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, top, 1, 1), animate=False, force=True)
        self.screen.refresh_bindings()

    def action_pick(self, by: int) -> None:
        """Moves the cursor among the questions; above the first it is on none, and below the last what stands there is read."""
        before = self.cursor
        self.cursor += by
        if self.cursor == before and isinstance(self.parent, Widget):
            self.parent.scroll_relative(y=by, animate=False)

    @property
    def _first(self) -> int:
        """The line of the first question."""
        return len(self._headlines()) + 1

    def show(self, page: SectionPage) -> None:
        """The section as it stands now."""
        self._page = page
        self.refresh(layout=True)

    def render(self) -> Content:
        to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
        on = Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)
        if self.cursor >= 0:
            on = Content.assemble(("Enter", "bold $accent"), (f" opens question {self.cursor + 1}", "$quiet"))
        lines = question_lines(self._run, self.content_size.width, self.cursor)
        return Content("\n").join([*self._headlines(), Content(""), *lines, Content(""), on])

    def _headlines(self) -> list[Content]:
        page, run = self._page, self._run
        right = sum(mark is Mark.CORRECT for mark in run.marks.values())
        headline = Content.styled(f"{right} of {counted(len(run.questions), 'question')} correct", "bold")
        if page.section.type is not SectionType.QUIZ:
            return [headline, Content.styled("Practice in a text is for you alone; it is never scored.", "$quiet")]
        if page.section.progress.completed_at is not None:
            standing = Content.styled("✓ This quiz is done.", "$success")
        elif page.rules.pass_mark is not None:
            standing = Content(f"The quiz is done at {score(page.rules.pass_mark)}. Your best answers count.")
        else:
            standing = Content("The quiz is done when every question has been answered.")
        best = score(page.section.progress.score)
        return [headline, Content.assemble(f"Best score {best} · " if best else "", standing)]
