"""A list that is drawn by line: any number of rows, and only those in sight are made."""

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.content import Content

from lms_tui.widgets.rows import Rows


class Numbers(Rows):
    """Rows that say their number, and how many were drawn."""

    drawn = 0

    def draw_row(self, index: int, width: int) -> Sequence[Content]:
        self.drawn += 1
        return (Content(f"row {index}"), Content("below"))


class OneList(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers(row_height=2)


async def test_a_hundred_thousand_rows_cost_what_is_in_sight() -> None:
    async with OneList().run_test(size=(40, 20)) as pilot:
        rows = pilot.app.query_one(Numbers)
        rows.set_count(100_000)
        await pilot.press("end")
        await pilot.pause()
        assert rows.cursor == 99_999
        assert rows.scroll_offset.y == 200_000 - 20
        assert rows.drawn < 1000


async def test_moving_by_keys() -> None:
    async with OneList().run_test(size=(40, 20)) as pilot:
        rows = pilot.app.query_one(Numbers)
        rows.set_count(50)
        await pilot.press("up", "down", "j", "k", "pagedown")
        assert rows.cursor == 1 + 9
        await pilot.press("pageup", "home")
        assert rows.cursor == 0
        await pilot.press("end", "down")
        assert rows.cursor == 49


async def test_fewer_rows_keep_the_cursor_on_one() -> None:
    async with OneList().run_test(size=(40, 20)) as pilot:
        rows = pilot.app.query_one(Numbers)
        rows.set_count(50)
        await pilot.press("end")
        rows.set_count(3)
        assert rows.cursor == 2
        rows.set_count(0)
        await pilot.pause()
        assert rows.cursor == 0


async def test_a_click_beside_the_rows_opens_nothing() -> None:
    opened = []
    async with OneList().run_test(size=(40, 20), message_hook=lambda message: opened.append(type(message))) as pilot:
        pilot.app.query_one(Numbers).set_count(2)
        await pilot.pause()
        await pilot.click(Numbers, offset=(3, 10))
        assert Rows.Clicked not in opened
        await pilot.click(Numbers, offset=(3, 3))
        assert Rows.Clicked in opened
        assert pilot.app.query_one(Numbers).cursor == 1
