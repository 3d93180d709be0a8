"""The catalogue: all courses, by pages that are fetched before the cursor reaches them."""

from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from lms_tui.commands import CATALOG, bindings
from lms_tui.model.catalog import END, Filters, Sort
from lms_tui.model.text import clean_line
from lms_tui.screens.base import LibraryScreen, Said
from lms_tui.screens.opening import fetch_and_open, open_outline
from lms_tui.views.catalog import SORT_WORDS, Cursors, Side, Window, filter_words, none_words, unfiltered
from lms_tui.views.nodes import CourseList, CourseNode
from lms_tui.views.words import day_or_time
from lms_tui.widgets.catalog_rows import CatalogRows
from lms_tui.widgets.course_card import CourseCard
from lms_tui.widgets.foreign import foreign
from lms_tui.widgets.own_keys import key_hint

if TYPE_CHECKING:
    from lms_tui.library import Library

_AHEAD = 25  # rows between the cursor and the end of the window below which the next page is fetched
_UNDO_SECONDS = 10
Part = Literal["anew", "first", "last", "here"] | Side


class CatalogScreen(LibraryScreen):
    """Painted from what is known here, then as the database has it."""

    HERE = CATALOG
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CATALOG)]
    AUTO_FOCUS = "CatalogRows"

    class Arrived(Message):
        """A page, and why it is not the database's where it is not."""

        def __init__(self, wanted: Filters, part: Part, page: CourseList, trouble: str) -> None:
            super().__init__()
            self.wanted, self.part, self.page, self.trouble = wanted, part, page, trouble

    def __init__(self, library: "Library", filters: Filters | None = None) -> None:
        super().__init__(library)
        self._filters = filters or Filters()
        self._window: Window | None = None
        self._page = CourseList()
        self._trouble = ""
        self._coming: Part | None = None
        self._undo: tuple[str, Timer] | None = None
        self._taking: set[str] = set()

    def compose_body(self) -> ComposeResult:
        yield Static(id="chosen", markup=False)
        with Horizontal():
            yield CatalogRows()
            yield Static(id="empty", markup=False)
            yield CourseCard()

    def on_mount(self) -> None:
        self._fetch("anew")

    # --- pages

    def reread(self) -> None:
        """The first time the catalogue as it was last seen; then the courses in sight as they stand now."""
        if self._window is None:
            self._page = self.library.last_page(self._filters) or self.library.courses(self._filters)
            self._window = Window(self._page)
        elif self._trouble and self._window.previous is None and self._window.next is None:
            self._window = Window(self.library.courses(self._filters))
        else:
            self._window.renew(self.library.known([course.id for course in self._window.courses]))
        self._show()

    def status_changed(self) -> None:
        if self._trouble and self.library.status().state == "online":
            self._fetch("here")

    def _fetch(self, part: Part) -> None:
        """Begins to fetch a page; whatever was being fetched is not waited for any more."""
        self._coming = part
        after, before = self._cursors(part)
        wanted = replace(self._filters, after=after, before=before)
        self.work_alone(lambda: self._page_of(wanted, part), "page")

    def _cursors(self, part: Part) -> Cursors:
        window = self._window
        if part == "last":
            return None, END
        if window is None or part in ("anew", "first"):
            return None, None
        if part == "here":
            return window.around(self.query_one(CatalogRows).room[0])
        return (window.next, None) if part == "after" else (None, window.previous)

    async def _page_of(self, wanted: Filters, part: Part) -> None:
        page, trouble = await self.asked(self.library.refresh_catalog(wanted))
        if page is None:
            page = self.library.courses(wanted)
        self.post_message(self.Arrived(wanted, part, page, trouble))

    @on(Arrived)
    def _arrived(self, message: Arrived) -> None:
        wanted = message.wanted
        if replace(wanted, after=None, before=None) != self._filters or message.part != self._coming:
            return
        self._coming = None
        self._page, self._trouble = message.page, message.trouble
        if self._window is not None and message.part in ("before", "after"):
            self._window.add(message.page, message.part)
        else:
            self._window = Window(message.page, (wanted.after, wanted.before))
        self._show(message.part if message.part in ("first", "last") else "here")

    def _show(self, at: Literal["here", "first", "last"] = "here") -> None:
        window = self._window
        assert window is not None
        rows = self.query_one(CatalogRows)
        rows.show(window, at)
        rows.display = bool(window.courses)
        empty = self.query_one("#empty", Static)
        empty.display = not rows.display
        empty.update("Looking…" if self._coming else self._none())
        self.query_one(CourseCard).show(rows.selected)
        self.query_one("#chosen", Static).update(self._chosen())
        self.heading("lms-tui", "Catalogue", right=SORT_WORDS[self._filters.sort])
        self.refresh_bindings()
        self._look_ahead()

    def _none(self) -> str:
        clears, chooses = key_hint(self, "catalog.clear", "{} clears the filters"), key_hint(self, "catalog.filter", "{} chooses others")
        keys = ", ".join(filter(None, (clears, chooses)))
        return none_words(self._filters, self._trouble, keys, may_import=self.library.may_import)

    def _chosen(self) -> Content:
        """Which courses these are, and whether they are all."""
        words = filter_words(self._filters)
        parts = [
            Content.assemble(foreign(words).stylize("bold"), (key_hint(self, "catalog.clear", "  {} clears"), "$quiet"))
            if words
            else Content.styled("All courses", "$quiet")
        ]
        if self._trouble:
            as_of = f", as of {day_or_time(self._page.as_of, self.library.now())}" if self._page.as_of else ""
            parts.append(Content.assemble(("○ ", "$warning"), (f"what is known here{as_of}", "$quiet")))
        return Content.styled(" · ", "$quiet").join(parts)

    @on(CatalogRows.Moved)
    def _moved(self) -> None:
        self.query_one(CourseCard).show(self.query_one(CatalogRows).selected)
        self.refresh_bindings()
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Fetches the next page before the cursor is at the end of the window."""
        rows, window = self.query_one(CatalogRows), self._window
        if window is None or self._coming is not None:
            return
        above, below = rows.room
        enough = max(_AHEAD, 2 * rows.size.height)
        if window.next and below < enough:
            self._fetch("after")
        elif window.previous and above < enough:
            self._fetch("before")

    @on(CatalogRows.Wanted)
    def _jump(self, message: CatalogRows.Wanted) -> None:
        rows, window = self.query_one(CatalogRows), self._window
        edge = window and (window.previous if message.end == "first" else window.next)
        if window is not None and edge is None:
            rows.show(window, message.end)
        else:
            self._fetch(message.end)

    # --- what is asked for

    def _ask(self, filters: Filters) -> None:
        """Another selection or order: what is known of it at once, then the database's."""
        self._filters = filters
        self._page = self.library.last_page(filters) or self.library.courses(filters)
        self._window = Window(self._page)
        self._fetch("anew")
        self._show("first")

    def action_sort(self) -> None:
        """The next order."""
        orders = list(Sort)
        self._ask(replace(self._filters, sort=orders[(orders.index(self._filters.sort) + 1) % len(orders)]))

    def action_mine(self) -> None:
        """Only the person's own courses, or all again."""
        self._ask(replace(self._filters, mine=not self._filters.mine))

    def action_clear(self) -> None:
        """All courses again."""
        self._ask(unfiltered(self._filters))

    def action_filter(self) -> None:
        """Asks which courses."""
        from lms_tui.screens.filtering import FilterScreen

        self.app.push_screen(FilterScreen(self.library.facets(), self._filters), self._filtered)

    def _filtered(self, filters: Filters | None) -> None:
        if filters is not None and filters != self._filters:
            self._ask(filters)

    # --- the course under the cursor

    @property
    def _course(self) -> CourseNode | None:
        return self.query_one(CatalogRows).selected if self.is_mounted else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is offered fits the course under the cursor."""
        course = self._course
        match action:
            case "open":
                return course is not None
            case "enrol":
                return course is not None and not course.enrolled
            case "undo":
                return self._undo is not None
            case "download":
                return course is not None and not course.available_offline
            case "clear":
                return self._filters != unfiltered(self._filters)
            case _:
                return True

    @on(CatalogRows.Clicked)
    def action_open(self) -> None:
        """The outline of the course under the cursor; what is not here is fetched first."""
        course = self._course
        if course is None:
            return
        if course.available_offline:
            open_outline(self, course.ref)
        else:
            self.say(f"Fetching “{course.title}”…")
            fetch_and_open(self, course.ref)

    def action_download(self) -> None:
        """Brings the course onto this machine."""
        if self._course is not None:
            self.say(f"Fetching “{self._course.title}”…")
            self.work(self._download(self._course))

    async def _download(self, course: CourseNode) -> None:
        await self.library.download([course.id])
        self.app.post_message(Said(f"“{course.title}” is on this machine now."))

    def action_enrol(self) -> None:
        """Takes the course; for some seconds that can be undone."""
        course = self._course
        if course is not None and course.id not in self._taking:
            self._taking.add(course.id)
            self.work(self._enrol(course))

    async def _enrol(self, course: CourseNode) -> None:
        try:
            await self.library.enrol(course.id)
        finally:
            self.call_later(lambda: self._taking.discard(course.id))
        if not (self.is_active and self.call_later(self._enrolled, course)):
            self.app.post_message(Said(f"You take “{course.title}” now."))

    def _enrolled(self, course: CourseNode) -> None:
        self._forget_undo()
        self._undo = (course.id, self.set_timer(_UNDO_SECONDS, self._forget_undo))
        undoes = key_hint(self, "catalog.undo", " {} undoes it.")
        self.app.notify(clean_line(f"You take “{course.title}” now.{undoes}"), timeout=_UNDO_SECONDS, markup=False)
        self.refresh_bindings()

    def _forget_undo(self) -> None:
        if self._undo is not None:
            self._undo[1].stop()
            self._undo = None
            self.refresh_bindings()

    def action_undo(self) -> None:
        """Leaves the course that was taken last."""
        if self._undo is not None:
            self.work(self._leave(self._undo[0]))
            self._forget_undo()

    async def _leave(self, course: str) -> None:
        node = await self.library.leave(course)
        self.app.post_message(Said(f"“{node.title}” is not one of yours any more."))
