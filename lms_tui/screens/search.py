"""Search as one types: what is on this machine at once, and what the database says as soon as it does."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input, Static

from lms_tui.commands import SEARCH, bindings
from lms_tui.library.background import in_background
from lms_tui.model.course import Difficulty
from lms_tui.model.errors import LmsError
from lms_tui.model.query import parse
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.opening import Fetched, open_found
from lms_tui.views.searching import Results, Scope, SearchQuery
from lms_tui.widgets.own_keys import keymap_of
from lms_tui.widgets.result_rows import ResultRows
from lms_tui.widgets.search_options import Options, SearchOptions
from lms_tui.widgets.search_words import nothing_found, nothing_typed, standing

if TYPE_CHECKING:
    from lms_tui.library import Library

_AFTER_THE_LAST_KEY_SECONDS = 0.12
_SHOWN = 30
_LEVELS: tuple[str | None, ...] = (None, *(level.value for level in Difficulty))


class SearchScreen(LibraryScreen):
    """The field keeps the keys; arrows choose among what was found. ``within`` is a course that can be searched alone."""

    HERE = SEARCH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SEARCH)]
    AUTO_FOCUS = "Input"

    class Found(Message):
        """An answer to ``query``; not the ``last`` one where the database is still being asked."""

        def __init__(self, query: SearchQuery, results: Results, *, last: bool) -> None:
            super().__init__()
            self.query = query
            self.results = results
            self.last = last

    def __init__(self, library: "Library", text: str = "", scope: Scope = "all", within: str = "") -> None:
        super().__init__(library)
        self._query = SearchQuery(text=text, scope=scope if within else "all", within=within, limit=_SHOWN, typing=True)
        self._course = _title(library, within)
        self._answered: SearchQuery | None = None
        self._results = Results()
        self._asking = False
        self._opens_first = False  # Enter was pressed before there was an answer

    def compose_body(self) -> ComposeResult:
        yield Input(self._query.text, placeholder="words to look for", compact=True, select_on_focus=False)
        yield SearchOptions()
        yield Static(id="search-says", markup=False)
        yield ResultRows()

    def reread(self) -> None:
        self._show()

    def status_changed(self) -> None:
        self._show()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._ask(replace(self._query, text=message.value))

    def _ask(self, query: SearchQuery) -> None:
        self._query, self._opens_first = query, False
        self._asking = bool(parse(query.text))
        if self._asking:
            self.work_alone(lambda: self._look(query), "search")
        else:
            self.workers.cancel_group(self, "search")
            self._answered, self._results = None, Results()
            self.query_one(ResultRows).show((), anew=True)
        self._show()

    async def _look(self, query: SearchQuery) -> None:
        await asyncio.sleep(_AFTER_THE_LAST_KEY_SECONDS)
        try:
            here, notice = await self.asked(in_background(lambda: self.library.search(query)))
        except asyncio.CancelledError:
            self.library.stop_searching()
            raise
        here = here or Results(notice=notice)
        self.post_message(self.Found(query, here, last=False))
        found, notice = await self.asked(self.library.search_database(query))
        found = found or replace(here, notice=here.notice or notice)
        self.post_message(self.Found(query, found, last=True))

    @on(Found)
    def _found(self, message: Found) -> None:
        if message.query != self._query:
            return
        anew = self._answered != message.query
        self._answered, self._results, self._asking = message.query, message.results, not message.last
        self.query_one(ResultRows).show(message.results.items, anew=anew)
        self._show()
        if self._opens_first and (message.results.items or message.last):
            self._opens_first = False
            self.action_open()

    def _show(self) -> None:
        query, results = self._query, self._results
        stands = standing(results, self._asking, self.library.now()) if self._answered or self._asking else ""
        self.heading("lms-tui", "Search", right=stands)
        self.query_one(SearchOptions).show(
            Options(
                course=self._course,
                alone=query.scope == "course",
                include_completed=query.include_completed,
                difficulty=query.difficulty,
                category=query.category,
            )
        )
        rows, says = self.query_one(ResultRows), self.query_one("#search-says", Static)
        rows.display = bool(results.items)
        says.display = not rows.display
        if not parse(query.text):
            says.update(nothing_typed(self.library.status(), keymap_of(self)))
        elif self._asking or self._answered != query:
            says.update("Searching…")
        else:
            says.update(nothing_found(query, results, self._course, keymap_of(self)))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Opening needs a result, and another place needs a course to search alone."""
        match action:
            case "open":
                return bool(self._results.items)
            case "widen":
                return bool(self._course)
            case _:
                return True

    def action_cursor(self, by: int) -> None:
        """Another result."""
        self.query_one(ResultRows).action_cursor(by)

    def action_page(self, by: int) -> None:
        """As many results on as are in sight."""
        self.query_one(ResultRows).action_page(by)

    def action_search(self) -> None:
        """This is where one searches."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _entered(self) -> None:
        if self._asking and (self._answered != self._query or not self._results.items):
            self._opens_first = True  # what is on the screen is not what was asked for
        else:
            self.action_open()

    @on(ResultRows.Clicked)
    def _clicked(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Opens the selected result: a section at the passage, a course's outline."""
        result = self.query_one(ResultRows).selected
        if result is not None:
            open_found(self, result)

    @on(Fetched)
    def _fetched(self, message: Fetched) -> None:
        if self.still_wants(message.result.id, message.result.title):
            open_found(self, message.result, fetched=True)

    def action_widen(self) -> None:
        """This course, or everything."""
        self._ask(replace(self._query, scope="all" if self._query.scope == "course" else "course"))

    def action_finished(self) -> None:
        """With finished sections, or without."""
        self._ask(replace(self._query, include_completed=not self._query.include_completed))

    def action_level(self) -> None:
        """Courses of the next level, or of any."""
        self._ask(replace(self._query, difficulty=_after(self._query.difficulty, _LEVELS)))

    def action_category(self) -> None:
        """Courses of the next category that is known here, or of any."""
        known = self.library.facets().categories
        if known:
            self._ask(replace(self._query, category=_after(self._query.category, (None, *known))))
        else:
            self.say("No course that is known here has a category.")


def _after(now: str | None, choices: tuple[str | None, ...]) -> str | None:
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else None


def _title(library: "Library", within: str) -> str:
    try:
        return library.outline(within).course.title if within else ""
    except LmsError:
        return within
