"""The package that people install: what is in it, and that it works away from the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lms_tui import __version__

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
