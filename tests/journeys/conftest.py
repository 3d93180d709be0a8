"""A person at the command line, on a library of their own whose server is stopped at the end."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lms_tui.db.embedded.server import Server
from tests.forked import run_command

PROGRAM = [sys.executable, "-m", "lms_tui"]


class CommandLine:
    """Runs commands as a person would, each in a process of its own."""

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a command, whatever it exits with."""
        return run_command([*map(str, arguments)])

    def json(self, *arguments: str | Path) -> dict[str, Any]:
        """The document of a command that must succeed."""
        result = self.run(*arguments, "--json")
        assert result.returncode == 0, result.stdout + result.stderr
        return msgspec.json.decode(result.stdout, type=dict[str, Any])

    def error(self, *arguments: str | Path) -> dict[str, str]:
        """The error document of a command that must fail with status 1."""
        result = self.run(*arguments, "--json")
        assert result.returncode == 1, result.stdout + result.stderr
        assert "Traceback" not in result.stdout + result.stderr
        return msgspec.json.decode(result.stdout, type=dict[str, dict[str, str]])["error"]


@pytest.fixture
def command_line(home: Path) -> Iterator[CommandLine]:
    yield CommandLine()
    Server.stop(home / "data" / "server")
