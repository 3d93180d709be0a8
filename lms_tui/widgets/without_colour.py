"""What ``NO_COLOR`` asks for: text as it is, bold and reversed where it is so, and no colour at all, whatever the theme."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class WithoutColour(LineFilter):
    """Takes the colours out of lines. Textual's own filter for this depends on the theme that an app begins with."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in the terminal's own two colours."""
        return [Segment(text, style.without_color if style else None, control) for text, style, control in segments]
