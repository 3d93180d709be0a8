"""The person's own keys: what the settings may say, what is left out with a sentence, and that nobody can lock themselves in."""

import string
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_tui import commands
from lms_tui.commands import EVERYWHERE, SCREENS, Command
from lms_tui.keymap import COMMANDS, KeyMap
from tools import keys


def test_a_command_gets_the_keys_that_were_written() -> None:
    keymap = KeyMap({"reading.done": "d", "sync": "ctrl+r, F12", "reading.find": "/ Ctrl+F", "reading.next": "PgDn"})
    assert keymap.keys("reading.done") == "d"
    assert keymap.keys("sync") == "ctrl+r,f12"
    assert keymap.keys("reading.find") == "/,ctrl+f"
    assert keymap.problems == ["“reading.next” cannot have PgDn: that is the key of “reader.page_down”."]
    assert keymap.keys("reading.next") == "]"
    assert keymap.key("sync") == "Ctrl+R"


def test_without_keys_a_command_is_unbound_and_esc_and_enter_stay() -> None:
    keymap = KeyMap({"reading.done": "", "back": "", "practice.check": "f12"})
    assert keymap.problems == []
    assert keymap.keys("reading.done") == ""
    assert keymap.keys("back") == "escape"
    assert keymap.keys("practice.check") == "f12,enter"


def test_two_commands_may_change_their_keys_with_each_other() -> None:
    keymap = KeyMap({"reading.next": "[", "reading.previous": "]"})
    assert (keymap.problems, keymap.keys("reading.next"), keymap.keys("reading.previous")) == ([], "[", "]")


def test_what_takes_turns_may_share() -> None:
    assert KeyMap({"practice.check": "f12", "practice.on": "f12"}).problems == []


@pytest.mark.parametrize(
    ("name", "written", "sentence"),
    [
        ("reading.dne", "d", "“reading.dne” is not the name of a command; docs/keys.md lists them."),
        ("reading.done", 3, "The keys of “reading.done” have to be a text, such as \"d\" or \"ctrl+d f5\"."),
        ("reading.done", "ctrl+", "“reading.done” cannot have “ctrl+”: that is not a key that a terminal can send."),
        ("reading.done", "cmd+d", "“reading.done” cannot have “cmd+d”: that is not a key that a terminal can send."),
        ("reading.done", "dd", "“reading.done” cannot have “dd”: that is not a key that a terminal can send."),
        ("reading.done", "\x1b", "“reading.done” cannot have “\x1b”: that is not a key that a terminal can send."),
        ("reading.done", "ctrl+m", "“reading.done” cannot have ctrl+m: terminals send it as Enter."),
        ("reading.done", "ctrl+c", "“reading.done” cannot have Ctrl+C: it always quits."),
        ("practice.hint", "3", "“practice.hint” cannot have 3: it always chooses an answer."),
        ("reading.done", "esc", "“reading.done” cannot have Esc: that is the key of “back”."),
        ("reading.done", "o", "“reading.done” cannot have o: that is the key of “reading.outline”."),
        ("go", "space", "“go” cannot have Space: that is the key of “reader.page_down”."),
        ("go.progress", "h", "“go.progress” cannot have h: that is the key of “go.home”."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_left_out_and_said(name: str, written: object, sentence: str) -> None:
    keymap = KeyMap({name: written})
    assert keymap.problems == [sentence]
    assert not keymap.own


def test_the_names_are_unique_and_every_table_of_commands_is_looked_at() -> None:
    tables = [table for table in vars(commands).values() if isinstance(table, tuple) and table and isinstance(table[0], Command)]
    every = [command for table in tables for command in table]
    assert len({command.id for command in every}) == len(every)
    assert {command.id for command in every} == set(COMMANDS), "a new table belongs into commands.SCREENS"


_ENTER_OF_AN_ASSESSMENT = [f"assessment.{name}" for name in ("start", "resume", "keep", "send", "on")]


@pytest.mark.parametrize("screen", SCREENS)
def test_the_keys_that_the_app_begins_with_mean_one_thing_at_a_time(screen: str) -> None:
    """Those that take turns are known: each pair is told apart by ``check_action``."""
    shared = {
        frozenset((one.id, other.id))
        for one, other in combinations((*SCREENS[screen], *EVERYWHERE), 2)
        if set(one.keys.split(",")) & set(other.keys.split(",")) and one.action != other.action
    }
    assert shared <= {
        frozenset(pair)
        for pair in (
            ("home.open", "home.course"), ("home.outline", "home.course"), ("home.quit", "back"), ("home.courses", "rows.down"),
            ("practice.check", "practice.on"), ("practice.check", "practice.open"), ("practice.open", "practice.on"),
            ("practice.retry", "practice.rest"), ("sync.story", "sync.outline"), *combinations(_ENTER_OF_AN_ASSESSMENT, 2),
            ("reading.find", "search"), ("reader.next_stop", "find.widen"),
            ("practice.enrol", "practice.editor"), ("assessment.enrol", "assessment.editor"),
            ("assessment.not_yet", "assessment.leave"), ("assessment.not_yet", "back"),
        )
    }  # fmt: skip


_NAMES = ("f1", "f5", "esc", "enter", "space", "tab", "shift+tab", "alt+x", "ö", "nonsense")
_WORDS = st.sampled_from([*string.printable, *_NAMES, "ctrl+d", "ctrl+c"])
_ENTRIES = st.dictionaries(st.sampled_from(sorted(COMMANDS)), st.one_of(st.lists(_WORDS, max_size=3).map(" ".join), st.just(3)), max_size=8)


@given(_ENTRIES)
def test_whatever_is_written_no_key_means_two_things_and_esc_goes_back(entries: dict[str, object]) -> None:
    keymap = KeyMap(entries)
    assert "escape" in keymap.keys("back").split(",")
    assert len(keymap.own) + len(keymap.problems) == len(entries)
    for here in SCREENS.values():
        for one, other in combinations((*here, *EVERYWHERE), 2):
            shared = set(keymap.keys(one.id).split(",")) & set(keymap.keys(other.id).split(",")) - {""}
            before = set(one.keys.split(",")) & set(other.keys.split(","))
            assert not shared or before or one.action == other.action, (one.id, other.id, shared)


def test_the_page_of_keys_is_as_the_commands_are() -> None:
    assert keys.PAGE.read_text("utf-8") == keys.page(), "python -m tools.keys writes it anew"
