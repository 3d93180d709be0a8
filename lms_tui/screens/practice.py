"""Practice: one question at a time, checked at once; or an assessment, kept and sent as a whole."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Vertical, VerticalScroll
from textual.message import Message

from lms_tui.commands import PRACTICE, bindings
from lms_tui.model.errors import LmsError
from lms_tui.model.question import Grade, Kind, Response
from lms_tui.screens.answering import Answers
from lms_tui.screens.opening import open_outline, open_section
from lms_tui.screens.phases import WHEN, Phase
from lms_tui.screens.timed import TimedScreen
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import WHAT_IS_MISSING, Mark, PracticeRun, identity, is_complete
from lms_tui.views.reading import source
from lms_tui.views.words import numbered
from lms_tui.widgets.feedback import Feedback
from lms_tui.widgets.progress_dots import ProgressDots
from lms_tui.widgets.question_form import QuestionForm
from lms_tui.widgets.question_view import Hints, QuestionView
from lms_tui.widgets.self_marking import SelfMarking
from lms_tui.widgets.summary import Summary

if TYPE_CHECKING:
    from lms_tui.library import Library


_P = ParamSpec("_P")


_Act = Callable[Concatenate["PracticeScreen", _P], Coroutine[None, None, None]]


def _in_turn(act: _Act[_P]) -> _Act[_P]:
    """One change of the stage after another, each only if it makes sense when its turn comes: keys, fields and answers cross."""
    name = act.__name__.removeprefix("action_")

    @wraps(act)
    async def run(self: "PracticeScreen", /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        async with self.lock:
            if self.is_attached and self.check_action(name, ()):
                await act(self, *args, **kwargs)

    return run


class PracticeScreen(TimedScreen):
    """The questions of a section, or with ``only`` the one of that key out of a text."""

    HERE = PRACTICE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PRACTICE)]
    AUTO_FOCUS = ""

    class Recorded(Message):
        """An answer is recorded, or, without ``grades``, is not. These are by question id: None where the database grades later."""

        def __init__(self, grades: dict[str, Grade | None] | None) -> None:
            super().__init__()
            self.grades = grades

    def __init__(self, library: "Library", page: SectionPage, only: str = "") -> None:
        super().__init__(library, page)
        self._only = only
        self._run = PracticeRun(page, library.tried(page.section.id), library.drafts(page.section.id), only)
        self._phase = self._first_phase(page)
        self._grade: Grade | None = None
        self._before = self._phase
        self._answers = Answers(library, page.section.id)

    def _first_phase(self, page: SectionPage) -> Phase:
        run, limit = self._run, page.rules.attempts
        if run.assessment and limit is not None and page.section.progress.attempts >= limit:
            return Phase.SENT
        return Phase.SUMMARY if not run.questions or (run.finished and not self._only) else Phase.ANSWERING

    def compose_body(self) -> ComposeResult:
        with Vertical(id="practice"):
            with Center():
                yield ProgressDots()
            yield VerticalScroll(id="stage")

    def on_mount(self) -> None:
        self.work(self.library.opened(self.page.section.id))
        self.call_next(self._set_the_stage)

    def reread(self) -> None:
        self.page = self.library.page(self.page.section.id)
        self._show_standing()
        for summary in self.query(Summary):
            summary.show(self.page, self.library.status())

    def status_changed(self) -> None:
        self.reread()

    def _show_standing(self) -> None:
        run, page = self._run, self.page
        asked = self._phase not in (Phase.SUMMARY, Phase.SENT)
        right = f"question {run.at + 1} of {len(run.questions)}" if asked else numbered(page.number, page.count, self.size.width)
        self.heading(page.course.title, page.lesson_title, page.section.title, right=right)
        self.query_one(ProgressDots).show(list(run.marks.values()), run.at if asked else None)
        self.refresh_bindings()

    @_in_turn
    async def _set_the_stage(self) -> None:
        """Shows the question that is asked now, or the summary, in place of what was there."""
        stage = self.query_one("#stage", VerticalScroll)
        async with self.batch():
            await stage.remove_children()
            if self._phase in (Phase.SUMMARY, Phase.SENT):
                sent = self._phase is Phase.SENT
                await stage.mount(Summary(self.page, self._run, self.library.status(), sent=sent, next_title=self._next_title()))
            else:
                draft = self._run.responses.get(identity(self._run.question))
                above = source(self.page) if self._run.at == 0 and not self._only else ""
                view = QuestionView(self._run.question, draft, self._run.hints_shown, above=above)
                await stage.mount(view)
                view.take_keys()
        stage.can_focus = self._phase in (Phase.SUMMARY, Phase.SENT)
        if stage.can_focus:
            stage.focus()
        stage.scroll_home(animate=False)
        self._show_standing()

    def _next_title(self) -> str:
        """The section that Enter goes on to from the summary."""
        try:
            return self.library.page(self.page.next).section.title if self.page.next and not self._only else ""
        except LmsError:  # it is gone; Enter will say so
            return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes sense at this point of the run."""
        if action in WHEN and self._phase not in WHEN[action]:
            return False
        run = self._run
        match action:
            case "send":
                return run.assessment and bool(run.to_send())
            case "proceed":
                return not (self._phase is Phase.SUMMARY and run.assessment)
            case "rest":
                return run.rest is not None
            case "again":
                return not run.assessment and bool(run.questions)
            case "hint":
                return len(run.hints_shown) < len(run.question.hints)
            case "tell_why":
                return self._grade is not None and not self._grade.correct
            case "skip":
                return len(run.questions) > 1
            case _:
                return True

    @on(QuestionForm.Changed)
    def _answer_changed(self) -> None:
        self.app.clear_notifications()  # what was missing is being written
        question, response = self._run.question, self.query_one(QuestionForm).response
        self._run.responses[identity(question)] = response
        if self._answers.change(identity(question), response):
            self.work(self._answers.save())

    def settle(self) -> Coroutine[None, None, None]:
        return self._left(super().settle())

    async def _left(self, time: Coroutine[None, None, None]) -> None:
        await time
        await self._answers.save()

    @on(QuestionForm.Submitted)
    async def _field_submitted(self) -> None:
        await self.action_check()

    @_in_turn
    async def action_check(self) -> None:
        """Checks the answer; an assessment's is kept, and one's own is marked first."""
        question, run = self._run.question, self._run
        if self._phase is Phase.MARKING:
            self._send_own_mark()
            return
        response = self.query_one(QuestionForm).response
        if not is_complete(question, response):
            self.say(WHAT_IS_MISSING.get(question.kind, "Write an answer first."))
            return
        if run.assessment:
            run.responses[identity(question)] = response
            run.put(Mark.SAVED)
            await self._next_or_summary()
        elif question.kind is Kind.SELF_MARKED:
            self._phase = Phase.MARKING
            self.query_one(QuestionView).close_form()
            marking = SelfMarking(question, self.library.key(identity(question)))
            await self.query_one(QuestionView).mount(marking)
            marking.take_keys()
            marking.call_after_refresh(marking.scroll_visible, animate=False)
            self._show_standing()
        else:
            self._hand_in({identity(question): response})

    def _send_own_mark(self) -> None:
        points = self.query_one(SelfMarking).points
        if points is None:
            self.say("Say first how near your answer comes: press 1, 2 or 3.")
            return
        response = {**self.query_one(QuestionForm).response, "points": points}
        self._hand_in({identity(self._run.question): response})

    def _hand_in(self, responses: dict[str, Response]) -> None:
        self._before, self._phase = self._phase, Phase.RECORDING
        self.refresh_bindings()
        self.work(self._answer(responses))

    async def _answer(self, responses: dict[str, Response]) -> None:
        hints = {key: number for key, number in self._run.hints.items() if key in responses}
        grades = None
        try:
            grades = await self._answers.record(responses, hints)
        finally:
            self.post_message(self.Recorded(grades))

    @on(Recorded)
    @_in_turn
    async def _recorded(self, message: Recorded) -> None:
        if message.grades is None:
            self._phase = self._before
            self._show_standing()
            return
        if self._run.assessment:
            self._phase = Phase.SENT
            await self._set_the_stage()
            return
        self._grade = message.grades.get(identity(self._run.question))
        self._phase = Phase.CHECKED
        if self._grade is None:
            self._run.put(Mark.SAVED)
            self.say("Recorded. The database grades it.")
        else:
            self._run.graded(self._grade)
        await self._show_feedback(told=self._grade is not None and self._grade.correct)

    async def _show_feedback(self, told: bool) -> None:
        question, grade = self._run.question, self._grade
        view = self.query_one(QuestionView)
        view.close_form()
        await view.query("Feedback, SelfMarking").remove()
        if grade is not None:
            response = self.query_one(QuestionForm).response
            feedback = Feedback(question, response, grade, self.library.key(identity(question)), told=told)
            await view.mount(feedback)
            feedback.call_after_refresh(feedback.scroll_visible, animate=False)
        self._show_standing()

    @_in_turn
    async def action_tell_why(self) -> None:
        """Shows a right answer and the explanation."""
        await self._show_feedback(told=True)

    @_in_turn
    async def action_retry(self) -> None:
        """Asks the same question again."""
        self._phase, self._grade = Phase.ANSWERING, None
        await self._set_the_stage()

    @_in_turn
    async def action_hint(self) -> None:
        """Shows one hint more."""
        if self._run.take_hint():
            self.query_one(Hints).show(self._run.hints_shown, len(self._run.question.hints))
            self._show_standing()

    @_in_turn
    async def action_skip(self) -> None:
        """Leaves the question for later."""
        self._run.put(Mark.SKIPPED)
        await self._next_or_summary()

    @_in_turn
    async def action_step(self, by: int) -> None:
        """Goes to a neighbouring question."""
        back_from_summary = self._phase is Phase.SUMMARY and by < 0 and bool(self._run.questions)
        if back_from_summary or (self._phase is not Phase.SUMMARY and self._run.step(by)):
            await self._ask()

    async def _ask(self) -> None:
        self._phase, self._grade = Phase.ANSWERING, None
        await self._set_the_stage()

    async def _next_or_summary(self) -> None:
        if self._run.step(1):
            await self._ask()
        else:
            self._phase = Phase.SUMMARY
            await self._set_the_stage()

    @_in_turn
    async def action_proceed(self) -> None:
        """From an answer to the next question; from the last one to the summary; from there to the next section."""
        if self._phase is Phase.CHECKED and self._only:
            self.action_back()
        elif self._phase is Phase.CHECKED:
            await self._next_or_summary()
        elif self.page.next is not None and not self._only:
            open_section(self, self.page.next, instead=True)
        else:
            self.action_outline()

    @_in_turn
    async def action_rest(self) -> None:
        """Asks what has no answer yet."""
        self._run.at = self._run.rest or 0
        await self._ask()

    @_in_turn
    async def action_again(self) -> None:
        """Asks everything anew."""
        self._run.begin_again()
        await self._ask()

    def action_send(self) -> None:
        """Sends an assessment's answers as one attempt."""
        self._hand_in(self._run.to_send())

    def action_outline(self) -> None:
        """The outline of this course, at this section."""
        open_outline(self, self.page.course.ref, self.page.section.id, instead=True)
