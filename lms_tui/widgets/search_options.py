"""Where a search looks, and what it leaves out: two lines of words, each with the key that changes it."""

from msgspec import Struct
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.widgets.foreign import foreign


class Options(Struct, frozen=True, kw_only=True):
    """``course`` is the title of the course that can be searched alone, ``alone`` whether it is."""

    course: str = ""
    alone: bool = False
    include_completed: bool = False
    difficulty: str | None = None
    category: str | None = None


class SearchOptions(Widget):
    """The active place is marked by a shape; a click does what the key does."""

    def __init__(self) -> None:
        super().__init__()
        self._options = Options()

    def on_mount(self) -> None:
        self.auto_links = False

    def show(self, options: Options) -> None:
        """These options."""
        self._options = options
        self.refresh(layout=True)

    def render(self) -> Content:
        options, width = self._options, max(1, self.content_size.width)
        finished = "with finished" if options.include_completed else "without finished"
        filters = [
            _entry("F2", Content(finished), "finished"),
            _entry("F3", Content((options.difficulty or "any level").lower()), "level"),
            _entry("F4", foreign(options.category or "any category"), "category"),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in (self._places(), Content("   ").join(filters)))

    def _places(self) -> Content:
        options = self._options
        everything = _place("everything", not options.alone)
        if not options.course:
            return everything
        course = _place("this course", options.alone)
        title = Content.styled(" ", "") + foreign(f"({options.course})").stylize("$quiet")
        return Content.assemble(_entry("Tab", Content.assemble(course, title, "   ", everything), "widen"))


def _place(name: str, here: bool) -> Content:
    return Content.styled(f"● {name}", "bold") if here else Content.styled(f"○ {name}", "$quiet")


def _entry(key: str, words: Content, action: str) -> Content:
    entry = Content.assemble((key, "bold $accent"), " ", words)
    return entry.stylize(Style.from_meta({"@click": f"screen.{action}"}))
