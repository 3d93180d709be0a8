"""Where a search looks, and what it leaves out, in words, each with the key that changes it."""

from msgspec import Struct
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import key_hint


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
        filters = [
            self._entry("finished", "finished", Content("included" if options.include_completed else "left out")),
            self._entry("level", "level", foreign((options.difficulty or "any").lower())),
            self._entry("category", "category", foreign(options.category or "any")),
        ]
        lines = [*([self._places()] if options.course else []), Content("   ").join(filters)]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _places(self) -> Content:
        options = self._options
        everything = _place("everything", not options.alone)
        course = _place("this course", options.alone)
        title = Content.styled(" ", "") + foreign(f"({options.course})").stylize("$quiet")
        return self._entry("widen", "", Content.assemble(course, title, "   ", everything))

    def _entry(self, action: str, name: str, value: Content) -> Content:
        """What can be changed, with its key where it has one."""
        key = key_hint(self, f"search.{action}", "{} ")
        entry = Content.assemble((key, "bold $accent"), (f"{name} " if name else "", "$quiet"), value)
        return entry.stylize(Style.from_meta({"@click": f"screen.{action}"}))


def _place(name: str, here: bool) -> Content:
    return Content.styled(f"● {name}", "bold") if here else Content.styled(f"○ {name}", "$quiet")
