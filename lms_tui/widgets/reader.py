"""The reader: a page of Markdown drawn by line, with stops for the keyboard, boxes that fold, find, and a place that is kept."""

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lms_tui.commands import READER, bindings
from lms_tui.views.document import Document
from lms_tui.views.nodes import Place
from lms_tui.views.places import find_place, place_of
from lms_tui.widgets.drawing import Marked, column_of, draw
from lms_tui.widgets.finding import Finder, Reach
from lms_tui.widgets.flow import Anchor, Flow
from lms_tui.widgets.lines import NO_STOP, Stop
from lms_tui.widgets.own_keys import bind_own_keys
from lms_tui.widgets.palette import COMPONENTS, Palette
from lms_tui.widgets.stops import StopAt, Stops


class Reader(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows one page. ``show`` gives it the page; messages tell what the person did."""

    COMPONENT_CLASSES = set(COMPONENTS)
    DEFAULT_CSS = """
    Reader {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;

        & > .reader--heading-1 { color: $text-primary; text-style: bold; }
        & > .reader--heading-2 { color: $text-primary; text-style: bold; }
        & > .reader--heading-3 { color: $text-secondary; text-style: bold; }
        & > .reader--heading-4 { color: $text-secondary; text-style: bold italic; }
        & > .reader--heading-rule { color: $primary 60%; }
        & > .reader--strong { text-style: bold; }
        & > .reader--emphasis { text-style: italic; }
        & > .reader--code { color: $text-accent; background: $foreground 7%; }
        & > .reader--strike { text-style: strike; }
        & > .reader--key { text-style: bold; background: $foreground 7%; }
        & > .reader--image { color: $text-muted; text-style: italic; }
        & > .reader--html { color: $text-muted; }
        & > .reader--link { color: $text-primary; text-style: underline; }
        & > .reader--faint { color: $text-muted; }
        & > .reader--bullet { color: $text-primary; }
        & > .reader--table-head { text-style: bold; }
        & > .reader--quote-bar { color: $text-disabled; }
        & > .reader--box-note { color: $text-primary; }
        & > .reader--box-warning { color: $text-warning; }
        & > .reader--box-task { color: $text-accent; }
        & > .reader--box-help { color: $text-success; }
        & > .reader--code-block { background: $foreground 7%; }
        & > .reader--code-bar { color: $text-disabled; }
        & > .reader--code-comment { color: $text-muted; }
        & > .reader--code-keyword { color: $text-accent; }
        & > .reader--code-string { color: $text-success; }
        & > .reader--code-number { color: $text-warning; }
        & > .reader--code-name { color: $text-primary; }
        & > .reader--code-variable { color: $text-secondary; }
        & > .reader--found { text-style: bold underline; color: $text-warning; background: $warning-muted; }
        & > .reader--found-here { text-style: bold reverse; }
        & > .reader--stop { text-style: bold reverse; }
        & > .reader--stop-bar { color: $text-accent; text-style: bold; }
    }
    """
    COMMANDS = READER
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(READER)]

    @dataclass
    class Moved(Message):
        """Another paragraph of a page is at the top. ``ratio`` is how far the page is scrolled, 0 to 1."""

        document: Document
        place: Place
        ratio: float

    @dataclass
    class LinkOpened(Message):
        """A link was opened that leads out of the page."""

        href: str

    @dataclass
    class QuestionOpened(Message):
        """The marker of a question was opened."""

        key: str

    @dataclass
    class ReachedEnd(Message):
        """The last line is on the screen, for the first time since the page is shown."""

        document: Document

    @dataclass
    class CodeCopied(Message):
        """Code is to be copied."""

        text: str

    def __init__(self, source: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.document = Document(source)
        self._flow = Flow(self.document)
        self._stops = Stops(self._flow)
        self._finder = Finder(self._flow)
        self._palette = Palette(self)
        self._strips: dict[tuple[int, int], Strip] = {}
        self._anchor = Anchor(0, 0, before=1)
        self._told: tuple[int, int] | None = None
        self._ended = False
        self._placing = False
        self._at_match = False

    def on_mount(self) -> None:
        bind_own_keys(self)

    # --- the page

    def show(self, source: str, place: Place | None = None) -> None:
        """Shows a page from its top, or from a place in it."""
        self.document = Document(source)
        self._flow = Flow(self.document)
        self._stops = Stops(self._flow)
        self._finder = Finder(self._flow)
        self._told, self._ended = None, False
        piece, leaf = find_place(self.document, place) if place else (0, 0)
        self._anchor = Anchor(piece, leaf, before=1)
        self._lay_out()

    def answer(self, questions: frozenset[str]) -> None:
        """The questions of these keys have answers, and say so."""
        if self._flow.answer(questions):
            self._finder.forget()
            self._lay_out()

    @property
    def place(self) -> Place:
        """Where the reader is: the paragraph at the top."""
        return place_of(self.document, self._anchor.piece, self._anchor.leaf)

    @property
    def stop(self) -> Stop | None:
        """The link, code, box or question that Tab came to."""
        return self._stops.current

    def _lay_out(self) -> None:
        """Lays out for the present width and puts the anchor at the top."""
        if not self.size.width:
            return
        _, width = column_of(self.scrollable_content_region.width)
        if width != self._flow.width:
            self._flow.resize(width)
            self._finder.forget()
        self._put(self._anchor)

    def _put(self, anchor: Anchor) -> None:
        """Puts an anchor at the top of the window, as far as the page's end allows."""
        self._anchor, self._at_match = anchor, False
        self._flow.settle(anchor.piece, self.size.height)
        self._placing = True
        self.virtual_size = Size(self.scrollable_content_region.width, self._flow.height)
        self.scroll_to(y=self._flow.y_of(anchor), animate=False)
        self._placing = False
        self._strips.clear()
        self.refresh()
        self._tell()

    def _tell(self) -> None:
        at = (self._anchor.piece, self._anchor.leaf)
        if at != self._told:
            self._told = at
            ratio = self.scroll_y / self.max_scroll_y if self.max_scroll_y else 1.0
            self.post_message(self.Moved(self.document, self.place, ratio))
        if not self._ended and self.scroll_y >= self.max_scroll_y and self._flow.height:
            self._ended = True
            self.post_message(self.ReachedEnd(self.document))

    def on_resize(self, event: events.Resize) -> None:
        at_match = self._at_match
        self._lay_out()
        if at_match:  # a line that came up below does not cover what was gone to
            self._show_match(self._finder.here)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if not self._placing and round(old_value) != round(new_value):
            anchor = self._flow.anchor(round(new_value))
            self._put(anchor)
        super().watch_scroll_y(old_value, self.scroll_y)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._palette.forget()
        self._strips.clear()

    # --- drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        at = self.scroll_offset.y + y
        line = self._flow.line(at)
        if line is None:
            return Strip.blank(width, self._palette.style(()))
        piece, inner = self._flow.piece_at(at)
        key = (piece, inner)
        strip = self._strips.get(key)
        if strip is None:
            marked = Marked(self._stops.on_line(piece, inner), self._finder.on_line(piece, inner))
            strip = self._strips[key] = draw(line, marked, width, self._palette.style)
        return strip

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    # --- moving

    def action_scroll_line_down(self) -> None:
        self.scroll_to(y=self.scroll_offset.y + 1, animate=False)

    def action_scroll_line_up(self) -> None:
        self.scroll_to(y=self.scroll_offset.y - 1, animate=False)

    def action_page_down(self) -> None:
        self.scroll_to(y=self.scroll_offset.y + max(1, self.size.height - 2), animate=False)

    def action_page_up(self) -> None:
        self.scroll_to(y=self.scroll_offset.y - max(1, self.size.height - 2), animate=False)

    def action_top(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_end(self) -> None:
        self._flow.settle(max(0, len(self.document) - 1), self.size.height)
        self.virtual_size = Size(self.virtual_size.width, self._flow.height)
        self.scroll_to(y=self._flow.height, animate=False)

    def _reveal(self, piece: int, first: int, last: int) -> None:
        """Scrolls as little as shows lines of a piece, with the page's height around known."""
        self._flow.settle(piece, self.size.height)
        self._placing = True
        self.virtual_size = Size(self.virtual_size.width, self._flow.height)
        self._placing = False
        top, height = self._flow.top(piece), self.size.height
        y = self._flow.y_of(self._anchor)
        if top + first < y or top + last >= y + height:
            inside = min(2, max(0, height - (last - first + 1)))
            y = top + first - inside if top + first < y or last - first >= height else top + last + 1 + inside - height
        self._put(self._flow.anchor(max(0, min(y, self._flow.height - height))))

    # --- stops

    def action_next_stop(self) -> None:
        self._go_to(self._stops.after(*self._window()))

    def action_previous_stop(self) -> None:
        self._go_to(self._stops.before(*self._window()))

    def _window(self) -> tuple[int, int]:
        return self.scroll_offset.y, self.scroll_offset.y + self.size.height

    def _go_to(self, found: StopAt | None) -> None:
        if found is None:
            self.app.bell()
            return
        self._stops.at = found
        stop = self._flow.laid(found.piece).stops[found.number]
        self._reveal(found.piece, stop.line, stop.last)

    def action_open_stop(self) -> None:
        """Opens the stop that Tab came to, where it is in sight; else goes to one that is. A box says what Enter does: it opens at once."""
        if not self._stops.in_sight(*self._window()) and not self._come_to_one_in_sight():
            return
        stop, at = self._stops.current, self._stops.at
        if stop is None or at is None:
            return
        if stop.kind == "link":
            self._follow(stop.target)
        elif stop.kind == "question":
            self.post_message(self.QuestionOpened(stop.target))
        elif stop.kind == "code":
            self.post_message(self.CodeCopied(stop.target))
        else:
            self._flow.turn(at.piece, stop.box)
            self._finder.forget(at.piece)
            self._stops.stay_at_box(at.piece, stop.box)
            self._put(self._anchor)

    def _come_to_one_in_sight(self) -> bool:
        """Goes to the first stop in sight; True where Enter opens it at once."""
        found, (_, bottom) = self._stops.after(*self._window()), self._window()
        if found is None or self._flow.top(found.piece) + self._flow.laid(found.piece).stops[found.number].line >= bottom:
            self.app.bell()
            return False
        self._go_to(found)
        return self._flow.laid(found.piece).stops[found.number].kind in ("box", "question")

    def _follow(self, href: str) -> None:
        """Goes to a heading of this page, or says that the link leads elsewhere."""
        found = self.document.heading(href[1:]) if href.startswith("#") else None
        if found is None:
            self.post_message(self.LinkOpened(href))
        else:
            self._put(Anchor(*found, before=1))

    def action_copy_code(self) -> None:
        """Copies the code that Tab came to, else the first code on the screen."""
        stop = self._stops.current
        if stop is None or stop.kind != "code":
            stop = self._stops.first_code(*self._window())
        if stop is None:
            self.app.bell()
        else:
            self.post_message(self.CodeCopied(stop.target))

    def on_click(self, event: events.Click) -> None:
        line = self._flow.line(self.scroll_offset.y + event.y)
        if line is None:
            return
        left, _ = column_of(self.scrollable_content_region.width)
        x = event.x - left
        for part in (*line.lead, *line.body):
            x -= cell_len(part.text)
            if x < 0:
                if part.stop != NO_STOP:
                    self._stops.at = StopAt(self._flow.piece_at(self.scroll_offset.y + event.y)[0], part.stop)
                    self._redraw()
                    self.action_open_stop()
                return

    # --- finding

    def find(self, text: str) -> bool:
        """Marks a text in the page and goes to its first match at or below the top; False when there is none. Empty: marks nothing."""
        self._finder.look_for(text)
        return self._find_from(self.scroll_offset.y)

    def find_passage(self, text: str, passage: str) -> bool:
        """Marks a text and goes to it where a passage begins that a search found, else to its first match. What is folded stays folded."""
        self._finder.look_for(passage, folded=False)
        at = self._finder.next(0)
        self._finder.look_for(text, folded=False)
        return self._find_from(self._flow.top(at[0]) + at[1][0].line if at else 0)

    def _find_from(self, y: int) -> bool:
        found = self._finder.next(y)
        self._show_match(found)
        return found is not None

    def action_find_next(self) -> None:
        self._show_match(self._finder.next(self.scroll_offset.y))

    def action_find_previous(self) -> None:
        self._show_match(self._finder.previous(self.scroll_offset.y))

    def _show_match(self, found: tuple[int, tuple[Reach, ...]] | None) -> None:
        if found is None:
            self._redraw()
        else:
            piece, reaches = found
            self._reveal(piece, reaches[0].line, reaches[-1].line)
            self._at_match = True
