"""Commands without a database: what they print, what they exit with, and what no failure may do."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.cli.conftest import document, offline
from tests.screens.sample import COURSE, put_into_cache, with_key_points

UNEXPECTED = """
import lms_tui.library.library as module
def fails(self, *rest, **more): raise ZeroDivisionError("a person's answer")
module.Library.outline = module.Library.next_up = module.Library.sync = fails
"""
NOBODY_LISTENS = """
from lms_tui.library.backend import Backend
from lms_tui.model.errors import Refused
async def refuse(self): raise Refused("The database does not accept this login.")
Backend.connect = refuse
"""


@pytest.mark.usefixtures("tides")
@pytest.mark.parametrize("arguments", [["next"], ["course", "tides"], ["sync"], ["next", "--json"]])
def test_what_is_our_fault_is_one_sentence_and_the_log_has_the_rest(home: Path, arguments: list[str]) -> None:
    result = offline(*arguments, code=UNEXPECTED)
    assert result.returncode == 1
    said = result.stdout + result.stderr
    assert said.count("\n") == (1 if "--json" not in arguments else said.count("\n"))
    assert "Traceback" not in said
    assert "ZeroDivisionError" in said
    assert "person's answer" not in said
    assert "Traceback" in (home / "state" / "lms-tui.log").read_text()


@pytest.mark.usefixtures("tides")
def test_what_cannot_be_shown_is_our_fault_too() -> None:
    result = offline("next", code="import lms_tui.cli.showing as s\ndef fails(view): raise ZeroDivisionError\ns.next_up = fails")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "Something unexpected went wrong" in result.stderr


@pytest.mark.usefixtures("tides")
def test_a_refused_login_can_still_read(home: Path) -> None:
    result = offline("read", "tides/moon/pull", "--json", code=NOBODY_LISTENS, LMS_TUI_OFFLINE="")
    assert result.returncode == 0, result.stderr
    assert document(result)["source"] == "cache"


@pytest.mark.usefixtures("tides")
def test_sync_prints_exactly_its_keys() -> None:
    printed = document(offline("sync", "--json"))
    assert list(printed) == ["state", "sent", "applied", "duplicate", "rejected", "deferred", "pending"]
    assert printed["state"] == "offline"


@pytest.mark.usefixtures("tides")
def test_a_sync_that_is_refused_says_why() -> None:
    assert offline("sync", code=NOBODY_LISTENS, LMS_TUI_OFFLINE="").stdout.startswith(
        "Refused: 0 events queued, nothing lost. The database does not accept this login."
    )


@pytest.mark.usefixtures("tides")
def test_an_assessment_is_recorded_and_gives_nothing_away(tmp_path: Path) -> None:
    read = offline("read", "tides/shore/exam", "--json").stdout
    assert '"correct"' not in read
    assert '"answers"' not in read
    answers = tmp_path / "answers.json"
    answers.write_bytes(msgspec.json.encode({"exam-1": 1, "exam-2": "Kiel"}))
    printed = document(offline("answer", "tides/shore/exam", "--file", str(answers), "--json"))
    assert [result["correct"] for result in printed["results"]] == [None, None]
    assert printed["progress"]["score"] is None


@pytest.mark.usefixtures("tides")
def test_a_terminal_without_the_letters_gets_their_numbers() -> None:
    a_new_python = {"code": "pass", "PYTHONIOENCODING": "ascii"}  # it reads that when it begins
    result = offline("course", "nothing-here", **a_new_python)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("\\u201cnothing-here\\u201d is not in this library")
    printed = offline("course", "nothing-here", "--json", **a_new_python)
    assert document(printed)["error"]["message"].startswith("“nothing-here”")


@pytest.mark.usefixtures("tides")
@pytest.mark.parametrize("command", ["read", "course"])
def test_bytes_that_are_no_text_are_bad_input(command: str) -> None:
    result = subprocess.run(
        [sys.executable.encode(), b"-m", b"lms_tui", command.encode(), b"\xff", b"--json", b"--offline"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    assert result.stderr == b""
    assert msgspec.json.decode(result.stdout)["error"]["code"] == "bad_input"


@pytest.mark.usefixtures("tides")
def test_a_reader_that_has_enough_hears_no_complaint() -> None:
    command = f"{sys.executable} -m lms_tui read tides/moon/pull | head -n 1"
    here = {**os.environ, "LMS_TUI_OFFLINE": "1"}
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60, env=here)
    assert result.stdout.startswith("Tides for Beginners")
    assert result.stderr == ""


HOSTILE = "Tides\x1b]0;owned\x07\x9b31m\u202egnp\x85 [/b] \x00bell\x07"


@pytest.mark.parametrize("arguments", [["catalog"], ["course", "tides"], ["next"], ["read", "tides"], ["progress"], ["enrol", "tides"]])
@pytest.mark.parametrize("json", [False, True])
def test_no_title_reaches_the_terminal_as_more_than_text(arguments: list[str], json: bool) -> None:
    lesson = COURSE.lessons[0]
    section = replace(lesson.sections[0], title=HOSTILE, body=HOSTILE)
    lesson = replace(lesson, title=HOSTILE, sections=(section, *lesson.sections[1:]))
    put_into_cache(replace(COURSE, title=HOSTILE, summary=HOSTILE, lessons=(lesson, *COURSE.lessons[1:])))
    result = offline(*arguments, *(["--json"] if json else []))
    assert result.returncode == 0, result.stderr
    obeyed = {
        character for character in result.stdout if character in "\x00\x07\x1b\x85\x9b\u202e" or (character < " " and character != "\n")
    }
    assert obeyed == set()
    if json and "items" not in document(result):
        assert "Tides" in str(document(result)["title"])


@pytest.mark.parametrize(
    "arguments", [["next", "extra"], ["answer", "x"], ["done"], ["catalog", "--limit", "0"], ["progress", "--since", "soon"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    result = offline(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_a_home_that_cannot_be_is_one_sentence() -> None:
    result = offline("next", "--json", LMS_TUI_HOME="/dev/null/nowhere")
    assert result.returncode == 1
    assert document(result)["error"]["code"] == "storage_failed"


@pytest.mark.parametrize("section", ["tides/moon/check", "tides/shore/exam"])
def test_key_points_stand_below_the_questions_that_they_may_answer(section: str) -> None:
    put_into_cache(with_key_points("There are two bulges"))
    before, _, after = offline("read", section).stdout.rpartition("Question ")
    assert "There are two bulges" not in before
    assert "There are two bulges" in after
