"""An assessment at the command line, without a database: begun, handed in, and waiting."""

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from lms_tui.model.course import Rules
from tests.cli.conftest import document, offline
from tests.screens.exam import course_with
from tests.screens.sample import put_into_cache

EXAM = "tides/shore/exam"


@pytest.fixture
def answers(tmp_path: Path) -> str:
    path = tmp_path / "answers.json"
    path.write_bytes(msgspec.json.encode({"exam-1": 1, "exam-2": "Kiel"}))
    return str(path)


def test_the_page_says_how_it_is_taken(tides: None) -> None:
    assert "lms-tui answer begins attempt 1 of 2." in offline("read", EXAM).stdout
    entry = document(offline("read", EXAM, "--json"))["entry"]
    assert (entry["may_start"], entry["attempts_limit"], entry["attempts_left"], entry["attempts"]) == (True, 2, 2, [])
    assert document(offline("read", "tides/moon/film", "--json"))["entry"] is None


def test_a_receipt_is_printed_and_the_next_attempt_waits_for_the_database(tides: None, answers: str) -> None:
    printed = offline("answer", EXAM, "--file", answers)
    assert printed.returncode == 0
    assert re.match(r"Queued (\d\d:\d\d:\d\d), id [0-9A-Z]{4}; it will count as \1\.\n", printed.stdout)
    entry = document(offline("read", EXAM, "--json"))["entry"]
    assert [(attempt["standing"], attempt["score"]) for attempt in entry["attempts"]] == [("queued", None)]
    again = offline("answer", EXAM, "--file", answers, "--json")
    assert again.returncode == 1
    assert document(again)["error"]["message"] == (
        "What you handed in is not sent yet; the next attempt can begin once the database has it."
    )
    assert offline("answer", EXAM, "--file", answers).stderr.count("\n") == 1


def test_the_document_has_the_attempt(tides: None, answers: str) -> None:
    attempt = document(offline("answer", EXAM, "--file", answers, "--json"))["attempt"]
    assert attempt["standing"] == "queued"
    assert attempt["answered_at"] >= attempt["started_at"]
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}", attempt["receipt"])


def test_what_has_not_opened_is_said_before_its_questions_are_missed(home: Path, answers: str) -> None:
    put_into_cache(course_with(Rules(opens=datetime(2999, 1, 1, tzinfo=UTC)), (), hidden=2))
    error = document(offline("answer", EXAM, "--file", answers, "--json"))["error"]
    assert error["message"].startswith("It opens on ")
    assert error["hint"] == "Nothing was recorded."


def test_wrong_answers_begin_nothing(tides: None, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(msgspec.json.encode({"exam-1": "Ebb"}))
    assert offline("answer", EXAM, "--file", str(path)).returncode == 1
    assert document(offline("read", EXAM, "--json"))["entry"]["attempts"] == []
