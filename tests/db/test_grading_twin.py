"""The database grades as the app does, whatever the key and the response."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_tui.db import migrate
from lms_tui.db.target import Target
from lms_tui.model.grading import fold, grade
from lms_tui.model.marks import MARKS, heaped
from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from lms_tui.model.text import canonical

TWIN = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

letters = st.text(st.sampled_from("aAbBzéÉ\u0301ẞßÀ×ÞþΑΩςΣϒЁёЯя 0129.eE+-\t\n\r\u00a0\u2009\u3000\u200b'\"\\%_^$*"), max_size=8)
marks = st.sampled_from("\u0300\u0316\u0345\u0f73\u3099\U0001e5ee").flatmap(
    lambda mark: st.integers(0, 40).map(lambda number: "a" + number * mark)
)
texts = (
    letters
    | marks
    | st.lists(marks, max_size=3).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
)
integers = st.integers(-1, 5)
decimals = st.decimals(-100, 100, places=3).map(str) | st.sampled_from(["0", "1e3", "-2.50", ".5", "5."])
patterns = st.sampled_from(["a+b?", "[a-z]{2}", r"\$HOME", "(?:a|B)c*", "[^A]", "É|z", r"\d+\.\d", ".*", "a b"])


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    correct = draw(st.booleans())
    form = draw(st.sampled_from(["text", "pattern", "range"]))
    if form == "text":
        return Answer(text=draw(texts), correct=correct)
    if form == "pattern":
        return Answer(pattern=draw(patterns), correct=correct)
    low, high = draw(decimals), draw(decimals)
    return Answer(low=low, high=high, correct=correct)


keys = st.builds(
    AnswerKey,
    correct=st.lists(st.integers(1, 4), max_size=4, unique=True).map(tuple),
    answers=st.lists(answers(), max_size=3).map(tuple),
    gaps=st.lists(st.lists(answers(), max_size=2).map(tuple), max_size=3).map(tuple),
    case=st.booleans(),
    partial=st.booleans(),
)
points = st.sampled_from([Decimal(1), Decimal(3), Decimal("0.5"), Decimal("2.25"), Decimal(0), Decimal("7.0000")])
responses = st.one_of(
    integers,
    st.lists(integers, max_size=4),
    texts,
    decimals,
    st.lists(texts | decimals, max_size=3),
    st.fixed_dictionaries({"text": texts, "points": st.integers(-2, 9) | st.floats(-2, 9).map(lambda number: round(number, 2))}),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
        max_leaves=5,
    ),
)


@pytest.fixture(scope="module")
def connection(migrated: Target) -> Iterator[psycopg.Connection]:
    with migrate.connect(migrated) as connection:
        yield connection


def in_database(connection: psycopg.Connection, question: Question, key: AnswerKey, response: Any) -> Decimal:
    row = connection.execute(
        "SELECT lms.grade(%s, %s::jsonb, %s::jsonb, %s::jsonb)",
        (question.kind, *(msgspec.json.encode(part).decode() for part in (key, question, response))),
    ).fetchone()
    assert row is not None
    assert isinstance(row[0], Decimal)
    return row[0]


@TWIN
@given(kind=st.sampled_from(list(Kind)), key=keys, worth=points, response=responses)
def test_any_answer_wins_the_same_points(connection: psycopg.Connection, kind: Kind, key: AnswerKey, worth: Decimal, response: Any) -> None:
    question = Question(key="q", kind=kind, prompt="", points=worth)
    assert in_database(connection, question, key, response) == grade(question, key, response).points


@TWIN
@given(key=keys, worth=points, data=st.data())
def test_answers_near_the_key_win_the_same_points(
    connection: psycopg.Connection, key: AnswerKey, worth: Decimal, data: st.DataObject
) -> None:
    """Responses drawn from the key itself, so that most of them are right or nearly so."""
    forms = [answer.text or answer.low or "ab" for answer in key.answers] or ["ab"]
    gaps = [[answer.text or answer.low or "ab" for answer in gap] or ["ab"] for gap in key.gaps]
    ways: list[Callable[[str], str]] = [str, str.upper, str.lower, "\u00a0{} ".format, "{}\r\n".format, "x{}".format]
    vary = st.sampled_from(ways)
    near = st.one_of(
        st.permutations(key.correct),
        st.sampled_from(forms).flatmap(lambda form: vary.map(lambda how: how(form))),
        st.tuples(*(st.sampled_from(gap).flatmap(lambda form: vary.map(lambda how: how(form))) for gap in gaps)).map(list),
        st.just(key.correct[0] if key.correct else 1),
    )
    response = data.draw(near)
    for kind in Kind:
        question = Question(key="q", kind=kind, prompt="", points=worth)
        assert in_database(connection, question, key, response) == grade(question, key, response).points, kind


@TWIN
@given(texts)
def test_canonical_text_and_folding_are_the_same(connection: psycopg.Connection, text: str) -> None:
    assert connection.execute("SELECT lms.canonical(%s), lms.fold(%s)", (text, text)).fetchone() == (canonical(text), fold(text))


def test_every_capital_of_the_list_is_folded_in_the_same_way(connection: psycopg.Connection) -> None:
    every = "".join(chr(point) for point in range(0x20, 0x600))
    assert connection.execute("SELECT lms.fold(%s)", (every,)).fetchone() == (fold(every),)


@TWIN
@given(st.lists(marks, max_size=3).map("".join) | texts)
def test_too_many_marks_are_the_same(connection: psycopg.Connection, text: str) -> None:
    assert connection.execute("SELECT lms.heaped(%s)", (text,)).fetchone() == (heaped(text),)


def test_every_mark_that_the_server_orders_is_listed(connection: psycopg.Connection) -> None:
    """A mark goes before one of a higher class, and after one of a lower."""
    ordered = """
      SELECT coalesce(string_agg(chr(i), ''), '') FROM generate_series(128, 1114111) i WHERE i NOT BETWEEN 55296 AND 57343 AND (
        i <> 820 AND normalize('A' || chr(i) || chr(820), NFD) = 'A' || chr(820) || normalize(chr(i), NFD)
        OR i <> 837 AND normalize('A' || chr(837) || chr(i), NFD) = 'A' || normalize(chr(i), NFD) || chr(837))
    """
    row = connection.execute(ordered).fetchone()
    assert row is not None
    assert len(row[0]) > 900
    assert re.sub(f"[{MARKS}]", "", row[0]) == ""
    assert all(heaped("a" + 31 * mark) and not heaped("a" + 30 * mark) for mark in row[0])


def test_no_response_is_slow_to_grade(connection: psycopg.Connection) -> None:
    """Ordering ten thousand marks takes the server a third of a second for each foreseen answer: the time is the statement's own limit."""
    key = AnswerKey(answers=tuple(Answer(text=f"x{n}") for n in range(60)))
    question = Question(key="q", kind=Kind.TEXT, prompt="")
    connection.execute("SET statement_timeout = '2s'")
    try:
        for response in ("a" + "\u0300\u0316" * 4999, "a\u0300\u0316" * 3333):
            assert in_database(connection, question, key, response) == grade(question, key, response).points == 0
    finally:
        connection.execute("RESET statement_timeout")
