from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.question import Kind, Question
from lms_tui.model.response import fault

RIGHT: dict[Kind, list[Any]] = {
    Kind.SINGLE: [1, 3],
    Kind.MULTIPLE: [[], [2], [3, 1]],
    Kind.ORDER: [[3, 1, 2]],
    Kind.MATCHING: [[1, 1], [3, 2]],
    Kind.NUMERIC: ["3.14", " -2e3 "],
    Kind.TEXT: ["", "pwd"],
    Kind.CODE_OUTPUT: ["0 1 2\n"],
    Kind.BLANKS: [["a", ""]],
    Kind.SELF_MARKED: [{"text": "…", "points": 1.5}, {"text": "", "points": 0}],
}


def question(kind: Kind) -> Question:
    return Question(key="q", kind=kind, prompt="", points=Decimal(2), options=("a", "b", "c"), stems=("x", "y"), gaps=((), ()))


@pytest.mark.parametrize(("kind", "response"), [(kind, response) for kind, responses in RIGHT.items() for response in responses])
def test_the_shapes_of_each_kind_are_taken(kind: Kind, response: Any) -> None:
    assert fault(question(kind), response) is None


@pytest.mark.parametrize("kind", Kind)
def test_what_another_kind_takes_is_refused_with_a_reason(kind: Kind) -> None:
    strange = [None, True, 0, 4, "2", [0], [1, "2"], ["a"], {"text": 1, "points": 1}, {"text": "", "points": 3}, {}]
    strange = [response for response in strange if not (kind in (Kind.TEXT, Kind.CODE_OUTPUT, Kind.NUMERIC) and response == "2")]
    for response in strange:
        assert (fault(question(kind), response) or "").startswith("takes "), response


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(st.sampled_from(list(Kind)), ANYTHING)
def test_anything_can_be_asked_about(kind: Kind, response: Any) -> None:
    assert fault(question(kind), response) is None or isinstance(fault(question(kind), response), str)
