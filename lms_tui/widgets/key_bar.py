"""The line of keys: what can be done here now, made from the screen's commands."""

from collections.abc import Sequence
from typing import Protocol, cast

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from lms_tui.commands import Command
from lms_tui.widgets.own_keys import usable_key


class _HasCommands(Protocol):
    def commands(self) -> tuple[Command, ...]: ...


class KeyBar(Widget):
    """As many keys as fit, the first ones first, closer where they are many; the key of the help screen is always there.

    A click does what the key does.

    A key that writes into the field with the cursor is not shown; the command's next key is.
    """

    def on_mount(self) -> None:
        self.auto_links = False  # a key is drawn as a key, not as a link
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        commands = cast("_HasCommands", self.screen).commands()
        shown = [entry for command in commands if command.hint and command.id != "help" and (entry := self._entry(command))]
        last = [entry for command in commands if command.id == "help" and (entry := self._entry(command))]
        width = self.content_size.width
        gap = 3 if _length([*shown, *last], 3) <= width else 2
        while shown and _length([*shown, *last], gap) > width:
            shown.pop()
        return Content(" " * gap).join([*shown, *last])

    def _entry(self, command: Command) -> Content | None:
        key = usable_key(self.screen.focused, command.keys)
        if not key:
            return None
        entry = Content.assemble((key, "$accent bold"), " ", (command.hint, "$quiet"))
        action = command.action if command.action.startswith("app.") else f"screen.{command.action}"
        return entry.stylize(Style.from_meta({"@click": action}))


def _length(entries: Sequence[Content], gap: int) -> int:
    return sum(entry.cell_length + gap for entry in entries) - gap
