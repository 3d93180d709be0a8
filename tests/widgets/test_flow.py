"""Lines keep their places: through every width, and while heights are still guessed."""

import pytest

from lms_tui.views.document import Document
from lms_tui.widgets.flow import Flow
from tests.widgets.pages import EVERYTHING

LONG = "\n\n".join(f"## Part {number}\n\n" + "Some words that fill more than a line of text. " * 8 for number in range(40))


def known(source: str, width: int) -> Flow:
    flow = Flow(Document(source))
    flow.resize(width)
    for piece in range(len(flow.document)):
        flow.laid(piece)
    return flow


def shown(flow: Flow, y: int) -> str:
    line = flow.line(y)
    return "".join(part.text for part in line.body) if line else ""


@pytest.mark.parametrize("width", [8, 30, 58, 88])
@pytest.mark.parametrize("source", [EVERYTHING, LONG, "```\na\n\n\n                 b\n\n\n\nc\n```", "one"])
def test_an_anchor_leads_back_to_its_line(source: str, width: int) -> None:
    flow = known(source, width)
    assert [flow.y_of(flow.anchor(y)) for y in range(flow.height)] == list(range(flow.height))


@pytest.mark.parametrize("other", [20, 40, 88])
def test_a_paragraph_stays_at_the_top_through_other_widths(other: int) -> None:
    flow = known(LONG, 60)
    for y in range(5, flow.height, 37):
        flow.resize(60)
        flow.settle(0, flow.height)
        anchor, words = flow.anchor(y), shown(flow, y)
        flow.resize(other)
        flow.settle(anchor.piece, 40)
        first = (words.split() or [""])[0]
        assert first in shown(flow, flow.y_of(anchor)) + shown(flow, flow.y_of(anchor) + 1)
        flow.resize(60)
        flow.settle(anchor.piece, 40)
        assert shown(flow, flow.y_of(anchor)) == words


def test_only_what_is_near_is_laid_out() -> None:
    flow = Flow(Document(LONG * 5))
    flow.settle(len(flow.document) // 2, 24)
    assert 0 < flow.document.parsed < 12
    assert flow.line(1) is None


def test_turning_a_box_changes_only_its_piece() -> None:
    flow = known("before\n\n::: hint\nhidden\n:::\n\nafter", 40)
    closed = flow.height
    flow.turn(1, 0)
    assert flow.height > closed
    assert [shown(flow, y) for y in range(flow.height)] == ["", "before", "", "▾ Hint", "", "hidden", "", "after", ""]
    flow.turn(1, 0)
    assert flow.height == closed


def test_an_empty_page_has_no_lines() -> None:
    for source in ("", "<!-- nothing -->", "[a]: /b"):
        flow = Flow(Document(source))
        flow.settle(0, 24)
        assert flow.line(1) is None
        assert flow.y_of(flow.anchor(0)) == 0
