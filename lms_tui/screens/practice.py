"""Practice: one question at a time, checked at once."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from lms_tui.commands import NEIGHBOURS, PRACTICE, bindings
from lms_tui.model.question import Grade, Kind, Response
from lms_tui.screens.phases import Phase
from lms_tui.screens.questions import QuestionScreen, in_turn
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import Mark, PracticeRun, identity, is_complete, what_is_missing
from lms_tui.widgets.feedback import Feedback
from lms_tui.widgets.question_form import QuestionForm
from lms_tui.widgets.question_view import QuestionView
from lms_tui.widgets.self_marking import SelfMarking
from lms_tui.widgets.summary import Summary

if TYPE_CHECKING:
    from lms_tui.library import Library


class PracticeScreen(QuestionScreen):
    """The questions of a section, or with ``only`` the one of that key out of a text."""

    HERE = (*PRACTICE, *NEIGHBOURS)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HERE)]
    WHEN = {
        "check": (Phase.ANSWERING, Phase.MARKING),
        "skip": (Phase.ANSWERING,),
        "hint": (Phase.ANSWERING,),
        "proceed": (Phase.CHECKED, Phase.SUMMARY),
        "retry": (Phase.CHECKED,),
        "tell_why": (Phase.CHECKED,),
        "again": (Phase.SUMMARY,),
        "open_question": (Phase.SUMMARY,),
        "edit": (Phase.ANSWERING,),
        "rest": (Phase.SUMMARY,),
        "step": (Phase.ANSWERING, Phase.CHECKED, Phase.SUMMARY),
        "ask": (Phase.ANSWERING, Phase.CHECKED, Phase.SUMMARY),
    }

    class Recorded(Message):
        """An answer is recorded, or, without ``grades``, is not. These are by question id: None where the database grades later."""

        def __init__(self, grades: dict[str, Grade | None] | None) -> None:
            super().__init__()
            self.grades = grades

    def __init__(self, library: "Library", page: SectionPage, only: str = "") -> None:
        run = PracticeRun(page, library.tried(page.section.id), library.drafts(page.section.id), only, learner=library.person.user_id)
        over = not run.questions or (run.finished and not only)
        super().__init__(library, page, run, Phase.SUMMARY if over else Phase.ANSWERING)
        self._only = only
        self._grade: Grade | None = None
        self._singly = False  # opened from the summary, to which one goes back

    def beside_the_questions(self) -> Summary:
        return Summary(self.page, self._run, self.next_title())

    def above(self) -> str:
        return "" if self._only else super().above()

    def below(self) -> str:
        return "" if self._only else super().below()

    def next_title(self) -> str:
        return "" if self._only else super().next_title()

    def reread(self) -> None:
        super().reread()
        for summary in self.query(Summary):
            summary.show(self.page)

    async def set_the_stage(self) -> None:
        self._grade = None
        await super().set_the_stage()
        for summary in self.query(Summary):
            self._singly = False
            self.set_focus(summary)

    def can(self, action: str, parameters: tuple[object, ...]) -> bool:
        match action:
            case "again":
                return bool(self._run.questions)
            case "open_question":
                return self._picked() >= 0
            case "proceed":
                return self._picked() < 0
            case "tell_why":
                return self._grade is not None and not self._grade.correct
            case _:
                return super().can(action, parameters)

    @in_turn
    async def action_check(self) -> None:
        """Checks the answer; what a person marks themselves is marked first."""
        question = self._run.question
        if self._phase is Phase.MARKING:
            self._send_own_mark()
            return
        response = self.query_one(QuestionForm).response
        if not is_complete(question, response):
            self.say_of_the_answer(what_is_missing(question, response))
        elif question.kind is Kind.SELF_MARKED:
            self._phase = Phase.MARKING
            self.query_one(QuestionView).close_form()
            marking = SelfMarking(question, self.library.key(identity(question)))
            await self.query_one(QuestionView).mount(marking)
            marking.take_keys()
            marking.call_after_refresh(marking.scroll_visible, animate=False)
            self.show_standing()
        else:
            self._hand_in({identity(question): response})

    def _send_own_mark(self) -> None:
        points = self.query_one(SelfMarking).points
        if points is None:
            self.say_of_the_answer("Say first how near your answer comes: press 1, 2 or 3.")
            return
        response = {**self.query_one(QuestionForm).response, "points": points}
        self._hand_in({identity(self._run.question): response})

    def _hand_in(self, responses: dict[str, Response]) -> None:
        self.unsay(self._said_of_it)  # nothing is missing now
        self._before, self._phase = self._phase, Phase.RECORDING
        self.refresh_bindings()
        self.work(self._answer(responses))

    async def _answer(self, responses: dict[str, Response]) -> None:
        grades = None
        try:
            grades = await self._answers.record(responses, self._run.hints_for(responses))
        finally:
            self.post_message(self.Recorded(grades))

    @on(Recorded)
    @in_turn
    async def _recorded(self, message: Recorded) -> None:
        if message.grades is None:
            self._phase = self._before
            self.show_standing()
            return
        self._grade = message.grades.get(identity(self._run.question))
        self._phase = Phase.CHECKED
        if self._grade is None:
            self._run.put(Mark.SAVED)
            self.say_of_the_answer("Recorded. The database grades it.")
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
            feedback = Feedback(question, response, grade, self.library.key(identity(question)), told=told, order=self._run.order)
            await view.mount(feedback)
            feedback.call_after_refresh(feedback.scroll_visible, animate=False)
        self.give_the_stage_keys()
        self.show_standing()

    @in_turn
    async def action_tell_why(self) -> None:
        """Shows a right answer and the explanation."""
        await self._show_feedback(told=True)

    @in_turn
    async def action_retry(self) -> None:
        """Asks the same question again."""
        await self.turn_to(Phase.ANSWERING)

    @in_turn
    async def action_proceed(self) -> None:
        """From an answer to the next question; from the last one to the summary; from there to the next section."""
        if self._phase is Phase.CHECKED and self._only:
            self.action_back()
        elif self._phase is Phase.CHECKED:
            await (self.turn_to(Phase.SUMMARY) if self._singly else self.next_or_summary())
        elif self._only:
            self.action_outline()
        else:
            self.go_on()

    def _picked(self) -> int:
        """The question under the summary's cursor, or -1."""
        return max((summary.cursor for summary in self.query(Summary)), default=-1)

    async def action_open_question(self) -> None:
        """Asks the question under the summary's cursor once more."""
        await self.ask(self._picked())

    async def ask(self, at: int) -> None:
        """Asks one question; from one out of the summary one comes back to it."""
        self._singly = self._phase is Phase.SUMMARY
        await super().ask(at)

    def action_back(self) -> None:
        """From a question that was opened out of the summary to the summary; else to the screen before."""
        if self._singly and self._phase in (Phase.ANSWERING, Phase.MARKING, Phase.CHECKED):
            self.call_next(self._back_to_the_summary)
        else:
            super().action_back()

    @in_turn
    async def _back_to_the_summary(self) -> None:
        if self._phase is not Phase.RECORDING:
            await self.turn_to(Phase.SUMMARY)

    @in_turn
    async def action_again(self) -> None:
        """Asks everything anew."""
        self._run.begin_again()
        await self.turn_to(Phase.ANSWERING)
