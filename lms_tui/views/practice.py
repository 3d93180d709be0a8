"""A run through the questions of a section: where one is, what is answered, and what came of it."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from lms_tui.model.course import SectionType
from lms_tui.model.grading import fold, number
from lms_tui.model.progress import QuestionState
from lms_tui.model.question import Grade, Kind, Question, Response
from lms_tui.model.response import fault
from lms_tui.model.text import canonical
from lms_tui.views.nodes import SectionPage

_GAP = re.compile(r"\[\[([0-9]+)\]\]")


class Mark(StrEnum):
    """How a question stands, in a word."""

    OPEN = "not answered"
    SAVED = "answer kept"
    BEGUN = "unfinished"
    SKIPPED = "skipped"
    CORRECT = "correct"
    PARTLY = "partly right"
    WRONG = "not yet"


_UNANSWERED = (Mark.OPEN, Mark.SKIPPED, Mark.BEGUN)
SHAPES = {
    Mark.OPEN: "○",
    Mark.SAVED: "●",
    Mark.BEGUN: "◔",
    Mark.SKIPPED: "»",
    Mark.CORRECT: "✓",
    Mark.PARTLY: "◐",
    Mark.WRONG: "✗",
}


def mark_of(points: Decimal, out_of: Decimal) -> Mark:
    """The mark for points won of points to win."""
    if points >= out_of:
        return Mark.CORRECT
    return Mark.PARTLY if points > 0 else Mark.WRONG


def identity(question: Question) -> str:
    """What events name a question by."""
    return question.id or question.key


class PracticeRun:
    """One run through a section's questions, or through one of them. It changes as a person answers."""

    def __init__(
        self, page: SectionPage, tried: Mapping[str, QuestionState], drafts: Mapping[str, Response], only: str = "", *, learner: str = ""
    ) -> None:
        questions = [question for question in page.questions if only in ("", question.key)]
        if page.rules.shuffle and not only:
            random.Random(page.section.id).shuffle(questions)  # the same each time, so that a run can be gone on with
        self.questions = tuple(questions)
        self.assessment = page.section.type is SectionType.ASSESSMENT
        asked = {identity(question) for question in questions}
        self.responses: dict[str, Response] = {key: response for key, response in drafts.items() if key in asked}
        self.marks: dict[str, Mark] = {identity(question): self._first_mark(question, tried) for question in questions}
        self.hints: dict[str, int] = {}
        self._run_of = f"{learner} {page.section.progress.attempts if self.assessment else 0}"
        self._again = 0
        self.at = next((index for index, question in enumerate(questions) if self.mark(question) is Mark.OPEN), 0)

    def _first_mark(self, question: Question, tried: Mapping[str, QuestionState]) -> Mark:
        if not self.assessment:
            state = tried.get(identity(question))
            return Mark.OPEN if state is None else mark_of(state.points, question.points)
        return _mark_of_answer(question, self.responses.get(identity(question)))

    @property
    def question(self) -> Question:
        """The question that is asked now."""
        return self.questions[self.at]

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of this question's options in the order in which they are drawn: another for each learner and run, if so asked."""
        question = self.question
        numbers = list(range(1, len(question.options) + 1))
        if question.shuffle and question.kind in (Kind.SINGLE, Kind.MULTIPLE):
            random.Random(f"{self._run_of} {self._again} {identity(question)}").shuffle(numbers)
        return tuple(numbers)

    def mark(self, question: Question) -> Mark:
        """How a question stands."""
        return self.marks[identity(question)]

    @property
    def hints_shown(self) -> tuple[str, ...]:
        """The hints of this question that were asked for."""
        return self.question.hints[: self.hints.get(identity(self.question), 0)]

    def take_hint(self) -> bool:
        """Shows one hint more; False when there are no more."""
        key, shown = identity(self.question), len(self.hints_shown)
        if shown == len(self.question.hints):
            return False
        self.hints[key] = shown + 1
        return True

    def hints_for(self, responses: Iterable[str]) -> dict[str, int]:
        """How many hints were shown of these questions; those without any are left out."""
        return {key: self.hints[key] for key in responses if key in self.hints}

    def graded(self, grade: Grade) -> None:
        """What this question's answer won; a better earlier answer stays the better one."""
        key, now = identity(self.question), mark_of(grade.points, grade.out_of)
        better = {Mark.CORRECT: 2, Mark.PARTLY: 1}
        if better.get(now, 0) >= better.get(self.marks[key], 0):
            self.marks[key] = now

    def put(self, mark: Mark) -> None:
        """Marks this question where it has no result yet."""
        if self.mark(self.question) in (Mark.OPEN, Mark.SAVED, Mark.SKIPPED):
            self.marks[identity(self.question)] = mark

    def skip(self) -> None:
        """Leaves this question for later; an answer that it has stays one."""
        if self.mark(self.question) is Mark.OPEN:
            self.put(Mark.SKIPPED)

    def write(self, response: Response) -> None:
        """The answer to this question as it is being written; in an ASSESSMENT it counts without another key."""
        key = identity(self.question)
        self.responses[key] = response
        if self.assessment:
            now = _mark_of_answer(self.question, response)
            self.marks[key] = Mark.SKIPPED if (now, self.marks[key]) == (Mark.OPEN, Mark.SKIPPED) else now

    def count(self, *marks: Mark) -> int:
        """How many questions stand so."""
        return sum(mark in marks for mark in self.marks.values())

    def step(self, by: int) -> bool:
        """Goes to a neighbour; False at an end."""
        if not 0 <= self.at + by < len(self.questions):
            return False
        self.at += by
        return True

    @property
    def rest(self) -> int | None:
        """Where the first question without an answer is."""
        return next((index for index, question in enumerate(self.questions) if self.mark(question) in _UNANSWERED), None)

    @property
    def finished(self) -> bool:
        """Whether every question has a result."""
        return all(mark in (Mark.CORRECT, Mark.PARTLY, Mark.WRONG) for mark in self.marks.values())

    def begin_again(self) -> None:
        """All questions are open once more."""
        self.marks = dict.fromkeys(self.marks, Mark.OPEN)
        self.responses, self.hints, self.at = {}, {}, 0
        self._again += 1

    def to_send(self) -> dict[str, Response]:
        """The answers that an ASSESSMENT sends: all that say something; of those that are unfinished, what can be graded."""
        return worth_sending(self.questions, self.responses)


