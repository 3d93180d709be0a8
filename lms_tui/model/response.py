"""Whether a response has the shape that its kind of question asks for: what has not is refused before it is recorded."""

from lms_tui.model.grading import MAX_RESPONSE_CHARACTERS, number
from lms_tui.model.question import Kind, Question, Response


def fault(question: Question, response: Response) -> str | None:
    """What is wrong with the shape of a response, as the end of a sentence that begins with the question; None when it is right."""
    return _FAULTS[question.kind](question, response)


def _option(count: int, value: Response) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= count


def _options(count: int, value: Response) -> bool:
    return isinstance(value, (list, tuple)) and all(_option(count, item) for item in value)


def _text(value: Response) -> bool:
    return isinstance(value, str) and len(value) <= MAX_RESPONSE_CHARACTERS


def _single(question: Question, response: Response) -> str | None:
    return None if _option(len(question.options), response) else f"takes the number of an option, 1 to {len(question.options)}"


def _multiple(question: Question, response: Response) -> str | None:
    right = _options(len(question.options), response) and len(set(response)) == len(response)
    return None if right else f"takes a list of option numbers, 1 to {len(question.options)}, each once"


def _order(question: Question, response: Response) -> str | None:
    count = len(question.options)
    right = _options(count, response) and sorted(response) == list(range(1, count + 1))
    return None if right else f"takes a list of all the numbers from 1 to {count}, in the right order"


def _matching(question: Question, response: Response) -> str | None:
    right = _options(len(question.options), response) and len(response) == len(question.stems)
    return (
        None if right else f"takes a list of {len(question.stems)} numbers from 1 to {len(question.options)}, one for each left-hand side"
    )


def _numeric(_: Question, response: Response) -> str | None:
    return None if _text(response) and number(response) is not None else "takes a number in a string, such as “3.14”"


def _string(_: Question, response: Response) -> str | None:
    return None if _text(response) else f"takes a string of at most {MAX_RESPONSE_CHARACTERS:,} characters"


def _blanks(question: Question, response: Response) -> str | None:
    right = isinstance(response, (list, tuple)) and len(response) == len(question.gaps) and all(_text(item) for item in response)
    return None if right else f"takes a list of {len(question.gaps)} strings, one for each gap"


def _self_marked(question: Question, response: Response) -> str | None:
    said = response.get("points") if isinstance(response, dict) else None
    right = isinstance(said, (int, float)) and not isinstance(said, bool) and 0 <= said <= question.points
    right = right and _text(response.get("text"))
    return None if right else f"takes {{“text”: string, “points”: 0 to {question.points.normalize():f}}}"


_FAULTS = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.ORDER: _order,
    Kind.MATCHING: _matching,
    Kind.NUMERIC: _numeric,
    Kind.TEXT: _string,
    Kind.CODE_OUTPUT: _string,
    Kind.BLANKS: _blanks,
    Kind.SELF_MARKED: _self_marked,
}
