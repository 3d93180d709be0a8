"""The end of a run: the score, how each question stands, and what Enter does."""

from textual.content import Content
from textual.widget import Widget

from lms_tui.model.course import SectionType
from lms_tui.views.nodes import SectionPage, Status
from lms_tui.views.practice import SHAPES, Mark, PracticeRun, prompt
from lms_tui.views.words import counted, score
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import plain_line

_COLOURS = {Mark.CORRECT: "$success", Mark.PARTLY: "$warning", Mark.WRONG: "$error", Mark.SAVED: "$accent"}


class Summary(Widget):
    """Words for a quiz, for an assessment that is still to be sent, and for one that was sent."""

    def __init__(self, page: SectionPage, run: PracticeRun, status: Status, *, sent: bool, next_title: str) -> None:
        super().__init__()
        self._next_title = next_title
        self._page, self._run, self._status, self._sent = page, run, status, sent

    def show(self, page: SectionPage, status: Status) -> None:
        """The section and the queue as they stand now."""
        self._page, self._status = page, status
        self.refresh(layout=True)

    def render(self) -> Content:
        lines = [*self._headlines(), Content("")]
        lines += [self._line(number, index) for number, index in enumerate(range(len(self._run.questions)), 1)]
        if self._sent or not self._run.assessment:
            to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
            lines += [Content(""), Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)]
        return Content("\n").join(lines)

    def _headlines(self) -> list[Content]:
        page, run = self._page, self._run
        if run.assessment:
            return self._of_assessment()
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

    def _of_assessment(self) -> list[Content]:
        page, run = self._page, self._run
        if not self._sent:
            kept = len(run.to_send())
            what = Content.styled(f"{kept} of {counted(len(run.questions), 'answer')} ready to send", "bold")
            limit = page.rules.attempts
            left = f"Attempt {page.section.progress.attempts + 1} of {limit}. " if limit else ""
            then = "Nothing is sent before you press Enter. It is graded by the database." if kept else "There is nothing to send yet."
            return [what, Content.styled(left + then, "$quiet")]
        if page.section.progress.score is not None:
            return [
                Content.styled(f"✓ Graded: best score {score(page.section.progress.score)}", "bold $success"),
                Content.styled(f"{counted(page.section.progress.attempts, 'attempt')} counted", "$quiet"),
            ]
        if self._status.state == "online" and not self._status.queued:
            return [Content.styled("● Sent", "bold"), Content.styled("The score comes as soon as it is graded.", "$quiet")]
        return [
            Content.styled("● Queued", "bold"),
            Content.styled("It is saved here, is sent when the database can be reached, and counts as of now.", "$quiet"),
        ]

    def _line(self, number: int, index: int) -> Content:
        question = self._run.questions[index]
        mark = self._run.mark(question)
        room = max(1, self.content_size.width - 22)
        title = foreign(question.title or plain_line(prompt(question))).truncate(room, ellipsis=True, pad=True)
        colour = _COLOURS.get(mark, "$quiet")
        return Content.assemble((f"{number:>2} ", "$quiet"), title, "  ", (SHAPES[mark], colour), f" {mark}")
