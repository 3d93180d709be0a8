"""What all screens share: the heading, the key bar, the status line, going back, and failures told in one sentence."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from textual import on
from textual.actions import parse
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from lms_tui.commands import EVERYWHERE, Command, bindings
from lms_tui.model.errors import LmsError
from lms_tui.model.text import clean
from lms_tui.widgets.heading import Heading
from lms_tui.widgets.key_bar import KeyBar
from lms_tui.widgets.own_keys import bind_own_keys, keymap_of
from lms_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from lms_tui.library import Change, Library

LOG = logging.getLogger(__name__)
WIDE = 120
"""How many cells wide a screen is that has room for something beside its matter."""
_MINUTES_GO_BY_SECONDS = 5.0
"""How often minutes that are left are looked at again."""
_OUR_FAULT = "That did not work, and it is our fault. The log in the state folder has the details."
_T = TypeVar("_T")


class LibraryChanged(Message):
    """The library holds something new; who shows it reads again."""

    def __init__(self, change: "Change") -> None:
        super().__init__()
        self.change = change


class Said(Message):
    """One sentence for the person, from work in the background."""

    def __init__(self, sentence: str, severity: Literal["information", "warning"] = "information") -> None:
        super().__init__()
        self.sentence = sentence
        self.severity = severity


class CourseFetched(Message):
    """A course that was opened before it was here is on this machine now."""

    def __init__(self, course: str, title: str) -> None:
        super().__init__()
        self.course = course
        self.title = title


def take_back(app: App[Any], message: str) -> None:
    """Takes these words off the screen; what else was said stays."""
    for shown in [one for one in app._notifications if one.message == message]:
        app._unnotify(shown)


class LibraryScreen(Screen[None]):
    """A screen that shows what the library holds. ``HERE`` are the commands of this screen alone."""

    HERE: ClassVar[tuple[Command, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (WIDE, "-wide")]

    def __init__(self, library: "Library") -> None:
        super().__init__()
        self.library = library
        self._is_read = False
        self._wanted = ""
        self._day = date.min

    def compose(self) -> ComposeResult:
        yield Heading()
        yield from self.compose_body()
        yield KeyBar()
        yield StatusLine()

    def compose_body(self) -> ComposeResult:
        """What is between the heading and the key bar."""
        raise NotImplementedError

    def reread(self) -> None:
        """Shows what the library holds now."""
        raise NotImplementedError

    def touched(self) -> None:
        """A key or the mouse was used. Who does something else does not want to be led away from it."""
        self._wanted = ""

    def want(self, name: str) -> None:
        """What is fetched under this name is opened when it comes, unless the person does something else meanwhile."""
        self._wanted = name

    def still_wants(self, name: str, title: str) -> bool:
        """Whether what came is to be opened; where it is not, it is only told."""
        if self.is_active and self._wanted == name:
            self._wanted = ""
            return True
        self.say(f"“{title}” is on this machine now.")
        return False

    def status_changed(self) -> None:
        """The state of the database or of the queue is another, the content is as it was."""

    def commands(self) -> tuple[Command, ...]:
        """What can be done here now, this screen's own commands first."""
        here = {command.action for command in self.HERE}
        everywhere = (command for command in EVERYWHERE if command.action not in here)
        now = (command for command in (*self.HERE, *everywhere) if self._can_be_done(command.action))
        return tuple(map(keymap_of(self).of, now))

    def _can_be_done(self, action: str) -> bool:
        _, name, parameters = parse(action)
        return bool(self.check_action(name, parameters))

    def heading(self, *where: str, right: str = "") -> None:
        """Says where a person is: names from the outside in, and at the right a number or a state."""
        self.query_one(Heading).show(where, right)

    def on_mount(self) -> None:
        bind_own_keys(self)
        self._read_all()  # before the first frame is drawn
        self._is_read = True
        self.set_interval(_MINUTES_GO_BY_SECONDS, self.minutes_go_by)

    def on_screen_resume(self) -> None:
        if not self._is_read:
            self._read_all()
        self._is_read = False

    def _read_all(self) -> None:
        if self.is_attached:  # the app was not left while this screen opened
            self.or_leave(self._read)

    def _read(self) -> None:
        self._day = self.library.today()
        self._show_status()
        self.reread()

    def _read_status(self) -> None:
        self._show_status()
        self.status_changed()

    def _show_status(self) -> None:
        self.query_one(StatusLine).show(self.library.status(), self.library.active_seconds_today(), self.library.now())

    def minutes_go_by(self) -> None:
        """Looked at every few seconds: what is told of today, and as a time alone, is read again when another day has begun."""
        if self.is_active and self.library.today() != self._day:
            self._read_all()

    def or_leave(self, read: Callable[[], None]) -> bool:
        """Reads what is shown here; where that is gone, says so, leaves, and is False."""
        try:
            read()
        except LmsError as error:
            self.say(f"{error.message} {error.hint}", "warning")
            self.leave()
            return False
        return True

    @on(LibraryChanged)
    def _library_changed(self, message: LibraryChanged) -> None:
        if message.change.name == "STATUS":
            self.or_leave(self._read_status)
        else:
            self._read_all()

    def work(self, task: Coroutine[None, None, None]) -> None:
        """Does something behind the screen; a failure becomes one sentence.

        The work belongs to the app: leaving this screen does not cancel it.
        """
        self.app.run_worker(self._guarded(task), exit_on_error=False)

    async def asked(self, question: Awaitable[_T]) -> tuple[_T | None, str]:
        """The answer, or why there is none, to be shown beside what there is; what nobody foresaw is said as well."""
        try:
            return await question, ""
        except LmsError as error:
            return None, error.message
        except Exception:
            LOG.exception("a question behind a screen failed")
            self.app.post_message(Said(_OUR_FAULT, "warning"))
            return None, _OUR_FAULT

    def work_alone(self, task: Callable[[], Coroutine[None, None, None]], group: str) -> None:
        """Does something for this screen, which ends with it, and with the next work of the group."""

        async def begin() -> None:  # a worker that is ended before it begins has nothing to await
            await self._guarded(task())

        _: Worker[None] = self.run_worker(begin, group=group, exclusive=True, exit_on_error=False)

    async def _guarded(self, task: Coroutine[None, None, None]) -> None:
        try:
            await task
        except LmsError as error:
            self.app.post_message(Said(f"{error.message} {error.hint}".strip(), "warning"))
        except Exception:
            LOG.exception("work behind a screen failed")
            self.app.post_message(Said(_OUR_FAULT, "warning"))

    @on(CourseFetched)
    def _course_fetched(self, message: CourseFetched) -> None:
        from lms_tui.screens.opening import open_outline

        if self.still_wants(message.course, message.title):
            open_outline(self, message.course)

    def say(self, sentence: str, severity: Literal["information", "warning"] = "information") -> None:
        """Shows one sentence that goes away by itself."""
        self.app.clear_notifications()  # one at a time: they lie over what is read
        self.app.notify(clean(sentence), severity=severity, markup=False)

    def unsay(self, sentence: str) -> None:
        """Takes back a sentence that does not hold any more; what else was said stays."""
        take_back(self.app, clean(sentence))

    def action_back(self) -> None:
        """Goes to the screen before."""
        self.leave()

    def leave(self) -> None:
        """Goes to the screen before, where this one is still in front of it."""
        if self.is_active and len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def action_help(self) -> None:
        """Shows the keys of this screen."""
        from lms_tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.commands(), self.focused))

    def action_go(self) -> None:
        """Asks where to go."""
        from lms_tui.screens.help import GoScreen

        self.app.push_screen(GoScreen(self.go_to))

    def go_to(self, place: str) -> None:
        """Goes to a place of ``commands.GO``: to home, and from there to where the place is."""
        from lms_tui.screens.places import OPENERS

        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        if place in OPENERS:
            self.app.push_screen(OPENERS[place](self.library))

    def open_place(self, place: str) -> None:
        """Opens a place over this screen, to which one comes back."""
        from lms_tui.screens.places import OPENERS

        self.app.push_screen(OPENERS[place](self.library))

    def course_here(self) -> str:
        """The ref of the course that this screen is about, where it is about one."""
        return ""

    def action_search(self) -> None:
        """Searches: in this screen's course first, where it has one."""
        self.open_search("", self.course_here())

    def open_search(self, text: str, course: str) -> None:
        """Opens the search screen over this one."""
        from lms_tui.screens.search import SearchScreen

        self.app.push_screen(SearchScreen(self.library, text, "course" if course else "all", course))

    def action_sync(self) -> None:
        """Sends and fetches now."""
        self.work(self._sync())

    async def _sync(self) -> None:
        report = await self.library.sync()
        if report.state == "idle":
            self.app.post_message(Said(f"Synced: {report.sent} sent, {report.pending} queued."))
        else:
            safe = "The database cannot be reached. What you did is safe and is sent later."
            self.app.post_message(Said(report.reason or safe, "warning"))
