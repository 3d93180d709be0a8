"""The subset of patterns: what it takes, what it refuses, and that it means what ``re`` means."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.grading import fold
from lms_tui.model.pattern import check, matches, normalise


@pytest.mark.parametrize(
    ("pattern", "normal"),
    [
        (r"\$HOME|\$\{HOME\}", r"\$HOME|\$\{HOME\}"),
        ("^pwd$", "pwd"),
        (r"a\$", r"a\$"),
        (r"a\\$", r"a\\"),
        (r"(a|b)?c", "(?:a|b)?c"),
        (r"[+-]?\d+(?:\.\d{1,3})?", r"[\+\-]?[0-9]+(?:\.[0-9]{1,3})?"),
        (r"[^\]a-c[]", r"[^\]a-c\[]"),
        (r"a\/b-c", "a/b-c"),
        ("x{2}y{2,}", "x{2}y{2,}"),
        ("e\u0301", "é"),
    ],
)
def test_what_is_taken(pattern: str, normal: str) -> None:
    assert normalise(pattern) == normal
    assert normalise(normal) == normal
    re.compile(normal)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("^$", "empty"),
        ("a|", "empty"),
        ("()", "empty"),
        ("(a+)+", "repeated"),
        ("((a{2})b)*", "repeated"),
        ("a**", "repeats nothing"),
        ("a+?", "repeats nothing"),
        ("*a", "repeats nothing"),
        ("(?=a)", "(?"),
        ("(?i)a", "(?"),
        ("(?P<n>a)", "(?"),
        (r"(a)\1", r"\1"),
        (r"\bword", r"\b"),
        (r"\w", r"\w"),
        (r"\s", r"\s"),
        ("a{101}", "100"),
        ("a{99999999}", "numbers"),
        ("a{3,2}", "smaller"),
        ("a{0}", "smaller"),
        ("a{,3}", "numbers"),
        ("{", "no meaning"),
        ("a^b", "no meaning"),
        ("a$b", "no meaning"),
        ("(a", "never closed"),
        ("a)", "closes nothing"),
        ("[a", "too early"),
        ("a\\", "too early"),
        ("[]", "empty"),
        ("[Y-b]", "range"),
        ("[z-a]", "range"),
        ("[[:alpha:]]", "named"),
        ("a\nb", "cannot be seen"),
        ("a" * 201, "longer"),
        ("(" * 60 + "a" + ")" * 60, "deep"),
        ("(abcdefghijkl){100}", "too large"),
    ],
)
def test_what_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        check(pattern)


@pytest.mark.parametrize("pattern", ["a?" * 60 + "a" * 60, "(a|a)" * 39, "(a|aa)*", ".*" * 99, "(a|b|ab)*c", "a{0,100}" * 10])
def test_no_pattern_is_slow(pattern: str) -> None:
    before = time.process_time()
    matches(pattern, "a" * 10_000 + "!")
    assert time.process_time() - before < 2


ATOM = st.sampled_from(["a", "b", "A", ".", "[ab]", "[^a]", r"\d", r"\.", "(a|b)", "(ab|b)", "(a|ab)"])
QUANTIFIED = st.tuples(ATOM, st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{2,}"])).map("".join)
PATTERN = st.lists(st.lists(QUANTIFIED, min_size=1, max_size=4).map("".join), min_size=1, max_size=3).map("|".join)


@given(PATTERN, st.text(alphabet="abA1.", max_size=8))
def test_it_means_what_re_means(pattern: str, text: str) -> None:
    expected = re.fullmatch(pattern, text) is not None
    assert matches(pattern, text) is expected
    assert (re.fullmatch(normalise(pattern), text) is not None) is expected


@given(st.text(alphabet=r"ab09AZ.[]()|?*+{},^$\-d: ", max_size=14), st.text(alphabet="abz09. -", max_size=5))
def test_whatever_is_taken_compiles_in_both_cases_of_letters(pattern: str, text: str) -> None:
    try:
        normal = normalise(pattern)
    except ValueError:
        return
    assert (re.fullmatch(normal, text) is not None) is matches(pattern, text)
    folded = fold(normal)
    assert (re.fullmatch(folded, text) is not None) is matches(folded, text)
    assert normalise(normal) == normal
