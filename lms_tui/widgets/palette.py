"""Inks to colours: each ink of a line is a component class of the reader, so that themes and style sheets decide."""

from rich.style import Style
from textual.widget import Widget

from lms_tui.widgets.lines import Ink

INKS = (
    "heading-1", "heading-2", "heading-3", "heading-4", "heading-rule", "strong", "emphasis", "code", "strike", "key", "image", "html",
    "link", "faint", "bullet", "table-head", "quote-bar", "box-note", "box-warning", "box-task", "box-help", "code-block", "code-bar",
    "code-comment", "code-keyword", "code-string", "code-number", "code-name", "code-variable", "found", "found-here", "stop", "stop-bar",
)  # fmt: skip
COMPONENTS = frozenset(f"reader--{ink}" for ink in INKS)


class Palette:
    """The styles of inks for a widget under its theme; asked anew when the theme changes."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[Ink, Style] = {}

    def forget(self) -> None:
        """Drops what was asked."""
        self._styles.clear()

    def style(self, ink: Ink) -> Style:
        """The style of an ink: the widget's own with each part of the ink over it."""
        found = self._styles.get(ink)
        if found is None:
            found = self._widget.rich_style
            for name in ink:
                found += self._widget.get_component_rich_style(f"reader--{name}", partial=True)
            self._styles[ink] = found
        return found
