"""What stands behind ``- =`` and in ``[[gaps]]``: numbers with tolerances and ranges, patterns, plain text."""

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from hashlib import sha256

from msgspec import Struct

from lms_tui.formats.markdown import code_spans, in_code
from lms_tui.model.grading import MAX_RESPONSE_CHARACTERS, number
from lms_tui.model.pattern import normalise
from lms_tui.model.question import Answer
from lms_tui.model.text import canonical

_TOLERANCE = re.compile(r"\s*(?:\+/?-|±)\s*")
_GAP = re.compile(r"\[\[([^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*)\]\]")
_DIGITS = 500  # enough for the sum of any two numbers that are taken, exactly


class Gap(Struct, frozen=True):
    """A gap's foreseen answers and, for a drop-down, its choices."""

    answers: tuple[Answer, ...]
    choices: tuple[str, ...] = ()


def range_of(text: str) -> tuple[str, str] | None:
    """The closed range that ``3.14``, ``3.14 +- 0.01``, ``3.14 ± 1%`` or ``1..63`` stands for, or None where it is no number.

    Raises ValueError for a range that nothing is in.
    """
    low, dots, high = text.partition("..")
    if dots:
        return _range(number(low), number(high))
    parts = _TOLERANCE.split(text.strip(), maxsplit=1)
    middle = number(parts[0])
    if len(parts) == 1 or middle is None:
        return _range(middle, middle)
    percent = parts[1].endswith("%")
    tolerance = number(parts[1].removesuffix("%"))
    if tolerance is None:
        return None
    with localcontext(prec=_DIGITS):
        reach = abs(middle) * tolerance / 100 if percent else tolerance
        return _range(middle - reach, middle + reach)


def _range(low: Decimal | None, high: Decimal | None) -> tuple[str, str] | None:
    if low is None or high is None:
        return None
    if low > high:
        raise ValueError(f"no number is in the range from {low} to {high}")
    return format(low, "f"), format(high, "f")


def is_number(text: str) -> bool:
    """Whether the text is written as a number or a range, even an impossible one."""
    try:
        return range_of(text) is not None
    except ValueError:
        return True


def text_answer(text: str, *, correct: bool = True, feedback: str = "") -> Answer:
    """An answer by its text, or by a pattern when it is written ``/pattern/``. Raises ValueError with the reason."""
    text = _without_ticks(text.strip())
    if not canonical(text):
        raise ValueError("an answer is empty")
    if len(text) > MAX_RESPONSE_CHARACTERS:
        raise ValueError("an answer is longer than anyone can type")
    if len(text) > 2 and text[0] == text[-1] == "/":
        try:
            return Answer(pattern=normalise(text[1:-1]), correct=correct, feedback=feedback)
        except ValueError as error:
            raise ValueError(f"the pattern {text} cannot be used: {error}") from error
    return Answer(text=text, correct=correct, feedback=feedback)


def _without_ticks(text: str) -> str:
    """What a code span says, when the text is one code span."""
    if code_spans(text) != [(0, len(text))]:
        return text
    inner = text.strip("`")
    return inner[1:-1] if inner[:1] == inner[-1:] == " " and inner.strip() else inner


def number_answer(text: str, *, correct: bool = True, feedback: str = "") -> Answer:
    """An answer by its range. Raises ValueError with the reason."""
    found = range_of(text)
    if found is None:
        raise ValueError(f"'{text.strip()}' is not a number that can be compared")
    return Answer(low=found[0], high=found[1], correct=correct, feedback=feedback)


def take_gaps(paragraph: str, gaps: list[Gap], key: str) -> str:
    """The paragraph with each ``[[gap]]`` outside code as ``[[1]]``, ``[[2]]``, …; the gaps are added to the list.

    Raises ValueError with the reason.
    """
    spans = code_spans(paragraph)

    def taken(found: re.Match[str]) -> str:
        escaped = paragraph[found.start() - 1 : found.start()] == "\\"
        if escaped or in_code(spans, found.start()):
            return found[0]
        gaps.append(_gap(found[1], key))
        return f"[[{len(gaps)}]]"

    return _GAP.sub(taken, paragraph)


def _gap(text: str, key: str) -> Gap:
    parts = [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", text)]
    right = [part[1:-1].strip() for part in parts if len(part) > 2 and part[0] == "(" and part[-1] == ")"]
    if len(parts) > 1 and right:
        choices = [part[1:-1].strip() if part[:1] == "(" and part[-1:] == ")" else part for part in parts]
        if not all(choices) or len({canonical(choice).casefold() for choice in choices}) < len(choices):
            raise ValueError(f"the choices of the gap [[{text}]] must differ and not be empty")
        listed = tuple(choices[index] for index in mixed(key, choices))
        return Gap(tuple(Answer(text=choice) for choice in right), listed)
    return Gap(tuple(number_answer(part[1:]) if part.startswith("=") else text_answer(part) for part in parts))


def mixed(key: str, texts: Sequence[str]) -> list[int]:
    """Indexes in an order that looks random and is always the same for the same key and texts."""
    return sorted(range(len(texts)), key=lambda index: sha256(f"{key}\n{texts[index]}\n{index}".encode()).digest())


def shuffled(key: str, texts: Sequence[str]) -> list[int]:
    """``mixed``, and never the order in which the texts stand, where there are at least two."""
    order = mixed(key, texts)
    return order[1:] + order[:1] if order == sorted(order) else order
