"""The heading names where a person is, the innermost place always."""

from textual.app import App, ComposeResult

from lms_tui.widgets.heading import Heading


class _App(App[None]):
    def compose(self) -> ComposeResult:
        yield Heading()


async def test_what_does_not_fit_gives_way_from_the_outside_and_the_innermost_name_is_cut_last() -> None:
    app = _App()
    async with app.run_test(size=(40, 3)):
        heading = app.query_one(Heading)
        heading.show(("A course", "A lesson", "The section that is read"), "3 of 33 · 67 %")
        assert str(heading.render()).startswith("… › The section that")
