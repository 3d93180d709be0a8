"""Tables shrink to the width, and become records where shrinking would cut."""

from typing import Any

import pytest

from lms_tui.views.blocks import Align
from lms_tui.widgets import tables
from lms_tui.widgets.lines import Broken, Part, Parts, width_of, wrap
from lms_tui.widgets.tables import fitted


def cell(text: str) -> Parts:
    return (Part(text),)


def shown(width: int, *rows: tuple[str, ...]) -> list[str]:
    head, *body = [tuple(cell(text) for text in row) for row in rows]
    align: list[Align] = ["left"] * len(head)
    lines = fitted(tuple(align), head, tuple(body), width)
    assert all(width_of(parts) <= width for parts, _ in lines)
    return ["".join(part.text for part in parts).rstrip() for parts, _ in lines]


def test_a_table_that_fits_is_as_wide_as_it_needs() -> None:
    assert shown(30, ("a", "bb"), ("ccc", "d")) == ["a   │ bb", "────┼───", "ccc │ d"]


def test_columns_shrink_and_wrap() -> None:
    assert shown(20, ("key", "value"), ("a", "one two three four")) == [
        "key │ value",
        "────┼───────────────",
        "a   │ one two three",
        "    │ four",
    ]


def test_too_many_columns_become_records() -> None:
    names = tuple(f"column{number}" for number in range(5))
    lines = shown(24, names, tuple("some words" for _ in names), tuple("x" for _ in names))
    assert lines[:2] == ["column0: some words", "column1: some words"]
    assert lines[5] == "────────────"
    assert len(lines) == 11


def test_a_table_without_names_has_no_head() -> None:
    assert shown(20, ("", ""), ("a", "b")) == ["a │ b"]
    assert shown(8, ("", "", ""), ("some", "words", "here")) == ["some", "words", "here"]


def test_columns_that_can_never_fit_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    wraps = 0

    def counted(*given: Any) -> list[Broken]:
        nonlocal wraps
        wraps += 1
        return wrap(*given)

    monkeypatch.setattr(tables, "wrap", counted)
    names = tuple(f"c{number}" for number in range(100))
    assert len(shown(80, names, names, names)) == 201
    assert wraps == 200


def test_a_row_is_wrapped_once_when_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    row = tables._row

    def counted(*given: Any) -> list[Parts]:
        nonlocal made
        made += 1
        return row(*given)

    monkeypatch.setattr(tables, "_row", counted)
    shown(20, ("a", "b"), ("c", "d"), ("e", "f"))
    assert made == 3
