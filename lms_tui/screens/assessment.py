"""An assessment: its questions are answered in any order, kept, and sent as a whole; the database grades."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from lms_tui.commands import ASSESSMENT, bindings
from lms_tui.screens.phases import Phase
from lms_tui.screens.questions import QuestionScreen, in_turn
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import WHAT_IS_MISSING, Mark, PracticeRun, identity, is_complete
from lms_tui.widgets.question_form import QuestionForm
from lms_tui.widgets.sending import Sending

if TYPE_CHECKING:
    from lms_tui.library import Library


class AssessmentScreen(QuestionScreen):
    """The questions of an ASSESSMENT."""

    HERE = ASSESSMENT
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ASSESSMENT)]
    WHEN = {
        "check": (Phase.ANSWERING,),
        "skip": (Phase.ANSWERING,),
        "hint": (Phase.ANSWERING,),
        "step": (Phase.ANSWERING, Phase.SUMMARY),
        "rest": (Phase.SUMMARY,),
        "send": (Phase.SUMMARY,),
        "proceed": (Phase.SENT,),
    }

    class HandedIn(Message):
        """The attempt is in the file, or, where it is not ``kept``, could not be written."""

        def __init__(self, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self, library: "Library", page: SectionPage) -> None:
        run = PracticeRun(page, {}, library.drafts(page.section.id))
        limit = page.rules.attempts
        over = limit is not None and page.section.progress.attempts >= limit
        phase = Phase.SENT if over else Phase.ANSWERING if run.questions else Phase.SUMMARY
        super().__init__(library, page, run, phase)

    def beside_the_questions(self) -> Sending:
        return Sending(self.page, self._run, self.library.status(), sent=self._phase is Phase.SENT, next_title=self.next_title())

    def reread(self) -> None:
        super().reread()
        for sending in self.query(Sending):
            sending.show(self.page, self.library.status())

    def can(self, action: str) -> bool:
        return bool(self._run.to_send()) if action == "send" else super().can(action)

    @in_turn
    async def action_check(self) -> None:
        """Keeps the answer and goes on."""
        question, run = self._run.question, self._run
        response = self.query_one(QuestionForm).response
        if not is_complete(question, response):
            self.say(WHAT_IS_MISSING.get(question.kind, "Write an answer first."))
            return
        run.responses[identity(question)] = response
        run.put(Mark.SAVED)
        await self.next_or_summary()

    def action_send(self) -> None:
        """Sends the answers as one attempt."""
        self._before, self._phase = self._phase, Phase.RECORDING
        self.refresh_bindings()
        self.work(self._hand_in())

    async def _hand_in(self) -> None:
        responses = self._run.to_send()
        hints = {key: number for key, number in self._run.hints.items() if key in responses}
        kept = False
        try:
            await self._answers.record(responses, hints)
            kept = True
        finally:
            self.post_message(self.HandedIn(kept))

    @on(HandedIn)
    @in_turn
    async def _handed_in(self, message: HandedIn) -> None:
        if message.kept:
            await self.turn_to(Phase.SENT)
        else:
            self._phase = self._before
            self.show_standing()

    async def action_proceed(self) -> None:
        """To the next section."""
        self.go_on()
