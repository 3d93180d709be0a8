"""The page that leads a newcomer through the code names what is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
_NAMED = re.compile(r"`((?:lms_tui|migrations|tests)/[\w/.]+)` `([\w.]+)`")
NAMED = _NAMED.findall(PAGE.read_text(encoding="utf-8"))


def names_in(file: Path) -> set[str]:
    """What a Python file defines at its top and in its classes, as ``name`` and ``Class.name``; of SQL, its functions."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".sql":
        return set(re.findall(r"CREATE (?:OR REPLACE )?FUNCTION (lms\.\w+)", text))
    found: set[str] = set()
    for node in ast.parse(text).body:
        found |= defined(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in defined(inner)}
    return found


def defined(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_the_way_has_many_steps() -> None:
    assert len(NAMED) > 25


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[f"{file}:{name}" for file, name in NAMED])
def test_each_name_of_the_architecture_page_is_in_its_file(file: str, name: str) -> None:
    assert name in names_in(ROOT / file)
