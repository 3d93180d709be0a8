"""Where a reader was, found again."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from lms_tui.model.paragraph import locate, paragraph_ids, quote

TEXT = [
    "A pipe sends the output of one command to the next one.",
    "```console\n$ sort -n lengths.txt\n```",
    "The same words.",
    "In between stands something that is quite different.",
    "The same words.",
    "And an end.",
]


class Place(Struct, frozen=True):
    block: str = ""
    quote: str = ""
    ratio: float = 0.0


def ratio(index: int, of: list[str]) -> float:
    """The share of the text that stands above a paragraph."""
    lengths = [len(text) + 1 for text in of]
    return sum(lengths[:index]) / sum(lengths) if lengths else 0.0


def place(index: int, of: list[str]) -> Place:
    return Place(paragraph_ids(of)[index], quote(of[index]), ratio(index, of))


def test_ids_are_digits_and_an_ordinal() -> None:
    first, *_, last = paragraph_ids(["same", "other", " same\n"])
    assert first[:12] == last[:12]
    assert set(first[:12]) <= set("0123456789abcdef")
    assert (first[12:], last[12:]) == ("-1", "-2")


def test_a_quote_is_short_and_on_one_line() -> None:
    assert quote("two\n  lines " + "x" * 100) == "two lines " + "x" * 54


def test_a_paragraph_that_moved_is_found_by_its_id() -> None:
    assert locate(place(3, TEXT), ["new", "newer", *TEXT[::-1]]) == 4


def test_a_paragraph_that_was_edited_is_found_by_its_quote() -> None:
    edited = [*TEXT]
    edited[3] = "In between stands something which is quite different, and longer."
    assert locate(place(3, TEXT), ["new", *edited]) == 4
    grown = ["First of all. " + text for text in TEXT]
    assert locate(place(0, TEXT), grown) == 0


def test_of_equal_quotes_the_nearest_is_taken() -> None:
    gone = Place(block="000000000000-1", quote="The same words.", ratio=ratio(4, TEXT))
    assert locate(gone, TEXT) == 4


def test_without_the_paragraph_the_share_of_the_text_decides() -> None:
    assert locate(Place(block="000000000000-1", quote="qqqqq", ratio=ratio(3, TEXT)), TEXT) == 3
    assert locate(Place(), TEXT) == 0
    assert locate(Place(block="x", quote="y", ratio=1.0), []) == 0
    assert locate(Place(ratio=7.0), TEXT) == len(TEXT) - 1


@given(st.lists(st.text(), min_size=1, max_size=12), st.data())
def test_an_unchanged_text_gives_the_place_back(texts: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(texts) - 1))
    assert locate(place(index, texts), texts) == index
    assert locate(Place(ratio=ratio(index, texts)), texts) == index
