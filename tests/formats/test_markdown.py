"""Markdown looked at, and transcripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lms_tui.formats.markdown import (
    code_spans,
    in_code,
    outside_code,
    plain,
    take_definitions,
    with_alternative_texts,
    with_definitions,
    without_title,
)
from lms_tui.formats.names import spoken, unique_names
from lms_tui.formats.transcript import paragraphs


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("What Does `sort -n` Do?", "What Does sort -n Do?"),
        ("**Bold** [link](x.md) ![alt](y.png)\nnext", "Bold link alt next"),
        ("snake_case and 2 * 3", "snake_case and 2 * 3"),
        ("Press <kbd>Enter</kbd> in List<T>", "Press Enter in List<T>"),
        ("arr[i] = [b] [/]", "arr[i] = [b] [/]"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_titles_are_words(source: str, words: str) -> None:
    assert plain(source) == words


@given(st.text(alphabet="`a\\ ", max_size=20))
def test_code_spans_are_those_of_the_parser(text: str) -> None:
    text = "x" + text + "x"
    children = MarkdownIt("commonmark").parseInline(text)[0].children or []
    assert len(code_spans(text)) == sum(child.type == "code_inline" for child in children)
    spans = code_spans(text)
    assert all(any(start <= at < end for start, end in spans) is in_code(spans, at) for at in range(len(text)))


def test_definitions_go_with_what_uses_them() -> None:
    lines, definitions = take_definitions(["[One]: x", "```", "[two]: y", "```", "[^1]: note", "[b c]: <z>"])
    assert lines == ["", "```", "[two]: y", "```", "[^1]: note", ""]
    assert with_definitions("see [text][one] and [B  C]", definitions) == "see [text][one] and [B  C]\n\n[One]: x\n[b c]: <z>"
    assert with_definitions("see nothing", definitions) == "see nothing"


def test_alternative_texts() -> None:
    assert with_alternative_texts("![](a.svg){alt='say \"x\" {y}' width=3} and ![old](b){.cls}") == '![say "x" {y}](a.svg) and ![old](b)'
    assert with_alternative_texts("![](a){alt='never closed}") == "![](a){alt='never closed}"
    assert outside_code(["![](a){alt=x}", "```", "![](a){alt=x}", "```"], with_alternative_texts) == [
        "![x](a)",
        "```",
        "![](a){alt=x}",
        "```",
    ]


def test_a_heading_that_repeats_the_title_goes() -> None:
    assert without_title("\n\n## The `x` ##\n\nText", "The x") == "Text"
    assert without_title("# Other\n\nText", "The x") == "# Other\n\nText"


def test_names() -> None:
    assert [spoken(name) for name in ("01-shell-basics", "2 two", "3", "a_b")] == ["Shell basics", "Two", "3", "A b"]
    assert unique_names(["a", "a-2", "a", "a", "b"]) == ["a", "a-2", "a-3", "a-4", "b"]


@given(st.lists(st.sampled_from(["a", "a-2", "a-3", "a-2-2", "b"])))
def test_unique_names_are_unique_and_the_first_keeps_its_own(names: list[str]) -> None:
    unique = unique_names(names)
    assert len(set(unique)) == len(names)
    assert all(unique[names.index(name)] == name for name in names)


def test_transcripts() -> None:
    vtt = "WEBVTT\n\nNOTE a note\n\n1\n00:00.000 --> 00:04.000 align:left\n<v Nelle>Hello <b>you</b>.\nAgain.\n\n2\n"
    vtt += "00:04.000 --> 01:00:09.500\nThe end"
    assert paragraphs(vtt) == "Nelle: Hello you. Again. The end"
    srt = "".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\nThis is sentence number {number}.\n\n" for number in range(30)
    )
    assert paragraphs(srt).count("\n\n") == 2
