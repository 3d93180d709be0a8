"""What ``--json`` prints is what docs/json.md says: every key of every document, at every depth."""

import re
from pathlib import Path
from typing import Any

import msgspec

from tests.cli.conftest import document, offline
from tests.conftest import ROOT
from tests.journeys.conftest import CommandLine, command_line

__all__ = ["command_line"]  # a fixture

PAGE = (ROOT / "docs" / "json.md").read_text()
QUIZ = "tour/practising/try-a-quiz"
EXAM = "tides/shore/exam"

Shape = dict[str, str]


def shapes() -> dict[str, Shape]:
    """By name: what each key is, as the page says it. A shape that goes on from another has its keys, too."""
    found: dict[str, Shape] = {}
    going_on: dict[str, str] = {}
    for name, text in re.findall(r"^### (\S+)\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL):
        rows = re.findall(r"^\| (`.*?) \| (.*) \|$", text, re.MULTILINE)
        found[name] = {key: what for keys, what in rows for key in re.findall(r"`(\w+)`", keys)}
        if base := re.search(r"A \[(\w+)\]\(#\w+\) that goes on", text):
            going_on[name] = base[1]
    return {name: shape | (found[going_on[name]] if name in going_on else {}) for name, shape in found.items()}


SHAPES = shapes()


def agree(printed: dict[str, Any], shape: str, more: frozenset[str] = frozenset()) -> None:
    """Fails where a document has a key that its shape has not, or lacks one."""
    assert set(printed) - more == set(SHAPES[shape]), shape
    for key, what in SHAPES[shape].items():
        inner = re.search(r"\[(\w+)\]\(#\w+\)", what)
        values = printed[key] if isinstance(printed[key], list) else [printed[key]]
        for value in values:
            if inner and value is not None:
                agree(value, inner[1])
            elif isinstance(value, dict):
                assert set(value) == set(re.findall(r"`(\w+)`", what)) - {"null"}, f"{shape}.{key}"


def test_every_command_prints_what_the_page_says(command_line: CommandLine, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_bytes(msgspec.json.encode({"q-help": "?"}))
    counts = set(command_line.json("import", ROOT / "lms_tui" / "courses" / "tour")) - set(SHAPES["import"])
    assert counts
    for shape, arguments in {
        "list": ["catalog"],
        "outline": ["course", "tour"],
        "page": ["read", QUIZ],
        "next": ["next"],
        "results": ["search", "a page of the tour"],
        "course": ["enrol", "tour"],
        "receipt": ["done", "tour/reading/first-steps", "--time", "90"],
        "answer": ["answer", QUIZ, "--file", str(answers)],
        "study": ["progress"],
        "sync": ["sync"],
        "queue": ["sync", "status"],
        "problems": ["sync", "problems"],
        "health": ["doctor"],
    }.items():
        agree(command_line.json(*arguments), shape)
    for arguments in (["downloads"], ["remove", "tour"], ["download", "tour"]):
        agree(command_line.json(*arguments), "downloads")
    agree(command_line.json("db", "stop"), "stop")
    agree(command_line.json("import", ROOT / "lms_tui" / "courses" / "tour"), "import", frozenset(counts))
    agree(command_line.json("check", ROOT / "lms_tui" / "courses" / "tour"), "check", frozenset(counts))
    failed = command_line.run("read", "nothing-here", "--json")
    agree(document(failed), "failure")


def test_without_a_database_the_documents_are_the_same(tides: None) -> None:
    for shape, arguments in {
        "list": ["catalog"],
        "outline": ["course", "tides"],
        "page": ["read", "tides/moon/film"],
        "next": ["next"],
        "results": ["search", "harbour"],
        "course": ["leave", "tides"],
        "study": ["progress"],
        "sync": ["sync"],
        "queue": ["sync", "status"],
        "problems": ["sync", "problems"],
        "downloads": ["downloads"],
    }.items():
        agree(document(offline(*arguments, "--json")), shape)


def test_an_assessment_has_its_card_and_its_attempt(tides: None, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_bytes(msgspec.json.encode({"exam-1": 1}))
    for shape, arguments in {"page": ["read", EXAM], "answer": ["answer", EXAM, "--file", str(answers)]}.items():
        printed = document(offline(*arguments, "--json"))
        agree(printed, shape)
        assert printed["entry" if shape == "page" else "attempt"]


def test_where_nothing_is_left_to_do_the_keys_are_the_same(home: Path) -> None:
    nothing = document(offline("next", "--json"))
    assert set(nothing) == set(SHAPES["next"])
    assert not any(nothing.values())
