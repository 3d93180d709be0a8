"""The app: which screens there are, its themes, and how the library's news reaches them."""

import asyncio
import logging
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from lms_tui import signals
from lms_tui.keymap import KeyMap
from lms_tui.logs import log_file, log_to_file
from lms_tui.model.errors import LmsError
from lms_tui.model.text import clean
from lms_tui.screens.base import LibraryChanged, LibraryScreen, Said, take_back
from lms_tui.screens.home import HomeScreen
from lms_tui.screens.timed import TimedScreen
from lms_tui.themes import THEMES, known, quiet_of
from lms_tui.turns import TurnTakingApp
from lms_tui.widgets.without_colour import WithoutColour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.command import Provider
    from textual.driver import Driver
    from textual.filter import LineFilter
    from textual.notifications import SeverityLevel

    from lms_tui.library import Change, Library

LOG = logging.getLogger(__name__)
_LAST_WORDS_SECONDS = 1.0
_LOOK_SECONDS = 10.0  # a minute after its time is up, an attempt would not count
_SORRY = "Something unexpected went wrong, and it is our fault. What you did is saved. Details: "


def _palette() -> "type[Provider]":
    from lms_tui.palette import CommandsProvider

    return CommandsProvider


class LmsApp(TurnTakingApp):
    """A library, shown."""

    TITLE = "lms-tui"
    CSS_PATH = "styles/app.tcss"
    COMMANDS = {_palette}
    ENABLE_COMMAND_PALETTE = False  # ours is a command of every screen
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "quit", "Quit", show=False, priority=True)]

    def __init__(self, library: "Library") -> None:
        super().__init__()
        self.library = library
        self.recent: list[str] = []  # commands that were last chosen by name
        self.keymap = KeyMap(library.settings.keys)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = known(library.settings.theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """``quiet`` is the colour of what is said beside the matter, for themes that do not know it."""
        return {"quiet": quiet_of(self.current_theme)}

    def get_line_filters(self) -> "Sequence[LineFilter]":
        """Where no colours are wanted, none are drawn."""
        return [WithoutColour()] if self.no_color else super().get_line_filters()

    def get_driver_class(self) -> "type[Driver]":
        """Where Textual takes its driver for Linux and macOS, ours."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from lms_tui.driver import TerminalDriver

        return TerminalDriver

    def get_default_screen(self) -> HomeScreen:
        """Home is at the bottom of every stack of screens."""
        return HomeScreen(self.library)

    def on_mount(self) -> None:
        self.library.listener = self._library_changed

    def on_ready(self) -> None:
        """After the first frame: everything slow begins here."""
        if not self.is_headless:
            signals.listen(self)
        if first := next(iter(self.keymap.problems), ""):
            more = len(self.keymap.problems) - 1
            self.post_message(Said(f"{first} It was left out{f', and {more} more' if more else ''}; lms-tui doctor tells all.", "warning"))
        self.run_worker(self._keep_in_touch(), name="keep_in_touch", exit_on_error=False)
        self.set_interval(_LOOK_SECONDS, self._look_at_attempts)

    async def _keep_in_touch(self) -> None:
        try:
            await self.library.run()
        except Exception:
            LOG.exception("the loop behind the app failed")
            self.post_message(Said("The database loop stopped. What you do is still saved here and is sent after a new start.", "warning"))

    def _look_at_attempts(self) -> None:
        if not any(worker.name == "hand_in_overdue" and worker.is_running for worker in self.workers):
            self.run_worker(self.hand_in_overdue(), name="hand_in_overdue", exit_on_error=False)

    async def hand_in_overdue(self) -> None:
        """Whatever screen the person is on, an attempt is handed in when its time is up."""
        shown = [screen.page.section.id for screen in self.screen_stack if isinstance(screen, TimedScreen)]
        try:
            async for title in self.library.hand_in_overdue(shown):
                self.post_message(Said(f"The time of “{title}” is up. What you had answered is handed in.", "warning"))
        except LmsError as error:  # the entry card tells more, and tries again
            LOG.warning("an attempt whose time is up could not be handed in: %s", error.message)

    def _library_changed(self, change: "Change") -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, LibraryScreen):
                screen.post_message(LibraryChanged(change))
                return

    @on(Said)
    def _said(self, message: Said) -> None:
        self.notify(clean(message.sentence), severity=message.severity, markup=False)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """The same words are on the screen once."""
        take_back(self, message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    async def handle_event(self, event: events.Event) -> None:
        used = isinstance(event, (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)) and not event.is_forwarded
        if used and isinstance(self.screen, LibraryScreen):
            self.screen.touched()
        await super().handle_event(event)

    def action_command_palette(self) -> None:
        """Asks for a command."""
        from lms_tui.palette import Commands

        if not isinstance(self.screen, Commands):
            self.push_screen(Commands(placeholder="A command, a place, a course…", id="--command-palette"))

    def choose_theme(self, name: str) -> None:
        """These colours, now and after the next start."""
        self.theme = name
        self.run_worker(self._keep_theme(), exit_on_error=False)

    async def _keep_theme(self) -> None:
        try:
            await self.library.keep_theme(self.theme)
        except LmsError as error:
            self.post_message(Said(f"{error.message} {error.hint}", "warning"))

    async def action_quit(self) -> None:
        """Leaves; the network is not waited for."""
        self.exit()

    async def on_unmount(self) -> None:
        """Last words: what the library has to write. What it has to send is sent another time."""
        self.library.listener = None
        try:
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self.library.close()
        except TimeoutError:
            LOG.warning("the library took longer to close than a person should wait")

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own way prints the stack; a person gets a sentence, and the log the rest.
        LOG.error("the app failed", exc_info=error)
        if self.is_headless:
            super()._handle_exception(error)
            return
        self._return_code = 1
        self.panic(_SORRY + str(log_file()))


def run(profile: str = "personal", offline: bool = False) -> None:
    """Opens a profile's library and shows it until the person leaves. Raises ``SystemExit`` with a sentence when it cannot be opened."""
    from lms_tui.library import Library

    try:
        log_to_file()
        library = Library.open(profile, offline=offline)
    except LmsError as error:
        raise SystemExit(clean(f"{error.message} {error.hint}".strip())) from None
    app = LmsApp(library)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
