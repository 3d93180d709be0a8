"""The end of an assessment: what is ready to be sent, and the receipt of what was."""

from datetime import UTC, datetime

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.model.question import Kind
from lms_tui.views.assessing import AttemptNode, Entry, receipt
from lms_tui.views.attempting import before_sending, result, shape, what_comes
from lms_tui.views.practice import Mark, PracticeRun, identity
from lms_tui.views.words import counted
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.question_lines import question_lines

_COLOURS = {"✓": "bold $success", "✗": "bold $error", "!": "bold $warning"}


class Review(Widget):
    """What is answered and what is not, before it is sent."""

    def __init__(self, run: PracticeRun) -> None:
        super().__init__()
        self.auto_links = False  # a click on a question asks it
        self._run = run
        self._asks = self._waits = False

    def show(self, *, asks: bool, waits: bool) -> None:
        """Whether it is asked once more, because something is open; whether it is being handed in."""
        self._asks, self._waits = asks, waits
        self.refresh(layout=True)

    def render(self) -> Content:
        run = self._run
        headline = Content.styled(f"{run.count(Mark.SAVED)} of {counted(len(run.questions), 'question')} answered", "bold")
        return Content("\n").join([headline, self._what_enter_does(), Content(""), *question_lines(run, self.content_size.width)])

    def _what_enter_does(self) -> Content:
        run = self._run
        if self._waits:
            return Content.styled("◌ One moment…", "bold")
        if not run.to_send():
            return Content.styled("There is nothing to send yet.", "$quiet")
        if not self._asks:
            return Content.styled("Nothing is sent before you press Enter. The database grades it.", "$quiet")
        words = before_sending(run.count(Mark.SAVED), run.count(Mark.BEGUN), run.count(Mark.OPEN, Mark.SKIPPED))
        return Content.styled(f"! {words}", "bold $warning")


class Receipt(Widget):
    """What became of an attempt; it changes when the database has received it, and when it is graded."""

    def __init__(self, run: PracticeRun, next_title: str) -> None:
        super().__init__()
        self.auto_links = False
        self._self_marked = sum(question.kind is Kind.SELF_MARKED and identity(question) in run.to_send() for question in run.questions)
        self._next_title = next_title
        self._lines: list[Content] = []

    def show(self, attempt: AttemptNode | None, entry: Entry, now: datetime) -> None:
        """The attempt as it stands now."""
        self._lines = [] if attempt is None else self._of(attempt, entry, now)
        self.refresh(layout=True)

    def _of(self, attempt: AttemptNode, entry: Entry, now: datetime) -> list[Content]:
        colour = _COLOURS.get(shape(attempt), "bold")
        return [
            Content.styled(result(attempt, entry.pass_mark), colour),
            foreign(receipt(attempt, entry, now.tzinfo or UTC, now)),
            *(Content.styled(sentence, "$quiet") for sentence in what_comes(attempt, self._self_marked)),
            Content(""),
            *([Content(after), Content("")] if (after := attempts_after(entry, now)) else []),
        ]

    def render(self) -> Content:
        to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
        on = Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)
        return Content("\n").join([*self._lines, on.stylize(Style.from_meta({"@click": "screen.proceed"}))])


def attempts_after(entry: Entry, now: datetime) -> str:
    """Whether there is another attempt; nothing once it has closed."""
    if entry.closes is not None and now > entry.closes:
        return ""
    if entry.attempts_left is None:
        return "You may take it again."
    return f"{counted(entry.attempts_left, 'attempt')} left." if entry.attempts_left else "This was the last attempt."
