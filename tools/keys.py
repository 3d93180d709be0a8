"""Writes the table of docs/keys.md from the commands: ``python -m tools.keys``."""

from collections.abc import Iterable
from pathlib import Path

from lms_tui.commands import EVERYWHERE, Command
from lms_tui.keymap import COMMANDS

PAGE = Path(__file__).parent.parent / "docs" / "keys.md"
_TITLES = {
    "everywhere": "Everywhere",
    "go": "After the key of `go`",
    "question": "From question to question",
    "rows": "In lists",
    "reader": "In a text",
    "choices": "Among options",
}
_BEGIN = "<!-- The tables are made by tools/keys.py; tests/test_keymap.py compares. -->\n"


def page() -> str:
    """The page as it should be: what is written by hand, and the tables."""
    return PAGE.read_text("utf-8").partition(_BEGIN)[0] + _BEGIN + "".join(_tables())


def _tables() -> Iterable[str]:
    groups: dict[str, list[Command]] = {}
    for command in COMMANDS.values():
        group = "everywhere" if command in EVERYWHERE else command.id.partition(".")[0]
        groups.setdefault(group, []).append(command)
    for group, commands in groups.items():
        yield f"\n## {_TITLES.get(group, group.capitalize())}\n\n| command | keys | what it does |\n|---|---|---|\n"
        for command in commands:
            yield f"| `{command.id}` | {_keys(command)} | {command.title.rstrip('…')}: {command.sentence} |\n"


def _keys(command: Command) -> str:
    return " ".join(f"`{key}`".replace("|", "\\|") for key in command.all_keys.split()) or "none"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
