"""The reader as a person uses it: keys, stops, boxes, find, and a place that holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from lms_tui.views.nodes import Place
from lms_tui.widgets.reader import Reader
from tests.widgets.pages import EVERYTHING, HOSTILE

LONG = "\n\n".join(f"## Part {number}\n\n" + f"Paragraph {number} fills more than one line of text. " * 6 for number in range(100))
SIZES = [(60, 20), (80, 24), (140, 45)]


class Page(App[None]):
    """The reader alone; it keeps what the reader said."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, source: str, place: Place | None = None) -> None:
        super().__init__()
        self.said: list[Message] = []
        self._source, self._place = source, place

    def compose(self) -> ComposeResult:
        yield Reader()

    def on_mount(self) -> None:
        reader = self.query_one(Reader)
        reader.show(self._source, self._place)
        reader.focus()

    @on(Reader.Moved)
    @on(Reader.LinkOpened)
    @on(Reader.QuestionOpened)
    @on(Reader.ReachedEnd)
    @on(Reader.CodeCopied)
    def _keep(self, message: Message) -> None:
        self.said.append(message)


@asynccontextmanager
async def opened(
    source: str, size: tuple[int, int] = (80, 24), place: Place | None = None
) -> AsyncIterator[tuple[Page, Reader, Pilot[None]]]:
    app = Page(source, place)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, app.query_one(Reader), pilot


def rows(reader: Reader) -> list[str]:
    """What is on the screen, as text."""
    return [reader.render_line(y).text.rstrip() for y in range(reader.size.height)]


def reversed_in(reader: Reader, y: int) -> str:
    """What stands in reverse in a row: the present stop or match."""
    return "".join(segment.text for segment in reader.render_line(y) if segment.style and segment.style.reverse)


def screen(reader: Reader) -> str:
    return "\n".join(rows(reader))


def said(app: Page, kind: type[Message]) -> list[Any]:
    return [message for message in app.said if isinstance(message, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_row_is_as_wide_as_the_window(size: tuple[int, int]) -> None:
    async with opened(EVERYTHING, size) as (_, reader, pilot):
        for _ in range(4):
            assert {reader.render_line(y).cell_length for y in range(reader.size.height)} == {reader.scrollable_content_region.width}
            await pilot.press("space")


async def test_keys_scroll_by_line_page_and_to_both_ends() -> None:
    async with opened(LONG) as (app, reader, pilot):
        assert "Part 0" in rows(reader)[1]
        await pilot.press("j", "down")
        assert reader.scroll_offset.y == 2
        await pilot.press("k", "up")
        assert reader.scroll_offset.y == 0
        second = rows(reader)[-2]
        await pilot.press("space")
        assert rows(reader)[0] == second
        await pilot.press("b")
        assert reader.scroll_offset.y == 0
        await pilot.press("end")
        assert "Paragraph 99" in screen(reader)
        assert len(said(app, Reader.ReachedEnd)) == 1
        await pilot.press("home", "end")
        assert len(said(app, Reader.ReachedEnd)) == 1


async def test_every_line_is_met_going_down_and_up() -> None:
    async with opened(LONG, (60, 20)) as (_, reader, _pilot):
        down, up = [], []
        for _ in range(150):
            down.append(rows(reader)[0])
            reader.action_scroll_line_down()
        for _ in range(150):
            reader.action_scroll_line_up()
            up.append(rows(reader)[0])
        assert up[::-1] == down


async def test_moving_tells_the_paragraph_at_the_top() -> None:
    async with opened(LONG) as (app, reader, pilot):
        for _ in range(3):
            await pilot.press("space")
        moved = said(app, Reader.Moved)
        assert len({message.place.block for message in moved}) == len(moved) >= 3
        assert [message.ratio for message in moved] == sorted(message.ratio for message in moved)
        place = moved[-1].place
        assert place == reader.place
        assert len(place.quote) <= 64
    async with opened(LONG, (50, 15), place) as (_, reader, _pilot):
        assert reader.place == place
        assert place.quote[:20] in screen(reader)


@pytest.mark.parametrize("size", SIZES)
async def test_the_paragraph_stays_at_the_top_when_the_window_changes(size: tuple[int, int]) -> None:
    async with opened(LONG) as (_, reader, pilot):
        await pilot.press(*["space"] * 7)
        before, place = rows(reader)[0], reader.place
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert reader.place == place
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert rows(reader)[0] == before


async def test_another_theme_keeps_the_page_and_changes_its_colours() -> None:
    async with opened(LONG) as (app, reader, pilot):
        await pilot.press(*["space"] * 3)
        before, parsed = reader.render_line(5), reader.document.parsed
        app.theme = "textual-light"
        await pilot.pause()
        after = reader.render_line(5)
        assert after.text == before.text
        assert after != before
        assert reader.document.parsed == parsed


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (2, 40), (300, 1)])
@pytest.mark.parametrize("source", [EVERYTHING, HOSTILE, "", "日本語"])
async def test_a_window_of_any_size_does_no_harm(source: str, size: tuple[int, int]) -> None:
    async with opened(source) as (app, reader, pilot):
        await pilot.press("tab", "space")
        before = screen(reader)
        await pilot.resize_terminal(*size)
        await pilot.press("j", "end", "home", "space")
        app.export_screenshot()
        await pilot.resize_terminal(80, 24)
        await pilot.press("home", "space")
        assert screen(reader).split() == before.split()


