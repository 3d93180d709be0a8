"""What is typed becomes words, whatever is typed."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.cache.searching import fts5
from lms_tui.model.query import MAX_CHARACTERS, MAX_WORDS, STOP_WORDS, Query, parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" \t\n", ()),
        ('"', ()),
        ("*", ()),
        ("-v", ("v",)),
        (".gitignore", ("gitignore",)),
        ("Arc<Mutex<T>>", ("arc", "mutex", "t")),
        ("tests & R", ("tests", "r")),
        ("intro!", ("intro",)),
        ("snake_case", ("snake", "case")),
        ("how do I list the files", ("list", "files")),
        ("what is the of and", ("what", "is", "the", "of", "and")),
        ("Straße CAFÉ Ёлка", ("strasse", "café", "ёлка")),
        ("日本 語", ("日本", "語")),
        ("हिन्दी", ("हिन्दी",)),
        ("tide tide Tide", ("tide",)),
        ("x\0y\ud800z", ("x", "y", "z")),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert parse(text) == Query(words)
    assert bool(parse(text)) is bool(words)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("IS NOT NULL", Query(("null",), common=("is", "not"))),
        ("the pipes", Query(("pipes",), common=("the",))),
        ("the", Query(("the",))),
        ("to be or", Query(("to", "be", "or"))),
        ("where is the null", Query(("null",))),
    ],
)
def test_a_common_word_finds_nothing_where_another_does_and_counts_in_few_words(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("t", Query(("t",))),
        ("ti", Query(("ti",), True)),
        ("tide ", Query(("tide",))),
        ("tide.", Query(("tide",))),
        ("high ti", Query(("high", "ti"), True)),
        ("high tides hi", Query(("high", "tides", "hi"), True)),
        ("tide moon tide", Query(("moon", "tide"), True)),
        ("where are the tides of th", Query(("tides", "th"), True)),
        ("where are the tides of the", Query(("tides",))),
    ],
)
def test_while_it_is_typed_the_last_word_may_go_on(text: str, query: Query) -> None:
    assert parse(text, typing=True) == query
    assert not parse(text).prefix


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_a_question_that_fts5_takes(text: str, typing: bool) -> None:
    query = parse(text, typing=typing)
    assert len(query.words) <= MAX_WORDS
    assert len(set(query.words)) == len(query.words)
    assert all(word and not set(word) & set(" \"'*:()^-+{}<>&|!\\\0") for word in query.words)
    if len(parse(text[:MAX_CHARACTERS]).words) > 3:
        assert not STOP_WORDS.issuperset(query.words) or all(word in STOP_WORDS for word in query.words)
    if query:
        with_words = sqlite3.connect(":memory:")
        with_words.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')")
        with_words.execute("SELECT * FROM t WHERE t MATCH ?", (fts5(query),)).fetchall()
        with_words.close()


@given(st.lists(st.text("abcdefgh", min_size=2, max_size=5), min_size=1, max_size=40))
def test_no_more_words_than_are_looked_for(words: list[str]) -> None:
    assert len(parse(" ".join(words)).words) <= MAX_WORDS
