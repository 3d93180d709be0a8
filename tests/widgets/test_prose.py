"""Markdown in a prompt or an option: as high as it is, in any look that the reader knows."""

import pytest
from textual.app import App, ComposeResult

from lms_tui.widgets import palette
from lms_tui.widgets.prose import LOOKS, Prose, plain_line


class OnePrompt(App[None]):
    CSS = "Prose { width: 1fr; height: auto; }"

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self._markdown = markdown

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"quiet": "#808080"}

    def compose(self) -> ComposeResult:
        yield Prose(self._markdown)


def test_every_ink_has_a_look() -> None:
    assert set(palette.INKS) - {"found", "found-here", "stop", "stop-bar"} <= LOOKS.keys()


@pytest.mark.parametrize(
    ("markdown", "height"),
    [("One line", 1), ("", 1), ("One\n\nTwo", 3), ("word " * 20, 4), ("```python\nfor n in x:\n    print(n)\n```", 2), ("- a\n- b", 2)],
)
async def test_height(markdown: str, height: int) -> None:
    async with OnePrompt(markdown).run_test(size=(30, 20)) as pilot:
        assert pilot.app.query_one(Prose).size.height == height


async def test_markup_and_control_bytes_are_text() -> None:
    async with OnePrompt("a [/b] [red] `x[0]` \x1b[31m").run_test(size=(40, 5)) as pilot:
        assert pilot.app.query_one(Prose).render().plain.strip() == "a [/b] [red] x[0]"


def test_plain_line() -> None:
    assert plain_line("What is **this**, `x`?\n\nMore") == "What is this, x? More"
    assert plain_line("") == ""
