"""A library with the sample course in its cache file, and no database behind: what every command must work with."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.forked import run_command
from tests.screens.sample import put_into_cache

Call = Callable[..., subprocess.CompletedProcess[str]]


def offline(*arguments: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own; in that of a new Python after ``code``, if there is some."""
    if not code:
        return run_command(arguments, environment={"LMS_TUI_OFFLINE": "1", **environment})
    return subprocess.run(
        [sys.executable, "-c", f"{code}\nfrom lms_tui.cli import main\nmain()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "LMS_TUI_OFFLINE": "1", **environment},
    )


def document(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON document that a command printed."""
    return msgspec.json.decode(result.stdout, type=dict[str, Any])


@pytest.fixture
def tides() -> None:
    """The sample course, in the cache file of this test's home."""
    put_into_cache()
