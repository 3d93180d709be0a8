"""What a shell offers at Tab."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def offered(*words: str) -> list[str]:
    """What bash is told for the last of these words."""
    asked = {"_LMS_TUI_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(["lms-tui", *words]), "COMP_CWORD": str(len(words))}
    result = subprocess.run([sys.executable, "-m", "lms_tui"], capture_output=True, text=True, check=False, env={**os.environ, **asked})
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.usefixtures("tides")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["cou"], ["course"]),
        (["catalog", "--dif"], ["--difficulty"]),
        (["course", "t"], ["tides"]),
        (["read", "tides/m"], ["tides/moon"]),
        (["done", "tides/shore/e"], ["tides/shore/end", "tides/shore/exam"]),
        (["read", "x/y"], []),
    ],
)
def test_commands_options_courses_lessons_and_sections(words: list[str], expected: list[str]) -> None:
    assert offered(*words) == expected


def test_where_there_is_no_library_nothing_is_offered_and_nothing_made(home: Path) -> None:
    assert offered("course", "t") == []
    assert not (home / "state" / "profiles").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell_is_printed(shell: str) -> None:
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # what runs the tests may be no shell
    command = [sys.executable, "-m", "lms_tui", "--show-completion", shell]
    assert "_LMS_TUI_COMPLETE" in subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
