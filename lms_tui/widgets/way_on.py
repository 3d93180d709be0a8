"""The line at the end of a text: what to do now that it is read."""

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.widgets.drawing import column_of
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import keymap_of


class WayOn(Widget):
    """Done or not, and what comes next. A click does what the key does."""

    def __init__(self) -> None:
        super().__init__()
        self.auto_links = False
        self._done = False
        self._next = ""
        self._can_be_taken = False

    def show(self, done: bool, next_title: str, *, can_be_taken: bool) -> None:
        """Whether the section is done, the title of the one after it, if there is one, and whether the course has to be taken first."""
        self._done, self._next, self._can_be_taken = done, next_title, can_be_taken
        self.refresh()

    def render(self) -> Content:
        keymap = keymap_of(self)
        if self._done:
            parts = [Content.styled("✓ Done", "$success")]
        elif self._can_be_taken:
            parts = [_key(keymap.key("reading.enrol"), "take the course", "screen.enrol")]
        else:
            parts = [_key(keymap.key("reading.done"), "mark as done", "screen.done")]
        if self._next:
            parts.append(_key(keymap.key("reading.next"), "next: ", "screen.next_section") + foreign(self._next))
        else:
            parts.append(Content.styled("This is the last section of the course.", "$quiet"))
        left, width = column_of(self.content_size.width - 1)  # the text above has a scroll bar at its right
        return Content(" " * left) + Content("    ").join(parts).truncate(max(1, width), ellipsis=True)


def _key(key: str, words: str, action: str) -> Content:
    return Content.assemble((key, "bold $accent"), " " if key else "", words).stylize(Style.from_meta({"@click": action}))
