"""The front door of the command line: options that stand anywhere, and answers that need nothing heavy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lms_tui import __version__
from lms_tui.cli import HELP, take_common


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "lms_tui", *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("given", "rest", "profile", "offline"),
    [
        ([], [], None, None),
        (["--offline"], [], None, "1"),
        (["catalog", "--offline", "--json"], ["catalog", "--json"], None, "1"),
        (["--profile", "school", "next"], ["next"], "school", None),
        (["next", "--profile=school"], ["next"], "school", None),
        (["read", "--", "--offline"], ["read", "--", "--offline"], None, None),
    ],
)
def test_common_options_stand_anywhere(
    given: list[str], rest: list[str], profile: str | None, offline: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    assert take_common(given) == rest
    assert (os.environ.get("LMS_TUI_PROFILE"), os.environ.get("LMS_TUI_OFFLINE")) == (profile, offline)


@pytest.mark.parametrize("arguments", [["--profile"], ["next", "--profile="]])
def test_a_profile_without_a_name_is_wrong_usage(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.returncode == 2
    assert "--profile needs" in result.stderr
    assert "Traceback" not in result.stderr


def test_version_and_help() -> None:
    assert call("--version").stdout == f"lms-tui {__version__}\n"
    assert call("--help").stdout == HELP
    assert max(map(len, HELP.splitlines())) <= 100


def test_version_writes_nothing(home: Path) -> None:
    call("--version")
    assert list(home.iterdir()) == []


def test_help_names_every_command_and_no_other() -> None:
    from typer.main import get_command

    from lms_tui.cli.commands import app

    command = get_command(app)
    names = set(command.commands)  # type: ignore[attr-defined]  # a Typer app with commands is a group
    told = {line.split()[0] for line in HELP.splitlines() if line.startswith("  ") and not line.strip().startswith("--")}
    assert names == told | {"leave"}
