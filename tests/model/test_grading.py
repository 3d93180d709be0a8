from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.grading import fold, grade, number
from lms_tui.model.question import Answer, AnswerKey, Kind, Question


def points(kind: Kind, key: AnswerKey, response: Any, worth: str = "1") -> Decimal:
    return grade(Question(key="q", kind=kind, prompt="", points=Decimal(worth)), key, response).points


SINGLE = AnswerKey(correct=(2,), feedback=("no", "yes", ""))
MULTIPLE = AnswerKey(correct=(1, 3))
PARTIAL = AnswerKey(correct=(1, 3), partial=True)
TEXT = AnswerKey(answers=(Answer(text="pwd"), Answer(pattern=r"\$HOME|\$\{HOME\}"), Answer(text="cd", correct=False, feedback="moves")))
NUMERIC = AnswerKey(answers=(Answer(low="3.135", high="3.145"), Answer(low="3", high="3", correct=False, feedback="more places")))
BLANKS = AnswerKey(gaps=((Answer(text="pwd"),), (Answer(low="2", high="2"),), (Answer(text="a directory"),)))


@pytest.mark.parametrize(
    ("kind", "key", "response", "won"),
    [
        (Kind.SINGLE, SINGLE, 2, "1"),
        (Kind.SINGLE, SINGLE, 1, "0"),
        (Kind.SINGLE, SINGLE, "2", "0"),
        (Kind.SINGLE, SINGLE, True, "0"),
        (Kind.MULTIPLE, MULTIPLE, [3, 1], "1"),
        (Kind.MULTIPLE, MULTIPLE, [1], "0"),
        (Kind.MULTIPLE, MULTIPLE, [1, 1, 3], "0"),
        (Kind.MULTIPLE, PARTIAL, [1], "0.5"),
        (Kind.MULTIPLE, PARTIAL, [1, 2], "0"),
        (Kind.ORDER, AnswerKey(correct=(2, 1, 3)), [2, 1, 3], "1"),
        (Kind.ORDER, AnswerKey(correct=(2, 1, 3)), [1, 2, 3], "0"),
        (Kind.ORDER, AnswerKey(correct=(2, 1, 3), partial=True), [2, 3, 1], "0.3333"),
        (Kind.MATCHING, AnswerKey(correct=(2, 1)), [2, 2], "0.5"),
        (Kind.TEXT, TEXT, "  PWD ", "1"),
        (Kind.TEXT, TEXT, "\u00a0pwd", "1"),
        (Kind.TEXT, TEXT, "${home}", "1"),
        (Kind.TEXT, TEXT, "cd", "0"),
        (Kind.TEXT, AnswerKey(answers=(Answer(text="Pwd"),), case=True), "pwd", "0"),
        (Kind.TEXT, AnswerKey(answers=(Answer(text="caf\u00e9"),)), "CAFE\u0301", "1"),
        (Kind.NUMERIC, NUMERIC, "3.14", "1"),
        (Kind.NUMERIC, NUMERIC, " 314e-2 ", "1"),
        (Kind.NUMERIC, NUMERIC, "3", "0"),
        (Kind.NUMERIC, NUMERIC, "3,14", "0"),
        (Kind.NUMERIC, NUMERIC, "\u0663", "0"),
        (Kind.BLANKS, BLANKS, ["pwd", "2.0", "A Directory"], "1"),
        (Kind.BLANKS, BLANKS, ["pwd", "3", ""], "0.3333"),
        (Kind.BLANKS, BLANKS, ["pwd"], "0"),
        (Kind.CODE_OUTPUT, AnswerKey(answers=(Answer(text="0 1 2"),)), "0 1 2 \r\n\n", "1"),
        (Kind.CODE_OUTPUT, AnswerKey(answers=(Answer(text="0 1 2"),)), "0  1 2", "0"),
        (Kind.SELF_MARKED, AnswerKey(), {"text": "…", "points": 7}, "1"),
        (Kind.SELF_MARKED, AnswerKey(), {"text": "…", "points": float("inf")}, "0"),
    ],
)
def test_points_by_kind(kind: Kind, key: AnswerKey, response: Any, won: str) -> None:
    assert points(kind, key, response) == Decimal(won)


def test_feedback_is_what_the_key_says_of_this_answer() -> None:
    question = Question(key="q", kind=Kind.SINGLE, prompt="")
    assert grade(question, SINGLE, 1).feedback == ("no",)
    assert grade(question, SINGLE, 3).feedback == ()
    assert grade(Question(key="q", kind=Kind.TEXT, prompt=""), TEXT, "cd").feedback == ("moves",)


def test_points_are_multiplied_by_what_the_question_is_worth() -> None:
    assert points(Kind.MATCHING, AnswerKey(correct=(1, 2, 3)), [1, 2, 1], "2") == Decimal("1.3333")


ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8)


@given(st.sampled_from(list(Kind)), ANYTHING)
def test_a_response_of_any_shape_is_graded_between_nothing_and_all(kind: Kind, response: Any) -> None:
    for key in (SINGLE, PARTIAL, TEXT, NUMERIC, BLANKS):
        assert 0 <= points(kind, key, response, "3") <= 3


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_a_plain_number_is_read_exactly(value: Decimal) -> None:
    assert number(f"{value:f}") == value
