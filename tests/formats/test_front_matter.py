"""Front matter: texts and lists, and nothing that YAML can do beyond."""

import time

import pytest

from lms_tui.formats.front_matter import Page, read_page, read_yaml
from lms_tui.formats.imported import Findings


def page(text: str) -> tuple[Page, list[tuple[int, str]]]:
    findings = Findings()
    read = read_page("page.md", text, findings)
    return read, [(warning.line, warning.message) for warning in findings.warnings]


def test_values_are_texts_and_lists() -> None:
    read, warnings = page("---\ntitle: 2024-01-01\nversion: 1.10\ntags: [no, 'yes', 3]\nempty:\n---\nbody\n---\nmore")
    assert (read.text("title"), read.text("version"), read.texts("tags")) == ("2024-01-01", "1.10", ("no", "yes", "3"))
    assert (read.text("empty", "default"), read.text("missing", "x"), read.texts("title")) == ("default", "x", ("2024-01-01",))
    assert (read.body, read.first_line, read.line("version")) == ("body\n---\nmore", 7, 3)
    assert warnings == []


def test_a_page_without_front_matter_is_all_body() -> None:
    read, warnings = page("# Title\n---\nkey: value\n---")
    assert (read.values, read.body, warnings) == ({}, "# Title\n---\nkey: value\n---", [])
    read, warnings = page("---\nnever closed")
    assert read.body == "---\nnever closed"
    assert warnings[0][0] == 1


def test_a_colon_in_a_text_is_mended_and_told() -> None:
    read, warnings = page("---\nid: x\ntitle: Part 1: it's here\n---\n")
    assert (read.text("id"), read.text("title")) == ("x", "Part 1: it's here")
    assert [line for line, _ in warnings] == [3]


@pytest.mark.parametrize(
    ("yaml", "line"),
    [
        ("a: &x [1]\nb: *x", 2),
        ("ok: 1\na: !!python/object/apply:os.system [ls]", 3),
        ("a: !x y", 2),
        ("- a\n- b", 2),
        ("just words", 2),
        ("a: 1\na: 2", 3),
        ("a: 'never closed", 2),
        ("a: [[[[[[1]]]]]]", 2),
        ("? [a]\n: b", 2),
        ("<<: {a: 1}\nb: *c", 3),
    ],
)
def test_what_is_not_taken_is_told_and_passed_over(yaml: str, line: int) -> None:
    read, warnings = page(f"---\n{yaml}\n---\nbody")
    assert (read.values, read.body) == ({}, "body")
    assert [at for at, _ in warnings] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20)),
        "[" * 30_000,
        "a: {" * 8_000,
        "".join(f"k{number}: v: w\n" for number in range(2_500)),
        "x" * 10_000_000,
    ],
)
def test_no_yaml_is_slow(text: str) -> None:
    findings, before = Findings(), time.process_time()
    assert read_yaml("bomb", text, findings) == ({}, {})
    assert findings.warnings
    assert time.process_time() - before < 1
