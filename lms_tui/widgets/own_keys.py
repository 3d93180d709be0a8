"""The person's own keys, put in place of those that a widget or a screen begins with."""

from dataclasses import replace

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.widget import Widget

from lms_tui.commands import key_name
from lms_tui.keymap import KeyMap


def keymap_of(node: DOMNode) -> KeyMap:
    """The keys that hold in the app that a node is in."""
    keymap = getattr(node.app, "keymap", None)
    return keymap if isinstance(keymap, KeyMap) else KeyMap()


def key_hint(node: DOMNode, name: str, words: str) -> str:
    """Words on a command with its key in the place of ``{}``; nothing where it has no key."""
    key = keymap_of(node).key(name)
    return words.format(key) if key else ""


def bind_own_keys(node: DOMNode) -> None:
    """Binds each command of a node to its keys. Textual's own key maps unbind all that shares a key with what is bound anew."""
    keymap = keymap_of(node)
    if not keymap:
        return
    made, bound = BindingsMap(), set()
    for key, binding in node._bindings:
        if binding.id is None or binding.id not in keymap.own:
            made.key_to_bindings.setdefault(key, []).append(binding)
        elif binding.id not in bound and (keys := keymap.own[binding.id]):
            bound.add(binding.id)
            for own in Binding.make_bindings([replace(binding, key=keys)]):
                made.key_to_bindings.setdefault(own.key, []).append(own)
    node._bindings = made


def usable_keys(focused: Widget | None, keys: str) -> str:
    """Those of some keys, parted by commas, that do not write into the field with the cursor."""
    return ",".join(key for key in keys.split(",") if focused is None or not focused.check_consume_key(key, key_to_character(key)))


def usable_key(focused: Widget | None, keys: str) -> str:
    """The first of those, as people write it; empty where there is none."""
    return key_name(usable_keys(focused, keys).split(",")[0])
