"""Boxes in Markdown."""

from hypothesis import given
from hypothesis import strategies as st

from lms_tui.model.fences import MAX_DEPTH, Box, Piece, Run, parse


def boxes(pieces: tuple[Piece, ...]) -> list[Box]:
    return [piece for piece in pieces if isinstance(piece, Box)]


def only(text: str) -> Box:
    [box] = boxes(parse(text).pieces)
    return box


def test_a_box_between_runs() -> None:
    before, box, after = parse("one\n::: callout\ntwo\n:::\nthree\n").pieces
    assert before == Run(text="one", first_line=1, last_line=1)
    assert isinstance(box, Box)
    assert (box.name, box.first_line, box.last_line, box.closed) == ("callout", 2, 4, True)
    assert box.children == (Run(text="two", first_line=3, last_line=3),)
    assert after == Run(text="three\n", first_line=5, last_line=6)


def test_attributes() -> None:
    box = only("::: callout {.warning #here key=value name=\"two words\" other='x y' partial}\n:::")
    assert (box.name, box.classes, box.id, box.words) == ("callout", ("warning",), "here", ("partial",))
    assert box.attributes == {"key": "value", "name": "two words", "other": "x y"}
    assert (only("::: {.a .b}\n:::").name, only("::: {.a .b}\n:::").classes) == ("a", ("b",))
    assert only("::: {#lonely}\n:::").id == "lonely"
    assert only(":::{note}\n:::").name == "note"
    assert only("::: Warning ::::::\n:::").name == "Warning"


def test_prose_after_colons_is_prose() -> None:
    for text in ("::: two words", ":::: {unclosed", "::: {=}", "    ::: indented code", "text ::: callout", ":: callout"):
        assert parse(text).pieces == (Run(text=text, first_line=1, last_line=1),)


def test_equal_lengths_nest() -> None:
    outer = only("::: challenge\na\n::: solution\nb\n:::\nc\n:::")
    [inner] = boxes(outer.children)
    assert (outer.last_line, inner.name, inner.last_line) == (7, "solution", 5)


def test_any_number_of_colons_closes_the_innermost() -> None:
    outer = only(":::: a\n:::::::: b\n:::\n::::::::::::::")
    assert (outer.closed, boxes(outer.children)[0].last_line) == (True, 3)


def test_code_keeps_its_colons() -> None:
    for text in (
        "```\n::: a\n:::\n```",
        "  ~~~ text\n::: a\n```\n:::\n  ~~~~",
        "````md\n```\n::: a\n```\n:::\n````",
        "```never closed\n::: a",
        "~~~ `tilde`\n::: a\n~~~",
    ):
        assert parse(text).pieces == (Run(text=text, first_line=1, last_line=text.count("\n") + 1),)


def test_a_fence_with_backticks_in_its_info_is_no_fence() -> None:
    assert only("``` a`b\n::: box\n:::").name == "box"


def test_a_box_without_an_end_is_told() -> None:
    parsed = parse("::: outer\ntext\n::: inner\nmore")
    outer = boxes(parsed.pieces)[0]
    assert (outer.closed, outer.last_line, boxes(outer.children)[0].last_line) == (False, 4, 4)
    assert [(warning.line, "never closed" in warning.message) for warning in parsed.warnings] == [(3, True), (1, True)]


def test_an_end_without_a_box_is_told_and_kept() -> None:
    parsed = parse("a\n:::\nb")
    assert parsed.pieces == (Run(text="a\n:::\nb", first_line=1, last_line=3),)
    assert [warning.line for warning in parsed.warnings] == [2]


def test_depth_is_capped_and_the_ends_still_match() -> None:
    depth = 200
    parsed = parse("\n".join(["::: box"] * depth + ["deep"] + [":::"] * depth + ["after"]))
    assert len(parsed.warnings) == 1
    levels, pieces = 0, parsed.pieces
    while inner := boxes(pieces):
        levels, pieces = levels + 1, inner[0].children
    assert levels == MAX_DEPTH
    assert parsed.pieces[-1] == Run(text="after", first_line=2 * depth + 2, last_line=2 * depth + 2)


def lines_of(pieces: tuple[Piece, ...]) -> list[tuple[int, str | None]]:
    """Every line that the pieces hold: its number and, for a line in a run, its text."""
    found: list[tuple[int, str | None]] = []
    for piece in pieces:
        if isinstance(piece, Run):
            found += enumerate(piece.text.split("\n"), piece.first_line)
            assert found[-1][0] == piece.last_line
        else:
            found.append((piece.first_line, None))
            found += lines_of(piece.children)
            if piece.closed:
                found.append((piece.last_line, None))
    return found


@given(st.text(alphabet=st.characters(exclude_characters=":")))
def test_text_without_boxes_is_unchanged(text: str) -> None:
    assert parse(text).pieces == (Run(text=text, first_line=1, last_line=text.count("\n") + 1),)


LINE = st.sampled_from(["::: a", ":::", "::::: b {.c}", "```", "~~~~", "````", "text", "", "  :::", "    :::", "::: x y", "{", "::: {#i}"])


@given(st.lists(LINE, min_size=1, max_size=40))
def test_every_line_is_in_exactly_one_piece(lines: list[str]) -> None:
    found = lines_of(parse("\n".join(lines)).pieces)
    assert [number for number, _ in found] == list(range(1, len(lines) + 1))
    assert all(text is None or text == lines[number - 1] for number, text in found)


def test_long_lines_are_read_at_once() -> None:
    for line in (
        "::: a" + " " * 1_000_000 + "b",
        "::: {" + "} " * 500_000,
        ":" * 1_000_000 + "x y",
        "`" * 1_000_000 + " `",
        "::: {" + "a" * 1_000_000 + "}",
    ):
        assert parse(line).pieces == (Run(text=line, first_line=1, last_line=1),)
