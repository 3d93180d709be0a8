"""Pages as lines of text at the widths of 60, 80 and 140 columns, beside what a person has looked at."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from lms_tui.views.blocks import Blocks, leaves
from lms_tui.views.document import Document
from lms_tui.widgets.drawing import column_of
from lms_tui.widgets.lines import Line, width_of
from lms_tui.widgets.rendering import lay_out
from tests.widgets.pages import EVERYTHING, HOSTILE


class PageExtension(SingleFileSnapshotExtension):
    """A page as a text file."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


def laid(source: str, columns: int) -> list[Line]:
    _, width = column_of(columns - 1)
    return [line for blocks in Document(source).all_blocks() for line in lay_out(blocks, width).lines]


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part.text for part in (*line.lead, *line.body)).rstrip() for line in lines) + "\n"


def episode(shared_courses: Path, name: str) -> str:
    page = (shared_courses / "carpentries-shell-novice" / "episodes" / name).read_text(encoding="utf-8")
    return page.split("---", 2)[2]


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_everything(columns: int, snapshot: SnapshotAssertion) -> None:
    assert text(laid(EVERYTHING, columns)) == snapshot(extension_class=PageExtension)


def test_a_hostile_page(snapshot: SnapshotAssertion) -> None:
    page = text(laid(HOSTILE, 60))
    assert not set(page) & {chr(code) for code in (*range(10), *range(11, 32), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x2069)}
    assert page == snapshot(extension_class=PageExtension)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "columns"), [("04-pipefilter.md", 60), ("04-pipefilter.md", 140), ("02-filedir.md", 80)])
def test_a_real_page(shared_courses: Path, name: str, columns: int, snapshot: SnapshotAssertion) -> None:
    assert text(laid(episode(shared_courses, name), columns)) == snapshot(extension_class=PageExtension)


@pytest.mark.shared
@pytest.mark.parametrize("columns", [40, 60, 80, 140])
def test_no_line_is_wider_than_the_column_on_real_pages(shared_courses: Path, columns: int) -> None:
    _, width = column_of(columns - 1)
    for page in sorted((shared_courses).glob("*/episodes/*.md")):
        for line in laid(page.read_text(encoding="utf-8"), columns):
            assert width_of((*line.lead, *line.body)) <= width, (page.name, line)


@pytest.mark.parametrize("width", [8, 30, 60, 88])
def test_leaves_are_numbered_alike_whatever_is_folded(width: int) -> None:
    source = "a\n\n::: hint\n## t\n- x\n- y\n\n::: spoiler\nz\n:::\n:::\n\n| a | b |\n|---|---|\n| c | d |\n\nlast"
    blocks: Blocks = tuple(block for part in Document(source).all_blocks() for block in part)
    texts = list(leaves(blocks))
    for turned in (frozenset[int](), frozenset({0}), frozenset({0, 1})):
        lines = lay_out(blocks, width, turned).lines
        assert lines[0].leaf == 0
        assert max(line.leaf for line in lines) == len(texts) - 1 == texts.index("last")


def test_long_code_goes_on_behind_a_mark_and_is_copied_whole() -> None:
    found = lay_out(Document("```\n" + "x" * 100 + "\n```").blocks(0), 40)
    shown = [line.body[0].text + (line.body[1].text if len(line.body) > 1 else "") for line in found.lines if line.leaf == 0]
    assert len(shown) == 3
    assert all(line.startswith("↪ ") for line in shown[1:])
    assert found.stops[0].target == "x" * 100


def test_prompts_are_not_copied_but_tabs_are() -> None:
    document = Document("```bash\n$ ls\n$ pwd\n```\n\n```bash\n$ ls\nout\n```\n\n```make\nall:\n\techo\n```")
    stops = lay_out(document.blocks(0), 40).stops
    assert [stop.target for stop in stops] == ["ls\npwd", "$ ls\nout", "all:\n\techo"]


@given(st.text(max_size=200), st.integers(1, 40))
@settings(deadline=None, max_examples=200)
def test_any_text_is_laid_out_at_any_width(source: str, width: int) -> None:
    for blocks in Document(source).all_blocks():
        lay_out(blocks, width)
