"""A question as it is asked: the prompt, its form, and the hints that were asked for."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Rule, Static

from lms_tui.commands import key_name
from lms_tui.model.question import Kind, Question, Response
from lms_tui.views.practice import WHAT_TO_DO, points, prompt
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import keymap_of
from lms_tui.widgets.prose import Prose
from lms_tui.widgets.question_form import QuestionForm, form_for

_THEN = {Kind.CODE_OUTPUT: "; {key} checks", Kind.SELF_MARKED: ", then mark it yourself; {key} checks"}
_WHERE_NOTHING_IS_CHECKED = {Kind.CODE_OUTPUT: "; {key} keeps it", Kind.SELF_MARKED: ", which only a person can judge; {key} keeps it"}


class Hints(Vertical):
    """The hints that were asked for, and how many there are."""

    def __init__(self, shown: tuple[str, ...], count: int) -> None:
        super().__init__(classes="" if shown else "-none")
        self._shown, self._count = shown, count

    def compose(self) -> ComposeResult:
        for number, hint in enumerate(self._shown, 1):
            yield Static(f"Hint {number} of {self._count}", classes="headline", markup=False)
            yield Prose(hint)

    async def show(self, shown: tuple[str, ...], count: int) -> None:
        """These hints now, the last of them in sight."""
        self._shown, self._count = shown, count
        self.remove_class("-none")
        await self.recompose()
        self.call_after_refresh(self.children[-1].scroll_visible, animate=False)


class QuestionView(Vertical):
    """One question. It is locked once its answer is checked. ``above`` is Markdown that stands before it.

    ``graded_elsewhere``: its answer is kept and not checked, and nobody marks their own. ``order`` are the numbers of its options in the
    order in which they are drawn.
    """

    def __init__(
        self, question: Question, draft: Response, hints: tuple[str, ...], *, above: str, graded_elsewhere: bool, order: Sequence[int]
    ) -> None:
        super().__init__()
        self._order = order
        self._question, self._draft, self._hints, self._above = question, draft, hints, above
        self._graded_elsewhere = graded_elsewhere

    def compose(self) -> ComposeResult:
        question = self._question
        if self._above:
            yield Prose(self._above)
            yield Rule()
        if question.title:
            yield Static(foreign(question.title), classes="title")
        if question.prompt:
            yield Prose(prompt(question))
        yield Static(self._what_to_do(), classes="what-to-do")
        yield form_for(question, self._draft, self._order)
        yield Hints(self._hints, len(question.hints))

    def _what_to_do(self) -> Content:
        question = self._question
        keys = keymap_of(self).keys("assessment.keep" if self._graded_elsewhere else "practice.check").split(",")
        key = next((key_name(key) for key in keys if len(key) > 1 and key not in ("enter", "space")), "Ctrl+P")  # the others write
        then = _WHERE_NOTHING_IS_CHECKED if self._graded_elsewhere else _THEN
        parts = [WHAT_TO_DO[question.kind] + then.get(question.kind, "").format(key=key)]
        if question.points != 1:
            parts.append(f"{points(question.points)} points")
        if question.hints:
            parts.append(f"{len(question.hints)} hint{'s' if len(question.hints) > 1 else ''}")
        return foreign(" · ".join(parts))

    def take_keys(self) -> None:
        """Puts the cursor into the form."""
        self.query_one(QuestionForm).take_keys()

    def come_into_sight(self) -> None:
        """Scrolls past what stands before the question, where that keeps the form out of sight."""
        self.call_after_refresh(self._pass_what_is_above)

    def _pass_what_is_above(self) -> None:
        stage, form = self.parent, self.query_one(QuestionForm)
        if isinstance(stage, Widget) and form.region.bottom - self.region.y > stage.scrollable_content_region.height:
            for rule in self.query_children(Rule):
                rule.scroll_visible(top=True, animate=False)

    def close_form(self) -> None:
        """The answer is given; the form shows it and takes no more keys."""
        self.query_one(QuestionForm).disabled = True
