"""The end of a run: the score, how each question stands, and what Enter does."""

from textual.content import Content
from textual.widget import Widget

from lms_tui.model.course import SectionType
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import Mark, PracticeRun
from lms_tui.views.words import counted, score
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.question_lines import question_lines


class Summary(Widget):
    """How a quiz stands, or the practice in a text."""

    def __init__(self, page: SectionPage, run: PracticeRun, next_title: str) -> None:
        super().__init__()
        self.auto_links = False
        self._page, self._run, self._next_title = page, run, next_title

    def show(self, page: SectionPage) -> None:
        """The section as it stands now."""
        self._page = page
        self.refresh(layout=True)

    def render(self) -> Content:
        to = foreign(self._next_title) if self._next_title else Content("the outline of this course")
        on = Content.assemble(("Enter", "bold $accent"), (" goes on to ", "$quiet"), to)
        lines = question_lines(self._run, self.content_size.width)
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
