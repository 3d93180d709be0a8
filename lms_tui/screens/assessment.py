"""An assessment: an entry card, questions in any order while the time runs, and a receipt; the database grades."""

from collections.abc import Awaitable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from lms_tui.commands import ASSESSMENT, NEIGHBOURS, bindings
from lms_tui.model.errors import LmsError
from lms_tui.model.response import fault
from lms_tui.screens.attempt import AttemptWatch, HandedIn, Outcome, Started, carried_out
from lms_tui.screens.phases import Phase
from lms_tui.screens.questions import QuestionScreen, in_turn
from lms_tui.views.attempting import time_left
from lms_tui.views.nodes import SectionPage
from lms_tui.views.practice import PracticeRun, is_complete, what_is_missing
from lms_tui.widgets.entry_card import EntryCard
from lms_tui.widgets.out_of_reach import OutOfReach
from lms_tui.widgets.progress_dots import ProgressDots
from lms_tui.widgets.question_form import QuestionForm
from lms_tui.widgets.sending import Receipt, Review

if TYPE_CHECKING:
    from lms_tui.library import Library

_CALM_SECONDS = 0.4
_UNDER_WAY = (Phase.ANSWERING, Phase.SUMMARY)


class AssessmentScreen(QuestionScreen):
    """One attempt after another at the questions of an ASSESSMENT. How long one has is told by the library's clock alone."""

    HERE = (*ASSESSMENT, *NEIGHBOURS)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HERE)]
    LAST = Phase.SENT
    WHEN = {
        "enrol": (Phase.CARD,),
        "start": (Phase.CARD,),
        "resume": (Phase.CARD,),
        "check": (Phase.ANSWERING,),
        "skip": (Phase.ANSWERING,),
        "hint": (Phase.ANSWERING,),
        "review": (Phase.ANSWERING,),
        "edit": (Phase.ANSWERING,),
        "step": _UNDER_WAY,
        "ask": _UNDER_WAY,
        "rest": (Phase.SUMMARY,),
        "send": (Phase.SUMMARY,),
        "proceed": (Phase.CARD, Phase.SENT),
        "card": (Phase.SENT,),
    }

    def __init__(self, library: "Library", page: SectionPage) -> None:
        run = PracticeRun(page, {}, library.drafts(page.section.id), learner=library.person.user_id)
        super().__init__(library, page, run, Phase.CARD)
        self._watch = AttemptWatch(library, page.section.id)
        self._trouble = ""
        self._asks = False  # whether the review has asked once more
        self._shown_at = monotonic()

    # --- what is seen

    def compose_body(self) -> ComposeResult:
        yield OutOfReach()
        yield from super().compose_body()

    def beside_the_questions(self) -> Widget:
        if self._phase is Phase.SUMMARY:
            return Review(self._run)
        if self._phase is Phase.SENT:
            return Receipt(self._run, self.next_title())
        return EntryCard(self.page, self.next_title())

    async def set_the_stage(self) -> None:
        self._asks = False
        await super().set_the_stage()
        self._shown_at = monotonic()

    def show_standing(self) -> None:
        super().show_standing()
        entry, now = self._watch.entry, self.library.now()
        self.query_one(ProgressDots).display = self._phase in (*_UNDER_WAY, Phase.SENT)
        for card in self.query(EntryCard):
            card.show(self.page, entry, now, self._trouble, waits=self._phase is Phase.WAITING)
        for review in self.query(Review):
            review.show(asks=self._asks, waits=self._phase is Phase.WAITING)
        for receipt in self.query(Receipt):
            receipt.show(self._watch.attempt, entry, now)
        cut_off = self._phase in _UNDER_WAY and entry.needs_connection and self.library.status().state != "online"
        self.query_one(OutOfReach).show(cut_off, timed=self._watch.ends)

    def standing(self) -> str:
        left = self._watch.seconds_left
        if self._phase not in _UNDER_WAY or left is None:
            return super().standing()
        where = f"{self._run.at + 1} of {len(self._run.questions)} · " if self._phase is Phase.ANSWERING else ""
        return where + time_left(left)

    def reread(self) -> None:
        asked = self.page.questions
        self._watch.look()
        super().reread()
        self._look_whether_it_is_over()
        if self._phase in _UNDER_WAY and (asked != self.page.questions or self._watch.entry.under_way is None):
            self.call_next(self._ask_what_is_there)

    @in_turn
    async def _ask_what_is_there(self) -> None:
        """The course came anew with other questions, or the attempt is not under way any more."""
        if self._phase not in _UNDER_WAY:
            return
        if self._watch.entry.under_way is None:
            self.say(self._watch.why_it_is_gone(), "warning")
            await self._show_the_card()
            return
        at = self._run.question.key if self._run.questions else ""
        run = self._run = PracticeRun(self.page, {}, self._run.responses, learner=self.library.person.user_id)
        run.at = next((index for index, question in enumerate(run.questions) if question.key == at), 0)
        await self.turn_to(self._phase if run.questions else Phase.SUMMARY)

    # --- the time

    def beat(self) -> None:
        super().beat()
        if self._phase is Phase.CARD and self._watch.take_turn_to_ask(self.page):
            self.work(self.library.fetch_questions(self.page.section.id))
        if not self.is_attached or not (self._watch.ends or self._watch.has_turned):
            return
        try:
            words = self._watch.tick()
        except LmsError:  # the next reread tells it and leads back
            return
        if words and self._phase in _UNDER_WAY:
            self.say(words, "warning")
        self._look_whether_it_is_over()
        self.show_standing()

    def _look_whether_it_is_over(self) -> None:
        if self._phase in (Phase.CARD, *_UNDER_WAY) and self._watch.is_over():
            self.call_next(self._time_is_up)

    @in_turn
    async def _time_is_up(self) -> None:
        """What is answered is handed in."""
        if self._phase not in (Phase.CARD, *_UNDER_WAY):
            return
        if self._run.to_send():
            self.say("The time is up. What you have answered is handed in.", "warning")
            self._hand_in()
        elif self._phase in _UNDER_WAY:
            self.say("The time is up, and nothing was answered.", "warning")
            await self._show_the_card()

    # --- what can be done

    def can(self, action: str, parameters: tuple[object, ...]) -> bool:
        entry = self._watch.entry
        may_start = entry.may_start and bool(self.page.questions)
        match action:
            case "start":
                return may_start and entry.under_way is None
            case "resume":
                return may_start and entry.under_way is not None
            case "proceed":
                return self._phase is Phase.SENT or not may_start
            case "send":
                return bool(self._run.to_send())
            case "back" | "not_yet":
                return self._asks is (action == "not_yet")
            case _:
                return super().can(action, parameters)

    def _too_soon(self) -> bool:
        """Whether a key was meant for what was here before: nothing that cannot be taken back comes of it."""
        return monotonic() - self._shown_at < _CALM_SECONDS

    @in_turn
    async def action_start(self) -> None:
        """Begins an attempt."""
        if not self._too_soon():
            self._wait_for(self.library.start_attempt(self.page.section.id), Started)

    @in_turn
    async def action_resume(self) -> None:
        """Goes on with the attempt under way."""
        await self._go_on_with_it()

    def _wait_for(self, deed: Awaitable[object], outcome: type[Outcome]) -> None:
        self._before, self._phase, self._trouble = self._phase, Phase.WAITING, ""
        self.show_standing()
        self.work(carried_out(deed, outcome, self.post_message))

    @on(Started)
    @in_turn
    async def _started(self, message: Started) -> None:
        self._trouble, self._phase = message.trouble, Phase.CARD
        if self.or_leave(self.reread) and not self._trouble:
            await self._go_on_with_it()

    async def _go_on_with_it(self) -> None:
        self.app.clear_notifications()
        self._watch.follow()
        self._run = self._kept_run()
        if self._run.rest is None:
            self._run.at = len(self._run.questions) - 1
        await self.turn_to(Phase.SUMMARY if self._run.rest is None else Phase.ANSWERING)

    @in_turn
    async def action_check(self) -> None:
        """Keeps the answer and goes on."""
        question, response = self._run.question, self.query_one(QuestionForm).response
        if not is_complete(question, response):
            self.say_of_the_answer(what_is_missing(question, response))
        elif (wrong := fault(question, response)) is not None:
            self.say_of_the_answer(f"This question {wrong}.")
        else:
            self._run.write(response)
            await self.next_or_summary()

    @in_turn
    async def action_review(self) -> None:
        """Shows what is answered and what is open."""
        await self.turn_to(Phase.SUMMARY)

    @in_turn
    async def action_send(self) -> None:
        """Sends the answers as one attempt; where some are open, it asks once more."""
        if self._too_soon():
            return
        if self._run.rest is not None and not self._asks:
            self._ask_once_more(True)
        else:
            self._hand_in()

    def action_not_yet(self) -> None:
        """Takes back the question whether to send."""
        self._ask_once_more(False)

    def _ask_once_more(self, asks: bool) -> None:
        self._asks, self._shown_at = asks, monotonic()
        self.show_standing()

    def _hand_in(self) -> None:
        responses = self._run.to_send()
        self._wait_for(self._answers.record(responses, self._run.hints_for(responses)), HandedIn)

    @on(HandedIn)
    @in_turn
    async def _handed_in(self, message: HandedIn) -> None:
        self._trouble, self._phase = message.trouble, self._before
        if not self.or_leave(self.reread if message.trouble else self._watch.look):
            return
        if message.trouble:
            self.say(message.trouble, "warning")
        else:
            await self.turn_to(Phase.SENT)

    @in_turn
    async def action_proceed(self) -> None:
        """To the next section."""
        if not self._too_soon():
            self.go_on()

    @in_turn
    async def action_card(self) -> None:
        """Shows the entry card, with all attempts."""
        await self._show_the_card()

    async def _show_the_card(self) -> None:
        self._run = self._kept_run()
        await self.turn_to(Phase.CARD)

    def _kept_run(self) -> PracticeRun:
        """The questions as they are now, with what is kept of answers to them."""
        return PracticeRun(self.page, {}, self.library.drafts(self.page.section.id), learner=self.library.person.user_id)

    def action_back(self) -> None:
        """Goes back; the attempt stays under way."""
        self._say_that_it_goes_on()
        super().action_back()

    def action_outline(self) -> None:
        self._say_that_it_goes_on()
        super().action_outline()

    def _say_that_it_goes_on(self) -> None:
        if (left := self._watch.seconds_left) and self._phase in _UNDER_WAY:
            self.say(f"The time goes on: {time_left(left)}.")
