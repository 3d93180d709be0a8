"""The command palette: the commands of the screen beneath it, places to go, courses by name, and the themes."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Protocol, cast

from textual import on
from textual.command import Command, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Button, Input, OptionList

from lms_tui.commands import GO
from lms_tui.model.text import clean_line
from lms_tui.screens.base import LibraryScreen
from lms_tui.screens.opening import open_outline
from lms_tui.themes import CHOICES
from lms_tui.widgets.own_keys import keymap_of

_MOST_COURSES = 500  # of a large library, those that the person takes and the first others


class _Chooses(Protocol):
    theme: str
    recent: list[str]

    def choose_theme(self, name: str) -> None: ...


class Entry(NamedTuple):
    """A line of the palette. ``typed`` entries come up when something is typed that matches."""

    title: str
    sentence: str
    do: IgnoreReturnCallbackType
    typed: bool = False


class ChooseTheme:
    """Chooses colours, which can be seen before."""

    def __init__(self, app: _Chooses, theme: str) -> None:
        self._app, self.theme = app, theme

    def __call__(self) -> None:
        self._app.choose_theme(self.theme)


class Commands(CommandPalette):
    """Textual's palette, which fails on keys that come while its list is empty, or while it closes. Themes are shown under the cursor."""

    def on_mount(self) -> None:
        self._theme_before = self.app.theme

    def on_unmount(self) -> None:
        chosen = self._selected_command
        if chosen is None or not isinstance(chosen.command, ChooseTheme):
            self.app.theme = self._theme_before

    @on(OptionList.OptionHighlighted)
    def _show_theme(self, event: OptionList.OptionHighlighted) -> None:
        do = event.option.hit.command if isinstance(event.option, Command) else None
        self.app.theme = do.theme if isinstance(do, ChooseTheme) else self._theme_before

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).size.height:
            super()._action_command_list(action)

    @on(Input.Submitted)
    @on(Button.Pressed)
    def _select_or_command(self, event: Input.Submitted | Button.Pressed | None = None) -> None:
        if event is not None:
            event.prevent_default()  # Textual calls the method of the class above as well
        if self.is_active:
            super()._select_or_command(event)


class CommandsProvider(Provider):
    """What can be done here now. Nothing is written twice: titles and sentences come from the commands."""

    async def startup(self) -> None:
        """The entries do not change while the palette is open."""
        self._entries = tuple(self._made())

    async def discover(self) -> Hits:
        """What there is before anything is typed, the last used first."""
        recent = cast("_Chooses", self.app).recent
        before = [entry for title in recent for entry in self._entries if entry.title == title]
        for entry in (*before, *(entry for entry in self._entries if entry not in before)):
            if not entry.typed or entry in before:
                yield DiscoveryHit(Content(entry.title), self._noted(entry), text=entry.title, help=entry.sentence)

    async def search(self, query: str) -> Hits:
        """What matches what was typed."""
        matcher = self.matcher(query)
        for entry in self._entries:
            if (score := matcher.match(entry.title)) > 0:
                yield Hit(score, _marked(entry.title, matcher), self._noted(entry), text=entry.title, help=entry.sentence)

    def _noted(self, entry: Entry) -> IgnoreReturnCallbackType:
        if isinstance(entry.do, ChooseTheme):
            return entry.do
        return partial(_do, cast("_Chooses", self.app).recent, entry)

    def _made(self) -> Iterator[Entry]:
        screen = self.screen
        if isinstance(screen, LibraryScreen):
            for command in screen.commands():
                if command.id not in ("palette", "go"):
                    yield Entry(_with_key(command.title, command.key), command.sentence, partial(_run, screen, command.action))
            yield from self._places(screen)
            for course in screen.library.home().courses[:_MOST_COURSES]:
                yield Entry(
                    f"Open: {clean_line(course.title)}", "Shows the lessons and sections of this course.",
                    partial(_on_top, screen, partial(open_outline, screen, course.ref)), typed=True,
                )  # fmt: skip
        for name, theme in CHOICES.items():
            now = "  (now)" if theme == self.app.theme else ""
            sentence = "Changes the colours, here and after the next start."
            yield Entry(f"Theme: {name}{now}", sentence, ChooseTheme(cast("_Chooses", self.app), theme))
        yield Entry("Quit", "Leaves. What you did is saved.", self.app.action_quit)

    def _places(self, screen: LibraryScreen) -> Iterator[Entry]:
        keymap = keymap_of(screen)
        for place in GO:
            keys = [keymap.key("go"), keymap.key(place.id)]
            do = partial(_on_top, screen, partial(screen.go_to, place.id.removeprefix("go.")))
            yield Entry(_with_key(f"Go to: {place.title}", " ".join(keys) if all(keys) else ""), place.sentence, do)


def _with_key(title: str, key: str) -> str:
    return f"{title}  ({key})" if key else title


def _marked(title: str, matcher: Matcher) -> Content:
    """A title with what matches in it marked. Textual's own way reads it as markup."""
    content = Content(title)
    _, offsets = matcher.fuzzy_search.match(matcher.query, title)
    for offset in offsets:
        content = content.stylize(matcher.match_style, offset, offset + 1)
    return content


async def _do(recent: list[str], entry: Entry) -> None:
    recent[:] = [entry.title, *(title for title in recent if title != entry.title)][:3]
    result = entry.do()
    if result is not None:
        await result


async def _run(screen: LibraryScreen, action: str) -> None:
    if screen.is_active:  # it may have gone while the palette was open
        await screen.run_action(action)


def _on_top(screen: LibraryScreen, do: IgnoreReturnCallbackType) -> None:
    if screen.is_active:
        do()