async def test_tab_goes_from_stop_to_stop_and_back() -> None:
    async with opened(EVERYTHING) as (app, reader, pilot):
        kinds: list[str] = []
        await pilot.press("tab")
        while reader.stop is not None and (not kinds or reader.stop.kind != "code"):
            kinds.append(reader.stop.kind)
            await pilot.press("tab")
        assert kinds == ["link", "box", "question"]
        await pilot.press("enter")
        assert [message.text.startswith("def f(x") for message in said(app, Reader.CodeCopied)] == [True]
        await pilot.press("shift+tab", "enter")
        assert [message.key for message in said(app, Reader.QuestionOpened)] == ["q-count"]
        await pilot.press("shift+tab", "shift+tab", "enter")
        assert [message.href for message in said(app, Reader.LinkOpened)] == ["https://example.org"]
        assert "a link" in screen(reader)


async def test_a_stop_is_seen_without_colour() -> None:
    async with opened("[a link](u)\n\n```\ncode\n```") as (_, reader, pilot):
        await pilot.press("tab")
        assert reversed_in(reader, 1) == "a link"
        await pilot.press("tab")
        assert "█ code" in screen(reader)


async def test_enter_opens_a_folded_box_and_folds_it_again() -> None:
    async with opened(EVERYTHING) as (_, reader, pilot):
        await pilot.press("tab", "tab")
        assert "At wc." not in screen(reader)
        await pilot.press("enter")
        assert "▾ Hint: Look" in screen(reader)
        assert "At wc." in screen(reader)
        await pilot.press("enter")
        assert "▸ Hint: Look · Enter to show" in screen(reader)


async def test_y_copies_the_code_on_the_screen() -> None:
    async with opened("text\n\n```bash\n$ ls\n$ pwd\n```\n\n```\nother\n```") as (app, _, pilot):
        await pilot.press("y")
        await pilot.press("tab", "tab", "y")
        assert [message.text for message in said(app, Reader.CodeCopied)] == ["ls\npwd", "other"]


async def test_a_link_to_a_heading_goes_there() -> None:
    async with opened("[go](#part-90)\n\n" + LONG) as (app, reader, pilot):
        await pilot.press("tab", "enter")
        assert "Part 90" in rows(reader)[1]
        assert said(app, Reader.LinkOpened) == []


async def test_a_click_opens_what_it_hits() -> None:
    async with opened("日本 [a link](u)\n\n::: hint\nhidden\n:::") as (app, reader, pilot):
        y = next(number for number, row in enumerate(rows(reader)) if "a link" in row)
        await pilot.click(Reader, offset=(9, y))
        assert [message.href for message in said(app, Reader.LinkOpened)] == ["u"]
        y = next(number for number, row in enumerate(rows(reader)) if "Hint" in row)
        await pilot.click(Reader, offset=(8, y))
        assert "hidden" in screen(reader)


async def test_find_goes_to_a_match_over_line_breaks_and_marks_it() -> None:
    async with opened(LONG + "\n\nThe *needle* in\nthe haystack.", (60, 20)) as (_, reader, _pilot):
        assert not reader.find("not there at all")
        assert reader.find("NEEDLE in the hay")
        assert "needle in the haystack" in screen(reader)
        assert "".join(reversed_in(reader, y) for y in range(20)) == "needle in the hay"
        assert reader.find("Part 1")
        assert not reader.find("")


async def test_n_goes_through_all_matches_and_around() -> None:
    page = "\n\n".join(f"start {number} word\n\n" + "filler text. " * 100 for number in range(5)) + "\n\n::: hint\nword in a box\n:::"
    async with opened(page) as (_, reader, pilot):
        reader.find("word")
        seen = []
        for _ in range(7):
            seen.append(next(row for y, row in enumerate(rows(reader)) if reversed_in(reader, y)))
            await pilot.press("n")
        assert [row.split()[1] for row in seen] == ["0", "1", "2", "3", "4", "word", "0"]
        await pilot.press("N")
        assert "start 0 word" in screen(reader)
        await pilot.press("N")
        assert "word in a box" in screen(reader)


async def test_a_page_of_30_kb_opens_and_one_of_1_mb_is_not_parsed() -> None:
    for source, at_most in ((LONG[:30_000], 100), ((LONG + "\n\n") * 33, 12)):
        async with opened(source) as (_, reader, pilot):
            assert "Part 0" in screen(reader)
            assert reader.document.parsed <= at_most
            await pilot.press("end")
            assert "Paragraph" in screen(reader)
            assert reader.document.parsed <= 2 * at_most
            await pilot.resize_terminal(60, 20)
            await pilot.press("space")
            assert reader.document.parsed <= 2 * at_most


async def test_hostile_text_is_shown_and_not_obeyed() -> None:
    async with opened(HOSTILE) as (_, reader, pilot):
        await pilot.press("tab", "tab", "enter")
        shown = screen(reader)
        assert "[bold]Title[/bold] [/b]" in shown
        assert "[@click=app.quit]quit[/]" in shown
        assert not {character for character in shown if ord(character) < 32 and character != "\n"}
