"""No string that is not ours reaches a widget that would read it as markup, or the terminal as it is."""

import ast
import importlib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import fields

import lms_tui
from lms_tui.model import text
from lms_tui.model.text import MOST_MARKS, clean
from lms_tui.widgets.foreign import foreign, foreign_lines

ROOT = Path(lms_tui.__file__).parent
READ_MARKUP = frozenset(
    {"Static", "Label", "Button", "Option", "RadioButton", "Checkbox", "Collapsible", "TabPane", "Tab", "Tree", "notify"}
)
TEXTS = frozenset({"content", "label", "prompt", "message", "title", "tooltip", "placeholder", "renderable"})


SAFE_CALLS = frozenset({"foreign", "foreign_lines", "Content", "styled", "assemble", "from_markup"})
DRAW_AS_IT_IS = frozenset({"Content", "styled", "assemble"})
STILL_THE_SAME = frozenset({"lower", "upper", "capitalize", "strip", "replace", "join"})
OURS = frozenset({"command.hint", "row.text"})
CLEANED_BEFORE = frozenset({"part.text"})
SAFE_TYPES = ("Content", "Text", "Strip", "Laid", "Segment", "Visual")


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _is_ours(value: ast.expr, safe: frozenset[str]) -> bool:
    """Whether an expression is surely no foreign string: a literal, or a call of what returns text without markup."""
    if isinstance(value, ast.IfExp):
        return _is_ours(value.body, safe) and _is_ours(value.orelse, safe)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "join":
        return _is_ours(value.func.value, safe) and not isinstance(value.func.value, ast.Constant)
    if isinstance(value, ast.Call):
        return _name(value) in safe
    return isinstance(value, ast.Constant)


def _foreign_fields() -> frozenset[str]:
    """The names of what views hold as text."""
    modules = [importlib.import_module(f"lms_tui.views.{path.stem}") for path in (ROOT / "views").glob("*.py")]
    structs = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Struct)}
    return frozenset(field.name for kind in structs for field in fields(kind) if field.type in (str, str | None, tuple[str, ...]))


FOREIGN_FIELDS = _foreign_fields()


def _as_they_are(value: ast.AST) -> Iterator[str]:
    """The texts of views that an expression gives as they are, without a call between."""
    if isinstance(value, ast.Attribute):
        if value.attr in FOREIGN_FIELDS and ast.unparse(value) not in OURS | CLEANED_BEFORE:
            yield ast.unparse(value)
    elif isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr in STILL_THE_SAME:
            for part in (value.func.value, *value.args):
                yield from _as_they_are(part)
    elif isinstance(value, ast.IfExp):
        yield from (*_as_they_are(value.body), *_as_they_are(value.orelse))
    elif not isinstance(value, ast.Compare | ast.Subscript):
        for child in ast.iter_child_nodes(value):
            yield from _as_they_are(child)


def violations(source: str) -> Iterator[str]:
    """The places of a module that hand a string of unknown origin to what reads markup, or a view's text to what draws it as it is."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    returns = {function.name: ast.unparse(function.returns) if function.returns else "" for function in functions}
    safe = SAFE_CALLS | {name for name, kind in returns.items() if kind.startswith(("Content", "Text"))}
    for function in functions:
        if function.name == "render" and not returns["render"].startswith(SAFE_TYPES):
            yield f"line {function.lineno}: render() -> {returns['render']}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node)
        plain = any(word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False for word in node.keywords)
        values = [*node.args[:1], *(word.value for word in node.keywords if word.arg in TEXTS)]
        if name == "from_markup":
            bad = not isinstance(node.args[0], ast.Constant)  # values given by name are not read as markup
        elif name == "update":
            bad = any(isinstance(value, ast.JoinedStr | ast.BinOp) for value in values)
        elif name in DRAW_AS_IT_IS:
            bad = any(True for value in node.args for _ in _as_they_are(value))
        else:
            bad = name in READ_MARKUP and not plain and not all(_is_ours(value, safe) for value in values)
        if bad:
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("folder", ["screens", "widgets"])
def test_no_foreign_text_reaches_a_widget_as_markup(folder: str) -> None:
    found = [f"{path.name} {line}" for path in sorted((ROOT / folder).glob("**/*.py")) for line in violations(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ("Static('ours')", True),
        ("Static(title)", False),
        ("Static(f'{title}')", False),
        ("Static(foreign(title))", True),
        ("Static('a' if x else foreign(y))", True),
        ("Static('a' if x else y)", False),
        ("self.notify(str(error))", False),
        ("self.notify(str(error), markup=False)", True),
        ("self.app.notify('done', title=course.title)", False),
        ("OptionList(Option(row.title))", False),
        ("Static(Content(' ').join(parts))", True),
        ("Static(' '.join(parts))", False),
        ("Content.from_markup('[b]$title', title=title)", True),
        ("Content.from_markup(f'[b]{title}')", False),
        ("self.query_one(Static).update(f'{title}')", False),
        ("Content(f'{row.title}, done')", False),
        ("Content.styled((course.difficulty or '').lower(), '$quiet')", False),
        ("Content.assemble(' in ', ('a' if x else course.title, 'bold'))", False),
        ("Content(', '.join(course.tags))", False),
        ("Content(f'{minutes(course.minutes)} of {run.count}')", True),
        ("Content.assemble(' in ', foreign(course.title), names[lesson.id])", True),
        ("Content('a' if course.title == 'x' else 'b')", True),
        ("def render(self) -> str: ...", False),
        ("def render(self) -> Content: ...", True),
        ("def row(title) -> Content: ...\nStatic(row(title))", True),
    ],
)
def test_the_rule_knows_the_difference(call: str, allowed: bool) -> None:
    assert (list(violations(call)) == []) is allowed


def test_foreign_text_loses_what_would_be_obeyed() -> None:
    hostile = "a[/b]\x1b[31m red\x9b1m\u202e\x00\nnext"
    assert foreign(hostile).plain == "a[/b] red next"
    assert foreign_lines(hostile).plain == "a[/b] red\nnext"
    assert foreign("[bold]x").spans == []


@pytest.mark.parametrize("mark", ["\u0301", "\u200d", "\ufe0f", "\u20dd", "\u0903", "\u1161", "\U000e0100"])
def test_marks_are_not_piled_up_without_end(mark: str) -> None:
    assert clean("a" + 100_000 * mark + " b") == "a" + MOST_MARKS * mark + " b"
    assert clean("a" + MOST_MARKS * mark + "b" + mark) == "a" + MOST_MARKS * mark + "b" + mark


def test_every_mark_is_known() -> None:
    for mark in map(chr, range(0x300, 0x110000)):
        if unicodedata.category(mark) in ("Mn", "Me", "Mc"):
            assert len(clean(f"a{20 * mark}")) == 1 + MOST_MARKS, hex(ord(mark))


def test_text_without_marks_is_not_looked_at_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_piles", None)
    for words in ("plain text " * 100, "─" * 100 + "é" * 100, "漢字かな" * 100, "Приветмир" * 100, "한국어" * 100):
        assert clean(words) == words


@pytest.mark.parametrize("words", ["Zażółć", "क्षत्रिय की", "ภาษาไทยที่นี่", "👩‍👩‍👧‍👦👨‍🚀", "한국어", "שָׁלוֹם", "漢字かな交じり文の長い列", "q̃̂́̄"])
def test_what_languages_write_stays(words: str) -> None:
    assert clean(words) == words
