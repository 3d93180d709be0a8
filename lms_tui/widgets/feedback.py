"""What is said after an answer: a word, a symbol and a colour, what the author says of it, and why."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from lms_tui.model.grading import right_parts
from lms_tui.model.question import AnswerKey, Grade, Kind, Question, Response
from lms_tui.views.practice import SHAPES, Mark, mark_of, points
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import Prose, plain_line
from lms_tui.widgets.right_answer import right_answer

_WORDS = {Mark.CORRECT: "Correct", Mark.PARTLY: "Partly right", Mark.WRONG: "Not yet"}
_CLASSES = {Mark.CORRECT: "-correct", Mark.PARTLY: "-partly", Mark.WRONG: "-wrong"}


class Feedback(Vertical):
    """One answer's result. The explanation and the right answer are told when it is right, or when a person asks.

    ``order`` are the numbers of the options in the order in which they are drawn.
    """

    def __init__(
        self, question: Question, response: Response, grade: Grade, key: AnswerKey | None, *, told: bool, order: Sequence[int] = ()
    ) -> None:
        mark = mark_of(grade.points, grade.out_of)
        super().__init__(classes=_CLASSES[mark])
        self._question, self._response, self._grade, self._key = question, response, grade, key
        self._order = tuple(order) or tuple(range(1, len(question.options) + 1))
        self._mark = mark
        self._told = told

    def compose(self) -> ComposeResult:
        parts = self._parts(self._key) if self._key is not None and self._mark is not Mark.CORRECT else []
        yield Static(self._headline(said="" if parts else said(self._question, self._response, self._order)), classes="headline")
        if parts:
            yield Static(Content("\n").join(parts), classes="parts")
        yield from self._what_the_author_says()
        if self._told and self._key is not None:
            if self._mark is not Mark.CORRECT:
                yield from right_answer(self._question, self._key, self._order)
            if self._key.explanation:
                yield Prose(self._key.explanation)

    def _what_the_author_says(self) -> ComposeResult:
        """Where several options were chosen, each with its number."""
        if self._question.kind is not Kind.MULTIPLE or self._key is None:
            yield from map(Prose, self._grade.feedback)
            return
        chosen = self._response if isinstance(self._response, list) else []
        for place, option in enumerate(self._order, 1):
            if option in chosen and (text := "".join(self._key.feedback[option - 1 : option])):
                with Horizontal(classes="option"):
                    yield Static(f"{place}", classes="mark", markup=False)
                    yield Prose(text)

    def _headline(self, said: str) -> Content:
        grade = self._grade
        parts = [Content.styled(f"{SHAPES[self._mark]} {_WORDS[self._mark]}", "bold")]
        if grade.out_of != 1 or self._mark is Mark.PARTLY:
            parts.append(Content(f"{points(grade.points)} of {points(grade.out_of)} {'point' if grade.out_of == 1 else 'points'}"))
        if said:
            parts.append(foreign(said).stylize("$quiet"))
        return Content.styled(" · ", "$quiet").join(parts)

    def _parts(self, key: AnswerKey) -> list[Content]:
        """A line for each part of the answer, right or not."""
        names = part_names(self._question, self._response, self._order)
        right = right_parts(self._question, key, self._response)
        if len(names) != len(right):
            return []
        marks = (Content.styled("✓ right  ", "$success") if is_right else Content.styled("✗ not yet", "$error") for is_right in right)
        return [Content.assemble(mark, "  ", foreign(name)) for mark, name in zip(marks, names, strict=True)]


def said(question: Question, response: Response, order: Sequence[int]) -> str:
    """What a person answered, in a few words."""
    match question.kind:
        case Kind.SINGLE if response in order:
            return f"you chose {order.index(response) + 1}"
        case Kind.MULTIPLE if isinstance(response, list):
            places = sorted(order.index(number) + 1 for number in response if number in order)
            return f"you chose {', '.join(str(place) for place in places)}"
        case Kind.ORDER | Kind.MATCHING if isinstance(response, list):
            return f"you said {', '.join(str(number) for number in response)}"
        case Kind.NUMERIC | Kind.TEXT:
            return f"you wrote “{response}”"
        case _:
            return ""


def part_names(question: Question, response: Response, order: Sequence[int]) -> list[str]:
    """What each part of an answer says, a line each."""
    if not isinstance(response, list):
        return []
    text = dict(enumerate(map(plain_line, question.options), 1))
    match question.kind:
        case Kind.BLANKS:
            return [f"[{number}] {given}" for number, given in enumerate(response, 1)]
        case Kind.MATCHING:
            stems = [plain_line(stem) for stem in question.stems]
            return [f"{stem} → {text.get(given, given)}" for stem, given in zip(stems, response, strict=False)]
        case Kind.ORDER:
            return [f"{place}. {text.get(given, given)}" for place, given in enumerate(response, 1)]
        case Kind.MULTIPLE:
            return [f"{order.index(given) + 1} {text[given]}" for given in response if given in order]
        case _:
            return []
