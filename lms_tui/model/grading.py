"""Grading, by rules that ``lms.grade`` in the database repeats: a test with generated answers holds the two together.

A response of another shape than its kind asks for wins nothing; it is never an error:

=============  ==================================================================================
single         the 1-based number of the option
multiple       a list of option numbers
order          a list of all item numbers
matching       a list with, for each stem, the number of the right-hand option
numeric, text  a string
code_output    a string
blanks         a list with a string for each gap
self_marked    ``{"text": string, "points": number}``
=============  ==================================================================================
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms_tui.model import pattern
from lms_tui.model.marks import heaped
from lms_tui.model.question import Answer, AnswerKey, Grade, Kind, Question, Response
from lms_tui.model.text import canonical, one_spaced

MAX_RESPONSE_CHARACTERS = 10_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
_UPPER_TO_LOWER = {
    upper: upper + step
    for first, last, step in ((0x41, 0x5A, 32), (0xC0, 0xDE, 32), (0x391, 0x3A9, 32), (0x410, 0x42F, 32), (0x400, 0x40F, 80))
    for upper in range(first, last + 1)
    if upper not in (0xD7, 0x3A2)  # the multiplication sign; a gap in the Greek block
}


def grade(question: Question, key: AnswerKey, response: Response) -> Grade:
    """The points that a response wins, rounded half up to four places, and what the key says of it."""
    share, feedback = _GRADERS[question.kind](question, key, response)
    exact = question.points * share.numerator / share.denominator  # as the database does it: multiplied first
    points = question.points if share == 1 else exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Grade(points, question.points, tuple(text for text in feedback if text))


def right_parts(question: Question, key: AnswerKey, response: Response) -> tuple[bool, ...]:
    """For each part of an answer that wins marks of its own, whether it is right; nothing where only the whole counts."""
    given = response if isinstance(response, (list, tuple)) else ()
    match question.kind:
        case Kind.BLANKS if len(given) == len(key.gaps):
            matches = (_first_match(gap, text, key.case) if _is_text(text) else None for gap, text in zip(key.gaps, given, strict=True))
            return tuple(matched is not None and matched.correct for matched in matches)
        case Kind.MULTIPLE if key.partial:
            return tuple(number in key.correct for number in given)
        case (Kind.MATCHING | Kind.ORDER) as kind if len(given) == len(key.correct) and (key.partial or kind is Kind.MATCHING):
            return tuple(number == right for number, right in zip(given, key.correct, strict=True))
        case _:
            return ()


def fold(text: str) -> str:
    """Letters of the Latin, Greek and Cyrillic alphabets in lower case, by a list that the database shares."""
    return text.translate(_UPPER_TO_LOWER)


def number(text: str) -> Decimal | None:
    """The number that a person typed, or None where it is none: ASCII digits, a point, an exponent of two digits."""
    trimmed = one_spaced(text)
    return Decimal(trimmed) if _NUMBER.fullmatch(trimmed) else None


_Share = tuple[Fraction, Sequence[str]]
_NONE: _Share = (Fraction(0), ())


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _option_feedback(key: AnswerKey, chosen: Sequence[int]) -> list[str]:
    return [key.feedback[option - 1] for option in chosen if 0 < option <= len(key.feedback)]


def _single(_: Question, key: AnswerKey, response: Response) -> _Share:
    if not _is_number(response):
        return _NONE
    return Fraction(key.correct[:1] == (response,)), _option_feedback(key, [response])


def _numbers(response: Response) -> list[int] | None:
    """The response as a list of numbers, or None where it is something else."""
    if isinstance(response, (list, tuple)) and all(_is_number(item) for item in response):
        return list(response)
    return None


def _multiple(_: Question, key: AnswerKey, response: Response) -> _Share:
    chosen = _numbers(response)
    if chosen is None or len(set(chosen)) != len(chosen):
        return _NONE
    feedback = _option_feedback(key, sorted(chosen))
    right = len(set(chosen) & set(key.correct))
    if key.partial and key.correct:
        return Fraction(max(0, right - (len(chosen) - right)), len(key.correct)), feedback
    return Fraction(set(chosen) == set(key.correct)), feedback


def _order(_: Question, key: AnswerKey, response: Response) -> _Share:
    chosen = _numbers(response)
    if chosen is None or len(chosen) != len(key.correct) or not chosen:
        return _NONE
    if key.partial:
        return _share_of_equal(chosen, key.correct), ()
    return Fraction(tuple(chosen) == key.correct), ()


def _matching(_: Question, key: AnswerKey, response: Response) -> _Share:
    chosen = _numbers(response)
    if chosen is None or len(chosen) != len(key.correct) or not chosen:
        return _NONE
    return _share_of_equal(chosen, key.correct), ()


def _share_of_equal(given: Sequence[int], right: Sequence[int]) -> Fraction:
    return Fraction(sum(a == b for a, b in zip(given, right, strict=True)), len(right))


def _is_text(response: Response) -> bool:
    return isinstance(response, str) and len(response) <= MAX_RESPONSE_CHARACTERS and not heaped(response)


def _typed(_: Question, key: AnswerKey, response: Response) -> _Share:
    if not _is_text(response):
        return _NONE
    matched = _first_match(key.answers, response, key.case)
    return (Fraction(matched.correct), (matched.feedback,)) if matched else _NONE


def _blanks(_: Question, key: AnswerKey, response: Response) -> _Share:
    if not isinstance(response, (list, tuple)) or len(response) != len(key.gaps) or not key.gaps:
        return _NONE
    matches = [_first_match(gap, text, key.case) if _is_text(text) else None for gap, text in zip(key.gaps, response, strict=True)]
    right = sum(1 for matched in matches if matched and matched.correct)
    return Fraction(right, len(key.gaps)), [matched.feedback for matched in matches if matched]


def _first_match(answers: Sequence[Answer], response: str, case: bool) -> Answer | None:
    """The first foreseen answer, in the author's order, that the response is."""
    given = canonical(response) if case else fold(canonical(response))
    return next((answer for answer in answers if _matches(answer, response, given, case)), None)


