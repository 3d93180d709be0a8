"""Questions on a stage, one at a time, with drafts that are kept on every key: what practice and an assessment share."""

from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Center, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import TextArea

from lms_tui.model.errors import LmsError
from lms_tui.model.question import Kind
from lms_tui.screens.answering import Answers
from lms_tui.screens.editing import edited
from lms_tui.screens.opening import open_outline, open_section
from lms_tui.screens.phases import ASKED, Phase
from lms_tui.screens.timed import TimedScreen
from lms_tui.views.attempting import passed_words
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import PracticeRun, identity
from lms_tui.views.reading import above_the_questions
from lms_tui.views.words import numbered
from lms_tui.widgets.progress_dots import ProgressDots
from lms_tui.widgets.prose import Prose
from lms_tui.widgets.question_form import QuestionForm
from lms_tui.widgets.question_view import Hints, QuestionView

if TYPE_CHECKING:
    from lms_tui.library import Library

_P = ParamSpec("_P")
_S = TypeVar("_S", bound="QuestionScreen")
_Act = Callable[Concatenate[_S, _P], Coroutine[None, None, None]]


def in_turn(act: _Act[_S, _P]) -> _Act[_S, _P]:
    """One change of the stage after another, each only if it makes sense when its turn comes: keys, fields and answers cross."""
    name = act.__name__.removeprefix("action_")

    @wraps(act)
    async def run(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        async with self.lock:
            if self.is_attached and self.check_action(name, args):
                await act(self, *args, **kwargs)

    return run


class QuestionScreen(TimedScreen):
    """The questions of a section. ``WHEN`` names the phases in which an action makes sense; an action that it leaves out always does.
    ``LAST`` is the phase after which nothing is asked any more.

    A screen of this kind says what stands on the stage while nothing is asked, and what Enter does with an answer.
    """

    WHEN: ClassVar[Mapping[str, tuple[Phase, ...]]] = {}
    LAST: ClassVar[Phase] = Phase.SUMMARY
    AUTO_FOCUS = ""

    def __init__(self, library: "Library", page: SectionPage, run: PracticeRun, phase: Phase) -> None:
        super().__init__(library, page)
        self._run = run
        self._phase = self._before = phase
        self._answers = Answers(library, page.section.id)
        self._said_of_it = ""  # of the answer

    def beside_the_questions(self) -> Widget:
        """What is on the stage while no question is."""
        raise NotImplementedError

    def below(self) -> str:
        """Markdown that stands below that: what its lesson says at the end, which may answer a question."""
        return self.page.summary if self._phase is self.LAST else ""

    def ask_this(self) -> QuestionView:
        """The question that is asked now."""
        run = self._run
        draft = run.responses.get(identity(run.question))
        return QuestionView(run.question, draft, run.hints_shown, above=self.above(), graded_elsewhere=run.assessment, order=run.order)

    def above(self) -> str:
        """Markdown that stands before the first question."""
        return above_the_questions(self.page) if self._run.at == 0 else ""

    def standing(self) -> str:
        """What the heading says at the right."""
        run, page = self._run, self.page
        if self._phase in ASKED:
            return f"question {run.at + 1} of {len(run.questions)}"
        return " · ".join(filter(None, (numbered(page.number, page.count, self.size.width), passed_words(page.section.passed))))

    async def action_check(self) -> None:
        """What Enter does with an answer."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        with Vertical(id="practice"):
            with Center():
                yield ProgressDots()
            yield VerticalScroll(id="stage")

    def on_mount(self) -> None:
        self.work(self.library.opened(self.page.section.id))
        self.call_next(self.set_the_stage)

    def reread(self) -> None:
        self.page = self.library.page(self.page.section.id)
        self.show_standing()

    def status_changed(self) -> None:
        self.reread()

    def show_standing(self) -> None:
        """The heading, the dots and the keys, as they are now."""
        page = self.page
        self.heading(page.course.title, page.lesson_title, page.section.title, right=self.standing())
        at = self._run.at if self._phase in ASKED else None
        self.query_one(ProgressDots).show(list(self._run.marks.values()), at)
        self.refresh_bindings()

    @in_turn
    async def set_the_stage(self) -> None:
        """Shows the question that is asked now, or what stands beside the questions, in place of what was there."""
        stage = self.query_one("#stage", VerticalScroll)
        asked = self._phase in ASKED
        async with self.batch():
            await stage.remove_children()
            view = self.ask_this() if asked else self.beside_the_questions()
            await stage.mount(view)
            if below := self.below():
                await stage.mount(Prose(below))
            if isinstance(view, QuestionView):
                view.take_keys()
        stage.can_focus = not asked
        if stage.can_focus:
            self.set_focus(stage)
        stage.scroll_home(animate=False)
        if isinstance(view, QuestionView):
            view.come_into_sight()
        self.unsay(self._said_of_it)
        self.show_standing()

    def say_of_the_answer(self, sentence: str) -> None:
        """One sentence that goes with the answer as it is now."""
        self._said_of_it = sentence
        self.say(sentence)

    def give_the_stage_keys(self) -> None:
        """No field takes keys any more; those that move the text do."""
        stage = self.query_one("#stage", VerticalScroll)
        stage.can_focus = True
        self.set_focus(stage)

    async def turn_to(self, phase: Phase) -> None:
        """The phase after this one, on the stage."""
        self._phase = phase
        await self.set_the_stage()

    async def next_or_summary(self) -> None:
        """The next question; after the last one the summary."""
        await self.turn_to(Phase.ANSWERING if self._run.step(1) else Phase.SUMMARY)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes sense at this point of the run."""
        return (action not in self.WHEN or self._phase in self.WHEN[action]) and self.can(action, parameters)

    def can(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action makes sense, in a phase in which it may."""
        run = self._run
        match action, parameters:
            case "step", (int(by),):
                return self._leads_on(by)
            case "rest", _:
                return run.rest is not None
            case "hint", _:
                return len(run.hints_shown) < len(run.question.hints)
            case "skip", _:
                return len(run.questions) > 1
            case "edit", _:
                return self._is_long()
            case "enrol", _:
                return self.can_be_taken() and not (self._phase is Phase.ANSWERING and self._is_long())
            case _:
                return True

    def _is_long(self) -> bool:
        return self._run.question.kind in (Kind.CODE_OUTPUT, Kind.SELF_MARKED)

    def _leads_on(self, by: int) -> bool:
        """Whether there is a question in that direction; in an assessment the review is after the last one."""
        run = self._run
        if self._phase is Phase.SUMMARY:
            return by < 0 and bool(run.questions)
        return 0 <= run.at + by < len(run.questions) or (by > 0 and run.assessment)

    @on(QuestionForm.Changed)
    def _answer_changed(self) -> None:
        self.unsay(self._said_of_it)  # what was missing is being written
        if not self.query(QuestionForm):
            return  # said of a question that is gone
        question, response = self._run.question, self.query_one(QuestionForm).response
        before = self._run.mark(question)
        self._run.write(response)
        if self._run.mark(question) is not before:
            self.show_standing()
        if self._answers.change(identity(question), response):
            self.work(self._answers.save())

    @on(QuestionForm.Submitted)
    async def _field_submitted(self) -> None:
        await self.action_check()

    def settle(self) -> Coroutine[None, None, None]:
        return self._left(super().settle())

    async def _left(self, time: Coroutine[None, None, None]) -> None:
        await time
        await self._answers.save()

    @in_turn
    async def action_hint(self) -> None:
        """Shows one hint more."""
        if self._run.take_hint():
            await self.query_one(Hints).show(self._run.hints_shown, len(self._run.question.hints))
            self.show_standing()

    @in_turn
    async def action_skip(self) -> None:
        """Leaves the question for later."""
        self._run.skip()
        await self.next_or_summary()

    @in_turn
    async def action_step(self, by: int) -> None:
        """Goes to a neighbouring question; from the summary back to the last one, and to it where nothing has to be checked."""
        stays = self._phase is Phase.SUMMARY or self._run.step(by)
        await self.turn_to(Phase.ANSWERING if stays else Phase.SUMMARY)

    def action_ask(self, at: int) -> None:
        """Asks the question that was clicked; by the screen itself, because what was clicked goes away."""
        self.call_next(self.ask, at)

    @in_turn
    async def ask(self, at: int) -> None:
        """Asks one question."""
        self._run.at = at
        await self.turn_to(Phase.ANSWERING)

    @in_turn
    async def action_rest(self) -> None:
        """Asks what has no answer yet."""
        self._run.at = self._run.rest or 0
        await self.turn_to(Phase.ANSWERING)

    @in_turn
    async def action_edit(self) -> None:
        """Hands the terminal to the person's editor, with the answer in it, and takes both back."""
        field = self.query_one(TextArea)
        trouble = ""
        try:
            with self.app.suspend():  # what is raised in here would leave the terminal with the editor
                try:
                    field.text = edited(field.text)
                except LmsError as error:
                    trouble = f"{error.message} {error.hint}".strip()
        except SuspendNotSupported:
            trouble = "This terminal cannot be handed to an editor."
        if trouble:
            self.say(trouble, "warning")
        field.move_cursor(field.document.end)
        self.app.refresh()
        self.set_focus(field)

    def next_title(self) -> str:
        """The section that Enter goes on to when this one is over."""
        try:
            return self.library.page(self.page.next).section.title if self.page.next else ""
        except LmsError:  # it is gone; Enter will say so
            return ""

    def go_on(self) -> None:
        """To the next section; from the last one to the outline."""
        if self.page.next is not None:
            open_section(self, self.page.next, instead=True)
        else:
            self.action_outline()

    def action_outline(self) -> None:
        """The outline of this course, at this section."""
        open_outline(self, self.page.course.ref, self.page.section.id, instead=True)
