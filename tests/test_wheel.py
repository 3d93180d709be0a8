"""The package that people install: what is in it, and that it works away from the repository."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lms_tui import __version__
from lms_tui.db.embedded.server import Server
from tests.terminal import terminal

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built package."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package unpacked in it; a wheel of pure Python is its files."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def in_installed(installed: Path, code: str) -> str:
    """What code prints that imports the unpacked package and not the repository."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.strip()


def test_it_has_the_app_its_migrations_and_its_courses_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("lms_tui/cli/__init__.py", "lms_tui/_migrations/env.py", "lms_tui/courses/tour/course.md", "lms_tui/py.typed"):
        assert needed in names
    assert {name.split("/")[0] for name in names} == {"lms_tui", f"lms_tui-{__version__}.dist-info"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name]


def test_it_runs_away_from_the_repository(installed: Path) -> None:
    assert Path(in_installed(installed, "import lms_tui; print(lms_tui.__file__)")).is_relative_to(installed)
    assert in_installed(installed, "import sys; sys.argv = ['lms-tui', '--version']; from lms_tui.cli import main; main()").endswith(
        __version__
    )


def test_it_finds_its_own_migrations(installed: Path) -> None:
    here = in_installed(installed, "from lms_tui.db.migrate import head; print(head())")
    assert here
    assert (
        here
        == subprocess.run(
            [sys.executable, "-c", "from lms_tui.db.migrate import head; print(head())"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an empty environment into which pip installed the wheel, as pipx and uv tool do.

    The packages that it needs are this environment's own, seen from there: nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=120)
    programs = folder / "bin"
    python = str(programs / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
    (Path(packages) / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


@pytest.fixture
def elsewhere(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder away from the repository, for a person whose server is stopped at the end."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    Server.stop(home / "data" / "server")


def printed(*command: str | Path) -> dict[str, Any]:
    """The JSON document that a command prints."""
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return msgspec.json.decode(result.stdout, type=dict[str, Any])


def test_installed_in_an_empty_environment_it_is_the_whole_program(environment: Path, elsewhere: Path) -> None:
    where = subprocess.run(
        [environment / "python", "-c", "import lms_tui; print(lms_tui.__file__)"], capture_output=True, check=True, text=True
    ).stdout
    assert Path(where.strip()).is_relative_to(environment.parent)
    courses = printed(environment / "lms-tui", "catalog", "--json")
    assert courses["source"] == "database", "the server started and was migrated from what the wheel brought"
    assert "tour" in {course["ref"] for course in courses["items"]}
    first = printed(environment / "lms-tui", "next", "--json")
    assert first["course"]["ref"] == "tour"
    printed(environment / "lms-tui", "done", first["ref"], "--json")
    assert printed(environment / "lms-tui", "progress", "--json")["sections_completed"] == 1


def test_the_first_start_of_the_installed_app_leads_to_a_course(environment: Path, elsewhere: Path) -> None:
    with terminal([str(environment / "lms-tui")]) as running:
        running.wait_for("Enter starts it")
        running.press("enter")
        running.wait_for("1 of ")
        running.press("q", "q")
        assert running.wait_for_end() == 0