def _matches(answer: Answer, response: str, given: str, case: bool) -> bool:
    """``given`` is the response as what is compared, which is made once for all answers."""
    if answer.low is not None and answer.high is not None:
        value = number(response)
        return value is not None and Decimal(answer.low) <= value <= Decimal(answer.high)
    if answer.pattern is not None:
        return pattern.matches(answer.pattern if case else fold(answer.pattern), given)
    expected = canonical(answer.text or "")
    return given == (expected if case else fold(expected))


def _printed(text: str) -> str:
    """Printed output by what counts: no blanks at line ends, no empty lines at the end."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n")


def _code_output(_: Question, key: AnswerKey, response: Response) -> _Share:
    if not _is_text(response):
        return _NONE
    given = _printed(response)
    matched = next((answer for answer in key.answers if _printed(answer.text or "") == given), None)
    return (Fraction(matched.correct), (matched.feedback,)) if matched else _NONE


def _self_marked(question: Question, _: AnswerKey, response: Response) -> _Share:
    said = response.get("points") if isinstance(response, dict) else None
    if not isinstance(said, (int, float)) or isinstance(said, bool) or not math.isfinite(said) or not question.points:
        return _NONE
    return Fraction(min(max(Decimal(str(said)), Decimal(0)), question.points)) / Fraction(question.points), ()


_GRADERS = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.ORDER: _order,
    Kind.MATCHING: _matching,
    Kind.NUMERIC: _typed,
    Kind.TEXT: _typed,
    Kind.BLANKS: _blanks,
    Kind.CODE_OUTPUT: _code_output,
    Kind.SELF_MARKED: _self_marked,
}
