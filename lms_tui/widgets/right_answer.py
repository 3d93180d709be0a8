"""A right answer, as one would write it: options in full, pairs beside each other, output as it is printed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.prose import Prose, plain_line

_SAYS = "A right answer: "


def right_answer(question: Question, key: AnswerKey, order: Sequence[int]) -> ComposeResult:
    """The widgets that show it; none where the key holds none that can be written out."""
    numbers = [number for number in key.correct if 1 <= number <= len(question.options)]
    match question.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            places = {order.index(number) + 1: question.options[number - 1] for number in sorted(numbers, key=order.index)}
            yield from _options(places)
        case Kind.ORDER:
            yield _line(", ".join(str(number) for number in numbers))
            yield from _lines(f"{place}. {plain_line(question.options[number - 1])}" for place, number in enumerate(numbers, 1))
        case Kind.MATCHING:
            yield _line(", ".join(str(number) for number in numbers))
            pairs = zip(question.stems, numbers, strict=False)
            yield from _lines(f"{plain_line(stem)} → {plain_line(question.options[number - 1])}" for stem, number in pairs)
        case Kind.BLANKS:
            yield _line("")
            yield from _lines(f"[{number}] {gap}" for number, gap in enumerate(map(written, key.gaps), 1))
        case Kind.CODE_OUTPUT if text := written(key.answers):
            yield _line("")
            yield Prose(_fenced(text))
        case Kind.NUMERIC | Kind.TEXT if text := written(key.answers):
            yield _line(text)
        case _:
            return


def written(answers: Sequence[Answer]) -> str:
    """A right answer in writing, or nothing where there are only patterns."""
    for answer in answers:
        if answer.correct and answer.low is not None:
            return answer.low if answer.low == answer.high else f"{answer.low} to {answer.high}"
        if answer.correct and answer.text:
            return answer.text
    return ""


def _line(text: str) -> Static:
    return Static(Content.assemble((_SAYS, "$quiet"), foreign(text)), classes="told")


def _options(places: Mapping[int, str]) -> ComposeResult:
    in_a_line = [f"{place} {plain_line(text)}" for place, text in places.items() if "\n" not in text]
    if len(in_a_line) == len(places) == 1:
        yield _line(in_a_line[0])
        return
    yield _line(", ".join(map(str, places)))
    yield from _lines(in_a_line) if len(in_a_line) == len(places) else map(Prose, places.values())


def _lines(texts: Iterable[str]) -> Iterator[Static]:
    yield Static(Content("\n").join(foreign(text) for text in texts))


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
