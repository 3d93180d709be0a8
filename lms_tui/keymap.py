"""The person's own keys: what the settings file says of them, checked, and each command with the keys that it has then."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from msgspec.structs import replace

from lms_tui.commands import EVERYWHERE, GO, SCREENS, Command, key_name, keys_of

KEPT = ("escape", "enter")  # a command that has one of these keeps it: nobody is locked in, and what the screens say of them holds
_TAKEN = {"ctrl+c": "quits", "ctrl+q": "quits", **dict.fromkeys("0123456789", "chooses an answer")}
_SAME_AS = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+j": "Enter", "ctrl+m": "Enter", "ctrl+[": "Esc"}
_OTHER_NAMES = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "ins": "insert"}
_MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
_FUNCTIONS = tuple(f"f{number}" for number in range(1, 13))
_NAMED = frozenset({*_MOVING, *_FUNCTIONS, "space", "tab", "shift+tab", "enter", "escape", "insert", "delete", "backspace", "comma"})
_HELD = {"ctrl": frozenset(_MOVING), "shift": frozenset(_MOVING), "alt": frozenset()}
_STAY = Command("go.stay", "Stay", "", "escape", "stay")
_TOGETHER = [*([*here, *EVERYWHERE] for here in SCREENS.values()), [*GO, _STAY]]
COMMANDS = {command.id: command for command in (*EVERYWHERE, *GO, *(command for here in SCREENS.values() for command in here))}
"""All commands by their ids."""


class WrongKeys(Exception):
    """An entry of the key map that cannot hold; the message is a sentence."""


class KeyMap:
    """The keys of all commands. ``own`` are those that the person gave; ``problems`` are sentences on what was left out of them."""

    def __init__(self, entries: Mapping[str, object] | None = None) -> None:
        self.problems: list[str] = []
        self.own: dict[str, str] = {}
        for name, written in (entries or {}).items():
            try:
                self.own[name] = _keys_for(name, written)
            except WrongKeys as error:
                self.problems.append(str(error))
        while clash := next(self._clashes(), None):
            name, sentence = clash
            del self.own[name]
            self.problems.append(sentence)

    def __bool__(self) -> bool:
        return bool(self.own)

    def keys(self, name: str) -> str:
        """The keys of the command of an id, parted by commas; empty for one that has none."""
        return self.own.get(name, COMMANDS[name].keys if name in COMMANDS else "")

    def of(self, command: Command) -> Command:
        """A command with the keys that it has here."""
        return replace(command, keys=self.own[command.id]) if command.id in self.own else command

    def key(self, name: str) -> str:
        """The first key of a command, as people write it."""
        return key_name(self.keys(name).split(",")[0])

    def _clashes(self) -> Iterator[tuple[str, str]]:
        """Entries that give a key that means something else on the same screen, and what to say of each."""
        for together in _TOGETHER:
            for one, other in combinations(together, 2):
                chosen = other if other.id in self.own else one
                shared = _set(self.of(one).keys) & _set(self.of(other).keys)
                if chosen.id in self.own and shared and not _take_turns(one, other):
                    already = one if chosen is other else other
                    yield chosen.id, f"“{chosen.id}” cannot have {keys_of(min(shared))}: that is the key of “{already.id}”."


def _take_turns(one: Command, other: Command) -> bool:
    """Whether two commands may share a key: they do so from the start, because only one of them can be done at a time."""
    return one.action == other.action or bool(_set(one.keys) & _set(other.keys))


def _set(keys: str) -> set[str]:
    return set(keys.split(",")) - {""}


def _keys_for(name: str, written: object) -> str:
    if name not in COMMANDS:
        raise WrongKeys(f"“{name}” is not the name of a command; docs/keys.md lists them.")
    if not isinstance(written, str):
        raise WrongKeys(f'The keys of “{name}” have to be a text, such as "d" or "ctrl+d f5".')
    keys = [_key(name, word) for word in written.replace(",", " ").split()]
    kept = [key for key in COMMANDS[name].keys.split(",") if key in KEPT]
    return ",".join(dict.fromkeys([*keys, *kept]))


def _key(name: str, word: str) -> str:
    """A key by its one name. Raises ``WrongKeys`` for one that there is not, or that is not free."""
    key = _one_name(word)
    if key in _TAKEN:
        raise WrongKeys(f"“{name}” cannot have {key_name(key)}: it always {_TAKEN[key]}.")
    if key in _SAME_AS:
        raise WrongKeys(f"“{name}” cannot have {word}: terminals send it as {_SAME_AS[key]}.")
    if key in _NAMED or (len(key) == 1 and key.isprintable()):
        return key
    held, _, last = key.rpartition("+")
    letter = len(last) == 1 and last.isascii() and last.isalpha() and held in ("ctrl", "alt")
    if letter or last in _HELD.get(held, ()):
        return key
    raise WrongKeys(f"“{name}” cannot have “{word}”: that is not a key that a terminal can send.")


def _one_name(word: str) -> str:
    if len(word) == 1:
        return word
    held, _, last = word.rpartition("+")
    if held.lower() == "shift" and len(last) == 1 and last.isalpha():
        return last.upper()
    key = word.lower()
    return _OTHER_NAMES.get(key, key)
