"""The command palette: the commands of the screen beneath it, and the themes."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from lms_tui.screens.base import LibraryScreen
from lms_tui.themes import CHOICES


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
                    yield f"{command.title}  ({command.key})", command.sentence, partial(screen.run_action, command.action)
        for name, theme in CHOICES.items():
            yield f"Theme: {name}", "Changes the colours.", self._set_theme(theme)
        yield "Quit", "Leaves. What you did is saved.", self.app.action_quit

    def _set_theme(self, theme: str) -> Callable[[], None]:
        return partial(setattr, self.app, "theme", theme)
