"""A few paragraphs of Markdown where they stand in a screen: a prompt, an option, a hint."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from lms_tui.model.text import clean_line
from lms_tui.views.document import Document
from lms_tui.widgets.lines import Line, Part
from lms_tui.widgets.rendering import Laid, lay_out

LOOKS = {
    "strong": "bold",
    "emphasis": "italic",
    "strike": "strike",
    "code": "$text-accent on $boost",
    "key": "bold on $boost",
    "image": "italic $quiet",
    "html": "$quiet",
    "link": "underline $text-primary",
    "faint": "$quiet",
    "bullet": "$text-primary",
    "table-head": "bold",
    "quote-bar": "$quiet",
    "heading-1": "bold $text-primary",
    "heading-2": "bold $text-primary",
    "heading-3": "bold $text-secondary",
    "heading-4": "bold italic $text-secondary",
    "heading-rule": "$primary",
    "box-note": "$text-primary",
    "box-warning": "$text-warning",
    "box-task": "$text-accent",
    "box-help": "$text-success",
    "code-bar": "$quiet",
    "code-block": "on $boost",
    "code-comment": "$quiet",
    "code-keyword": "$text-accent",
    "code-string": "$text-success",
    "code-number": "$text-warning",
    "code-name": "$text-primary",
    "code-variable": "$text-secondary",
}


class Prose(Widget):
    """Markdown, laid out by the same rules as the reader's, as high as it is."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self._document = Document(markdown)
        self._laid: tuple[int, Laid] | None = None

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._lines(width)))

    def render(self) -> Content:
        return Content("\n").join(_content(line) for line in self._lines(self.content_size.width))

    def _lines(self, width: int) -> tuple[Line, ...]:
        if self._laid is None or self._laid[0] != width:
            blocks = tuple(block for piece in self._document.all_blocks() for block in piece)
            self._laid = (width, lay_out(blocks, width))
        lines = self._laid[1].lines
        return lines[:-1] if lines and not lines[-1].body else lines


def _content(line: Line) -> Content:
    return Content("").join(_styled(part) for part in (*line.lead, *line.body))


def _styled(part: Part) -> Content:
    content = Content(part.text)
    for ink in part.ink:
        content = content.stylize(LOOKS[ink])
    return content


def plain_line(markdown: str) -> str:
    """Markdown as one line without its signs: how a question is called that has no title."""
    document = Document(markdown)
    return clean_line(" ".join(document.leaves(0))) if len(document) else ""