def worth_sending(questions: Sequence[Question], responses: Mapping[str, Response]) -> dict[str, Response]:
    """The responses that say something and can be graded."""
    return {
        identity(question): response
        for question in questions
        if says_something(response := responses.get(identity(question))) and fault(question, response) is None
    }


def _mark_of_answer(question: Question, response: Response) -> Mark:
    if is_complete(question, response) and fault(question, response) is None:
        return Mark.SAVED
    return Mark.BEGUN if says_something(response) else Mark.OPEN


def says_something(response: Response) -> bool:
    """Whether anything is written or chosen, in any part of it."""
    if isinstance(response, dict):
        response = response.get("text")
    if isinstance(response, list):
        return any(says_something(part) for part in response)
    return bool(response.strip()) if isinstance(response, str) else bool(response)


def prompt(question: Question) -> str:
    """The prompt as Markdown; the places of gaps are numbers in bold brackets."""
    return _GAP.sub(r"**\\[\1\\]**", question.prompt) if question.kind is Kind.BLANKS else question.prompt


def is_complete(question: Question, response: Response) -> bool:
    """Whether a response says something for every part that is asked."""
    match question.kind:
        case Kind.SINGLE:
            return isinstance(response, int)
        case Kind.MULTIPLE:
            return bool(response)
        case Kind.ORDER:
            return isinstance(response, list) and sorted(response) == list(range(1, len(question.options) + 1))
        case Kind.MATCHING:
            return fault(question, response) is None
        case Kind.BLANKS:
            return fault(question, response) is None and all(map(_fills, response, question.gaps))
        case Kind.NUMERIC:
            return isinstance(response, str) and number(response) is not None
        case Kind.SELF_MARKED:
            return isinstance(response, dict) and bool(str(response.get("text", "")).strip())
        case _:
            return isinstance(response, str) and bool(response.strip())


def _fills(text: str, choices: Sequence[str]) -> bool:
    """Whether something is written in a gap, and where there are choices, one of them."""
    written = fold(canonical(text))
    return bool(written) and (not choices or written in (fold(canonical(choice)) for choice in choices))


WHAT_TO_DO = {
    Kind.SINGLE: "choose one",
    Kind.MULTIPLE: "choose all that are right",
    Kind.NUMERIC: "write a number",
    Kind.TEXT: "write a word or a few",
    Kind.BLANKS: "fill the gaps",
    Kind.MATCHING: "write on each line the number that belongs to it",
    Kind.ORDER: "write the numbers in the right order",
    Kind.CODE_OUTPUT: "write what it prints",
    Kind.SELF_MARKED: "write an answer",
}


_WHAT_IS_MISSING = {
    Kind.SINGLE: "Choose an option first: press its number.",
    Kind.MULTIPLE: "Choose at least one option first: press its number.",
    Kind.NUMERIC: "Write a number first, such as 3.14 or 2e3, with a point and without units.",
    Kind.ORDER: "Type the number of every item once, in the right order.",
}


def what_is_missing(question: Question, response: Response) -> str:
    """What to do about a response that is not complete, in a sentence."""
    if question.kind is Kind.MATCHING:
        return _where_a_number_is_missing(len(question.options), response if isinstance(response, list) else [])
    if question.kind is Kind.BLANKS:
        return "Fill every gap; where choices are listed, with the number of one." if any(question.gaps) else "Fill every gap."
    return _WHAT_IS_MISSING.get(question.kind, "Write an answer first.")


def _where_a_number_is_missing(count: int, numbers: Sequence[object]) -> str:
    *before, last = [str(line) for line, number in enumerate(numbers, 1) if number not in range(1, count + 1)] or ["1"]
    lines = f"lines {', '.join(before)} and {last}" if before else f"line {last}"
    return f"Type one of the numbers above, 1 to {count}, on {lines}."


def points(value: Decimal) -> str:
    """Points to two places, without zeros at the end: ``1``, ``0.5``, ``0.33``."""
    return f"{round(value, 2).normalize():f}"
