"""What people are told: one word for one thing, no name of Python's, and advice for what they did."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lms_tui.cli.commands import app
from tests.cli.conftest import document, offline
from tests.screens.sample import ident

COMMANDS = [
    ["catalog"], ["course"], ["read"], ["next"], ["enrol"], ["leave"], ["done"], ["answer"], ["search"], ["progress"], ["import"],
    ["check"], ["download"], ["downloads"], ["remove"], ["publish"], ["doctor"], ["login"], ["profiles"], ["sync"], ["sync", "status"],
    ["sync", "problems"], ["db"], ["db", "init"], ["db", "upgrade"], ["db", "current"], ["db", "stop"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_no_type_of_pythons_and_no_sentence_that_is_cut(command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"], prog_name="lms-tui", env={"COLUMNS": "80"}).stdout
    assert told.startswith(f"Usage: lms-tui {' '.join(command)}")
    assert not re.search(r"<[a-z\[]|\[\[|\{(?!question id)|\.\.\. |\.\.\.$", told.partition("\n")[2], re.MULTILINE)
    assert "…" not in told


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["progress", "--since", "yesterday"], "“yesterday” is not a day; write it as 2026-11-25."),
        (["catalog", "--limit", "0"], "a number from 1 to 500."),
        (["catalog", "--limit", "many"], "a number from 1 to 500."),
        (["done", "x", "--time", "-1"], "a number from 0 to 86400."),
        (["catalog", "--difficulty", "hard"], "one of beginner, intermediate, advanced, expert."),
        (["catalog", "--sort", "oldest"], "one of recent, newest, title."),
        (["search", "x", "--scope", "moon"], "one of all, course, lesson, section, cache."),
        (["search", "x", "--scope", "section"], "--scope section searches in one section: name it with --in"),
        (["search", "x", "--scope", "course", "--json"], "name it with --in"),
    ],
)
def test_wrong_usage_says_what_is_expected(arguments: list[str], expected: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert "Value error" not in result.stderr
    assert "Input should" not in result.stderr


@pytest.mark.parametrize(("text", "said"), [("[]", "holds no answers"), ("{", "is not JSON")])
def test_answers_that_are_none_are_told_in_words(tmp_path: Path, tides: None, text: str, said: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(text)
    told = offline("answer", "tides/moon/check", "--file", str(file)).stderr
    assert said in told
    assert "`" not in told


def test_what_was_chosen_and_is_not_there_is_told_as_that(tides: None, home: Path) -> None:
    assert offline("catalog", "--tag", "nope").stdout == (
        "No course here is tag “nope”. Without these options, lms-tui catalog lists all courses.\n"
    )
    assert offline("catalog", "--mine").stdout.startswith("You take no course yet. ")


def test_a_catalogue_without_any_course_says_who_brings_one(home: Path) -> None:
    assert offline("catalog").stdout == "There is no course yet. lms-tui import FOLDER brings one in.\n"


def test_advice_is_for_the_command_that_was_typed(tides: None) -> None:
    assert offline("check", "/nope").stderr == "/nope cannot be read: No such file or directory. The library is as it was.\n"
    assert offline("remove", "nope").stderr == "“nope” is not in this library. lms-tui catalog lists courses.\n"
    assert "course/lesson/section" in offline("read", "tides/nope").stderr
    assert "There is no word in that" in offline("search", "").stdout
    assert "Finished sections" not in offline("search", "").stdout
    assert "add a rarer one" in offline("search", "would").stdout


def test_a_course_that_was_removed_here_is_said_to_be_fetched_and_not_to_be_unknown(tides: None) -> None:
    offline("remove", "tides")
    for removed in (["read", "tides/moon/pull"], ["read", "tides"], ["done", "tides/moon/pull"], ["enrol", "tides"]):
        assert offline(*removed).stderr == "That course is not downloaded. Connect to fetch it.\n"
    assert offline("read", ident("tides/pull")).stderr.startswith("That is not on this machine. Its course was removed here")


def test_a_course_is_left_once_and_taken_again_aloud(tides: None) -> None:
    assert offline("enrol", "tides").stdout == "You take Tides for Beginners.\n"
    assert "0 % done" in offline("course", "tides").stdout
    assert offline("leave", "tides").stdout.startswith("You left Tides for Beginners.")
    assert offline("leave", "tides").stdout == "You do not take Tides for Beginners, so there was nothing to leave.\n"
    assert "not taken" in offline("catalog").stdout
    queued = document(offline("sync", "status", "--json"))["queued"]
    assert queued == 2, "leaving twice records once"
    assert "You take Tides for Beginners." in offline("done", "tides/moon/pull").stdout
    assert "You take" not in offline("done", "tides/moon/pull").stdout
    offline("leave", "tides")
    assert "You take Tides for Beginners again." in offline("done", "tides/moon/film").stdout


def test_a_page_says_of_each_question_what_to_do_and_what_it_is_worth(tides: None) -> None:
    told = offline("read", "tides/moon/check").stdout
    for words in ("(choose one; 1 point)", "(choose all that are right; 1 point)", "(write a number; 2 points)"):
        assert words in told
