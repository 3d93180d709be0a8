"""The command palette: the commands of the screen beneath it, and the themes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, cast

from textual import on
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Button, Input

from lms_tui.screens.base import LibraryScreen
from lms_tui.themes import CHOICES


class _HasThemes(Protocol):
    def choose_theme(self, name: str) -> None: ...


class Commands(CommandPalette):
    """Textual's palette, which fails on keys that come while its list is empty, or while it closes."""

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

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for title, sentence, do in self._entries():
            yield DiscoveryHit(title, do, help=sentence)

    async def search(self, query: str) -> Hits:
        """What matches what was typed."""
        matcher = self.matcher(query)
        for title, sentence, do in self._entries():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), do, help=sentence)

    def _entries(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        screen = self.screen
        if isinstance(screen, LibraryScreen):
            for command in screen.commands():
                if command.id != "palette":
                    yield f"{command.title}  ({command.key})", command.sentence, partial(_run, screen, command.action)
        for name, theme in CHOICES.items():
            now = "  (now)" if theme == self.app.theme else ""
            yield f"Theme: {name}{now}", "Changes the colours, here and after the next start.", self._set_theme(theme)
        yield "Quit", "Leaves. What you did is saved.", self.app.action_quit

    def _set_theme(self, theme: str) -> Callable[[], None]:
        return partial(cast("_HasThemes", self.app).choose_theme, theme)


async def _run(screen: LibraryScreen, action: str) -> None:
    if screen.is_active:  # it may have gone while the palette was open
        await screen.run_action(action)
