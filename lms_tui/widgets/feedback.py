"""What is said after an answer: a word, a symbol and a colour, what the author says of it, and why."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lms_tui.model.question import AnswerKey, Grade, Kind, Question, Response
from lms_tui.views.practice import SHAPES, Mark, mark_of, points
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import Prose

_WORDS = {Mark.CORRECT: "Correct", Mark.PARTLY: "Partly right", Mark.WRONG: "Not yet"}
_CLASSES = {Mark.CORRECT: "-correct", Mark.PARTLY: "-partly", Mark.WRONG: "-wrong"}


class Feedback(Vertical):
    """One answer's result. The explanation and the right answer are told when it is right, or when a person asks."""

    def __init__(self, question: Question, response: Response, grade: Grade, key: AnswerKey | None, *, told: bool) -> None:
        mark = mark_of(grade.points, grade.out_of)
        super().__init__(classes=_CLASSES[mark])
        self._question, self._response, self._grade, self._key = question, response, grade, key
        self._mark = mark
        self._told = told

    def compose(self) -> ComposeResult:
        yield Static(self._headline(), classes="headline")
        for text in self._grade.feedback:
            yield Prose(text)
        if self._told and self._key is not None:
            if self._mark is not Mark.CORRECT and (right := right_answer(self._question, self._key)):
                yield Static(Content.assemble(("A right answer: ", "$quiet"), foreign(right)), classes="told")
                for number in self._right_options():
                    yield Prose(self._question.options[number - 1])
            if self._key.explanation:
                yield Prose(self._key.explanation)

    def _right_options(self) -> tuple[int, ...]:
        """The options to show in full: those of a choice, whose numbers alone say little."""
        if self._key is None or self._question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
            return ()
        return tuple(number for number in self._key.correct if 1 <= number <= len(self._question.options))

    def _headline(self) -> Content:
        grade = self._grade
        parts = [Content.styled(f"{SHAPES[self._mark]} {_WORDS[self._mark]}", "bold")]
        if grade.out_of != 1 or self._mark is Mark.PARTLY:
            parts.append(Content(f"{points(grade.points)} of {points(grade.out_of)} {'point' if grade.out_of == 1 else 'points'}"))
        if chosen := said(self._question, self._response):
            parts.append(foreign(chosen).stylize("$quiet"))
        return Content.styled(" · ", "$quiet").join(parts)


def said(question: Question, response: Response) -> str:
    """What a person answered, in a few words."""
    match question.kind:
        case Kind.SINGLE:
            return f"you chose {response}"
        case Kind.MULTIPLE | Kind.ORDER | Kind.MATCHING if isinstance(response, list):
            return f"you {'chose' if question.kind is Kind.MULTIPLE else 'said'} {', '.join(str(number) for number in response)}"
        case Kind.NUMERIC | Kind.TEXT:
            return f"you wrote “{response}”"
        case _:
            return ""


def right_answer(question: Question, key: AnswerKey) -> str:
    """A right answer in a few words, or nothing where the key holds none that can be written out."""
    match question.kind:
        case Kind.SINGLE | Kind.MULTIPLE | Kind.ORDER | Kind.MATCHING:
            return ", ".join(str(number) for number in key.correct)
        case Kind.BLANKS:
            return ", ".join(next((answer.text or "…" for answer in gap if answer.correct), "…") for gap in key.gaps)
        case Kind.SELF_MARKED:
            return ""
        case _:
            answer = next((answer for answer in key.answers if answer.correct), None)
            if answer is None:
                return ""
            if answer.low is not None:
                return answer.low if answer.low == answer.high else f"{answer.low} to {answer.high}"
            return answer.text or ""
