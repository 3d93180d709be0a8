"""The end of an assessment: what is ready to be sent, and what became of it."""

from textual.content import Content
from textual.widget import Widget

from lms_tui.views.nodes import SectionPage, Status
from lms_tui.views.practice import PracticeRun
from lms_tui.views.words import counted, score
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.question_lines import question_lines


class Sending(Widget):
    """Words for an assessment that is still to be sent, and for one that was sent."""

    def __init__(self, page: SectionPage, run: PracticeRun, status: Status, *, sent: bool, next_title: str) -> None:
        super().__init__()
        self._next_title = next_title
        self._page, self._run, self._status, self._sent = page, run, status, sent

    def show(self, page: SectionPage, status: Status) -> None:
        """The section and the queue as they stand now."""
        self._page, self._status = page, status
        self.refresh(layout=True)

    def render(self) -> Content:
        lines = [*self._headlines(), Content(""), *question_lines(self._run, self.content_size.width)]
        if self._sent:
            to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
            lines += [Content(""), Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)]
        return Content("\n").join(lines)

    def _headlines(self) -> list[Content]:
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
