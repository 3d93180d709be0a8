"""Markdown becomes blocks: everything that an author may write, in pieces as well as at once."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_tui.model.fences import Run, parse
from lms_tui.views import html, inline, pieces
from lms_tui.views.blocks import (
    Block,
    Box,
    Code,
    Heading,
    Html,
    Item,
    ListBlock,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    heading_of,
    leaves,
    plain,
)
from lms_tui.views.document import Document
from lms_tui.views.parsing import block_of_box, blocks_of_markdown

LINES = [
    "", "", "", "text", "*more* `code`", "# Heading", "- a", "- b", "  - c", "1. one", "2. two", "   para", "  x", "    code", "```",
    "```bash", "  ```", "   ~~~", "    ```", "~~~", "> q", "> - q", "> ```", "- ```", "1. > ```", "::: callout", "::: hint", ":::",
    "<div>", "</div>", "<!-- c", "-->", "<!-- one -->", "<pre>", "</pre>", "<details>", "</details>", "<summary>s</summary>",
    "  <details>", "| a | b |", "|---|---|", "| 1 | 2 |", "---", "===", "\tx", "\t```", "* * *", "<table>", "<tr><td>x</td></tr>",
    "</table>", "- <!-- x", "<kbd>x</kbd>", "- <details>", "<?php", "?>", "      deep", "10. ten", "    ```x", "`````",
]  # fmt: skip


def blocks(source: str) -> list[Block]:
    return [block for part in Document(source).all_blocks() for block in part]


def one(source: str) -> Block:
    found = blocks(source)
    assert len(found) == 1, found
    return found[0]


def at_once(text: str) -> list[Block]:
    """The blocks of a page whose runs between boxes are each parsed whole."""
    known = pieces.definitions(text)
    whole: list[Block] = []
    for piece in parse(text).pieces:
        whole.extend(blocks_of_markdown(piece.text, known) if isinstance(piece, Run) else [block_of_box(piece, known)])
    return whole


def test_inline_marks() -> None:
    block = one("a *b* **c** `d` ~~e~~ [f](g) ***h***")
    assert isinstance(block, Paragraph)
    assert [(span.text, span.marks, span.href) for span in block.spans if span.text != " "] == [
        ("a ", (), ""),
        ("b", ("emphasis",), ""),
        ("c", ("strong",), ""),
        ("d", ("code",), ""),
        ("e", ("strike",), ""),
        ("f", (), "g"),
        ("h", ("emphasis", "strong"), ""),
    ]


@pytest.mark.parametrize(
    ("source", "spans"),
    [
        ("<kbd>Ctrl</kbd>\\+<kbd>C</kbd>", [Span("Ctrl", ("key",)), Span("+"), Span("C", ("key",))]),
        ("x<br>y<br/>z", [Span("x\ny\nz")]),
        ("H<sub>2</sub>O x<sup>2</sup> y<sup>q+1</sup>", [Span("H₂O x² y^(q+1)")]),
        ('<a href="u">t</a> <b>s</b><i>e</i>', [Span("t", (), "u"), Span(" "), Span("s", ("strong",)), Span("e", ("emphasis",))]),
        ("<code>c</code><del>d</del>", [Span("c", ("code",)), Span("d", ("strike",))]),
        ('a <img src="x/y.png" alt="a tree"> b', [Span("a "), Span("a tree", ("image",)), Span(" b")]),
        ("a <!-- gone --> b", [Span("a  b")]),
        ("a <span>b</span>", [Span("a "), Span("<span>", ("html",)), Span("b"), Span("</span>", ("html",))]),
        ("a </b> c", [Span("a "), Span("</b>", ("html",)), Span(" c")]),
        ("![](fig/x.svg){alt='A \"tree\" of \\*.pdb'}", [Span('A "tree" of \\*.pdb', ("image",))]),
        ("![old](x.svg){width=50% alt='new'} after", [Span("new", ("image",)), Span(" after")]),
        ("![](fig/some-tree.svg)", [Span("some-tree.svg", ("image",))]),
        ("{alt='not an image'}", [Span("{alt='not an image'}")]),
    ],
)  # fmt: skip
def test_inline_html_and_images(source: str, spans: list[Span]) -> None:
    block = one(source)
    assert isinstance(block, Paragraph)
    assert list(block.spans) == spans


def test_tags_that_are_never_closed_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    class Counted(dict[str, Mark]):
        def __contains__(self, tag: object) -> bool:
            nonlocal looks
            looks += 1
            return super().__contains__(tag)

    monkeypatch.setattr(inline, "_TAG_MARKS", Counted(inline._TAG_MARKS))
    block = one("x" + "<b>" * 2000 + "<u>" * 2000)
    assert isinstance(block, Paragraph)
    assert plain(block.spans) == "x" + "<b>" * (2000 - inline.MOST_OPEN) + "<u>" * 2000
    assert looks <= 4000 * inline.MOST_OPEN
    deep = "<p>" + "<sup>" * 2000 + "x</p>"
    assert one(deep) == Html(deep)


def test_lists_nest_and_have_tasks_and_a_start() -> None:
    block = one("3. a\n\n   b\n4. - [ ] open\n   - [x] done")
    assert isinstance(block, ListBlock)
    assert (block.start, block.tight, len(block.items)) == (3, False, 2)
    inner = block.items[1].blocks[0]
    assert isinstance(inner, ListBlock)
    assert inner.start is None
    assert inner.items == (Item((Paragraph((Span("open"),)),), False), Item((Paragraph((Span("done"),)),), True))


def test_tables_keep_alignment_and_inline_marks() -> None:
    block = one("| a | b |\n|:--|--:|\n| `x` | y |")
    assert block == Table(("left", "right"), ((Span("a"),), (Span("b"),)), (((Span("x", ("code",)),), (Span("y"),)),))


def test_code_names_its_language() -> None:
    assert one("```{r, echo=FALSE}\nx\n```") == Code("r", "x")
    assert one("```rust,editable,ignore\nx\n\n```") == Code("rust", "x")
    assert one("    indented\n\n    more") == Code("", "indented\n\nmore")


def test_a_box_takes_its_first_heading_as_its_title_and_boxes_nest() -> None:
    block = one("::: challenge\n## Try it\ntext\n::: solution\nyes\n:::\n:::")
    assert isinstance(block, Box)
    assert (block.kind, heading_of(block), block.folded) == ("challenge", "Challenge: Try it", False)
    inner = block.blocks[1]
    assert isinstance(inner, Box)
    assert (inner.kind, heading_of(inner), inner.folded, inner.blocks) == ("solution", "Solution", True, (Paragraph((Span("yes"),)),))


def test_a_question_is_a_marker_without_its_body() -> None:
    block = one('::: question {#q-1 title="Count" points=2}\nWhich?\n- [x] secret\n:::')
    assert block == Box("question", (Span("Count"),), (), key="q-1")
    assert "secret" not in msgspec.json.encode(block).decode()


def test_alerts_are_boxes_and_other_quotations_stay() -> None:
    assert one("> [!NOTE]\n> *Mind* this.") == Box("note", (), (Paragraph((Span("Mind", ("emphasis",)), Span(" this."))),))
    hint = one("> [!HINT]\n>\n> Look.")
    assert isinstance(hint, Box)
    assert hint.folded
    assert isinstance(one("> [!NOTE] and more on the line"), Quote)


def test_details_fold_and_hold_markdown() -> None:
    block = one("<details>\n<summary>More <b>here</b></summary>\n\n- a\n\n```\n</details>\n```\n\n</details>")
    assert isinstance(block, Box)
    assert (heading_of(block), block.folded) == ("More: More here", True)
    assert [type(inner) for inner in block.blocks] == [ListBlock, Code]


def test_html_tables_are_tables_and_unknown_html_is_shown() -> None:
    table = one("<table>\n<tr><th>A</th><th>B</th></tr>\n\n<tr><td>1<br>2</td><td><b>x</b></td></tr>\n</table>")
    assert table == Table(("left", "left"), ((Span("A"),), (Span("B"),)), (((Span("1\n2"),), (Span("x", ("strong",)),)),))
    assert one('<iframe src="x"></iframe>') == Html('<iframe src="x"></iframe>')
    assert one("<script>\nalert(1)\n\n</script>") == Html("<script>\nalert(1)\n\n</script>")
    assert one("<table><tr><td colspan=2>a</td></tr></table>") == Html("<table><tr><td colspan=2>a</td></tr></table>")
    assert one("<div align=center>\n<p>shown</p>\n</div>") == Paragraph((Span("shown"),))
    assert one("<pre>\n a &lt; b\n\n c\n</pre>") == Code("", " a < b\n\n c")
    assert blocks("<!-- a comment\n\nof some lines -->") == []


def test_headings_lose_their_attributes() -> None:
    assert one("## Title {#id .class}") == Heading(2, (Span("Title"),))
    assert one("## Sets {a, b}") == Heading(2, (Span("Sets {a, b}"),))


def test_definitions_apply_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MIN_PIECE", 1)
    source = (
        "First [a] and [b].\n\n::: callout\nBoxed [a].\n\n[b]: /in-a-box\n:::\n\n```\n[c]: /code\n```\n\n[c] stays.\n\n[a]: /end 'title'"
    )
    links = [span.href for text in blocks(source) for span in _spans(text) if span.href]
    assert links == ["/end", "/in-a-box", "/end"]


def _spans(block: Block) -> tuple[Span, ...]:
    if isinstance(block, Paragraph):
        return block.spans
    return tuple(span for inner in block.blocks for span in _spans(inner)) if isinstance(block, Box) else ()


def test_what_is_nested_too_deep_is_shown_as_text() -> None:
    source = "\n".join("  " * depth + "- x" for depth in range(200)) + "\n\n" + ">" * 300 + " deep"
    text = "\n".join(leaves(tuple(blocks(source))))
    assert text.count("x") == 200
    assert "deep" in text
    assert "inside" in "\n".join(leaves(tuple(blocks("::: note\n" * 60 + "inside\n" + ":::\n" * 60))))


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[31mred\x1b[0m", "\x9b31mred", "a\x00b\x07", "\u202eevil\u2066", "&#27;[31m", "&#x202e;evil", "\x1b]0;title\x07x", "&#155;31m"],
)
@pytest.mark.parametrize(
    "where",
    ["{}", "# {}", "`{}`", "```\n{}\n```", "[x](<{}>)", "![{}](u)", "<div>{}</div>", "| {} |\n|---|", "::: {}\nx\n:::", "<b title='{}'>"],
)
def test_no_control_byte_is_left_in_any_block(hostile: str, where: str) -> None:
    written = msgspec.json.decode(msgspec.json.encode(blocks(where.format(hostile)))).__repr__()
    assert not set(written) & {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x202E, 0x2066)}


def test_a_megabyte_is_cut_and_not_parsed() -> None:
    document = Document("A paragraph of some words.\n\n" * 37_000)
    assert len(document) > 500
    assert document.parsed == 0
    assert sum(piece.length for piece in document.pieces) >= len(document.text)
    document.blocks(len(document) - 1)
    assert document.parsed == 1


def test_pieces_give_the_blocks_of_the_whole_on_real_pages(shared_courses: Path) -> None:
    pages = sorted(shared_courses.glob("**/*.md"))
    assert len(pages) > 200
    for page in pages:
        document = Document(page.read_text(encoding="utf-8"))
        assert [block for part in document.all_blocks() for block in part] == at_once(document.text), page


@given(st.lists(st.sampled_from(LINES), min_size=2, max_size=30))
@settings(deadline=None, max_examples=400)
def test_pieces_give_the_blocks_of_the_whole(lines: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "MIN_PIECE", 1)
        document = Document("\n".join(lines))
    assert [block for part in document.all_blocks() for block in part] == at_once(document.text)


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_any_text_is_a_page(text: str) -> None:
    document = Document(text)
    for index in range(len(document)):
        assert document.height(index, 40) >= 1
        document.blocks(index)


@pytest.mark.parametrize(
    ("source", "kind", "count"),
    [
        ("- item of a list\n" * 4_000, ListBlock, 4_000),
        ("1. item of a list\n\n" * 4_000, ListBlock, 4_000),
        ("> quotation\n" * 4_000, Quote, None),
        ("word word word\n" * 4_000, Paragraph, None),
        ("<details>\nx\n" * 4_000, Paragraph, None),
        ("before\n\n|h|i|\n|-|:-:|\n" + "|cell|*cell*|\n" * 4_000, Table, 4_000),
        ("|h" * 100 + "|\n" + "|-" * 100 + "|\n" + ("|ab" * 100 + "|\n") * 200, Table, 200),
    ],
)
def test_what_has_no_end_is_cut_all_the_same(source: str, kind: type[Block], count: int | None) -> None:
    document = Document(source)
    assert "".join(document.source(index) for index in range(len(document))).strip("\n") == source.strip("\n")
    assert max(piece.length for piece in document.pieces) < pieces.MAX_PIECE + 3000
    every = [block for part in document.all_blocks() for block in part]
    found = [block for block in every if isinstance(block, kind)]
    if kind is ListBlock:
        assert sum(len(block.items) for block in found if isinstance(block, ListBlock)) == count
    if kind is Table:
        assert sum(len(block.rows) for block in found if isinstance(block, Table)) == count
        assert len({(block.align, block.head) for block in found if isinstance(block, Table)}) == 1
    assert not any("|" in plain(block.spans) for block in every if isinstance(block, Paragraph))


def test_a_page_shorter_than_a_piece_may_be_is_never_cut_so() -> None:
    source = "- item of a list\n" * (pieces.MAX_PIECE // 17)
    assert len(Document(source)) == 1
    assert blocks(source) == at_once(source)


def test_cutting_asks_the_parser_about_no_short_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "parser", None)
    assert len(Document("|a|b|\n|-|-|\n|c|d|\n\ntext\n\n" * 1000)) > 10


def test_a_box_that_is_never_closed_is_cut() -> None:
    source = "before\n\n::: solution\n## Title\n" + "some words\n\n" * 5_000 + "::: note\ninner\n:::\n" + "more words\n\n" * 5_000
    document = Document(source)
    assert "".join(document.source(index) for index in range(len(document))).strip("\n") == source.strip("\n")
    assert max(piece.length for piece in document.pieces) < pieces.MAX_PIECE + 3000
    boxes = [block for part in document.all_blocks() for block in part if isinstance(block, Box)]
    assert {(box.kind, box.folded) for box in boxes} == {("solution", True)}
    assert heading_of(boxes[0]) == "Solution: Title"
    (whole,) = [block for block in at_once(source) if isinstance(block, Box)]
    assert [block for box in boxes for block in box.blocks] == list(whole.blocks)


def test_a_vast_head_is_not_repeated() -> None:
    head = "|" + "h|" * pieces.MAX_PIECE + "\n|" + "-|" * pieces.MAX_PIECE + "\n"
    document = Document(head + "|a|b|\n" * 10_000)
    assert len(document) > 2
    assert not any(isinstance(piece.content, str) and piece.content.startswith("|h|") for piece in document.pieces[1:])


def test_a_vast_html_table_is_shown_as_it_was_written() -> None:
    def table(rows: int) -> str:
        return "<table>\n" + ("<tr>" + "<td>x</td>" * 100 + "</tr>\n") * rows + "</table>"

    assert isinstance(one(table(html.MOST_CELLS // 100)), Table)
    assert one(table(html.MOST_CELLS // 100 + 1)) == Html(table(html.MOST_CELLS // 100 + 1))


def test_text_is_found_through_markup_and_line_breaks() -> None:
    document = Document("Some *empha*sis and\nthe [next line](u).")
    assert list(document.pieces_with("emphasis and the NEXT line")) == [0]
    assert list(document.pieces_with("absent")) == []
    assert list(document.pieces_with("  ")) == []


def test_a_heading_is_found_by_its_anchor() -> None:
    document = Document("intro\n\n## Getting `help`, quickly!\n\ntext\n\n::: callout\n## In a box\n:::")
    assert document.heading("getting-help-quickly") == (0, 1)
    assert document.heading("in-a-box") == (1, 0)
    assert document.heading("nowhere") is None


def test_the_rule_between_parts_is_a_leaf_of_its_own() -> None:
    assert blocks("a\n\n---\n\nb") == [Paragraph((Span("a"),)), Rule(), Paragraph((Span("b"),))]
    assert plain((Span("a"), Span("b"))) == "ab"
