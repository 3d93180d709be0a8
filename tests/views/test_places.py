"""A place is found again after the page was edited, and in a page too long to be parsed whole."""

import pytest

from lms_tui.model.paragraph import paragraph_ids
from lms_tui.views.document import Document
from lms_tui.views.nodes import Place
from lms_tui.views.places import SMALL, find_place, place_of

PAGE = "# Title\n\nFirst paragraph, with words.\n\n- an item\n- same\n- same\n\n::: hint\nHidden text.\n:::\n\nLast one."


def text_at(document: Document, at: tuple[int, int]) -> str:
    return document.leaves(at[0])[at[1]]


def test_every_paragraph_has_a_place_that_leads_back() -> None:
    document = Document(PAGE)
    texts = [text for index in range(len(document)) for text in document.leaves(index)]
    places = [place_of(document, index, leaf) for index in range(len(document)) for leaf in range(len(document.leaves(index)))]
    assert [place.block for place in places] == list(paragraph_ids(texts))
    assert [place.ratio for place in places] == sorted(place.ratio for place in places)
    assert [text_at(document, find_place(document, place)) for place in places] == texts


def test_an_edited_page_keeps_the_place_by_its_quote() -> None:
    place = place_of(Document(PAGE), 0, 1)
    edited = Document("# New title\n\nAnother beginning.\n\n" + PAGE.replace("with words.", "with words. And more."))
    assert text_at(edited, find_place(edited, place)).startswith("First paragraph")


def test_the_ratio_serves_when_all_else_is_gone() -> None:
    document = Document("\n\n".join(f"Paragraph {number}." for number in range(100)))
    found = text_at(document, find_place(document, Place(block="000000000000-1", ratio=0.5)))
    assert found in {f"Paragraph {number}." for number in range(45, 56)}
    assert find_place(document, Place()) == (0, 0)
    assert find_place(Document(""), Place(quote="x", ratio=0.3)) == (0, 0)


@pytest.mark.parametrize("at", [0.02, 0.5, 0.98])
def test_a_long_page_is_not_parsed_to_find_a_place(at: float) -> None:
    source = "\n\n".join(f"This is paragraph number {number} of a long page." for number in range(20_000))
    assert len(source) > 5 * SMALL
    document = Document(source)
    piece = int(at * len(document))
    place = place_of(document, piece, 1)
    again = Document(source)
    assert find_place(again, place) == (piece, 1)
    assert again.parsed < 30
    edited = Document("A new beginning.\n\n" * 300 + source)
    assert text_at(edited, find_place(edited, place)) == document.leaves(piece)[1]
    assert edited.parsed < 30
