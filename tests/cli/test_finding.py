"""``search``: from the database where it can be reached, else from what is here; and it says which."""

from typing import Any

import pytest

from tests.cli.conftest import document, offline

pytestmark = pytest.mark.usefixtures("tides")


def items(*arguments: str) -> list[dict[str, Any]]:
    printed = document(offline("search", *arguments, "--json"))
    assert (printed["source"], printed["next"]) == ("cache", None)
    found: list[dict[str, Any]] = printed["items"]
    return found


def test_a_passage_is_pieces_that_say_whether_they_match() -> None:
    (found,) = items("harbour")
    assert (found["ref"], found["type"], found["matched"]) == ("tides/moon/film", "VIDEO", "text")
    assert found["snippet"][:2] == [["Watch the ", False], ["harbour", True]]


def test_plain_text_names_what_to_type() -> None:
    said = offline("search", "harbour").stdout
    assert "A tide in a minute [video] tides/moon/film" in said
    assert "Tides for Beginners > The moon (in the text)" in said
    assert "Watch the *harbour*" in said
    assert "Searched what is on this machine." in said
    assert "--include-completed" in offline("search", "zebra").stdout


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--in", "tides/moon"], 3),
        (["--scope", "lesson", "--in", "tides/shore"], 0),
        (["--scope", "section", "--in", "tides/moon/pull"], 1),
        (["--scope", "cache"], 3),
        (["--difficulty", "beginner"], 3),
        (["--difficulty", "expert"], 0),
        (["--category", "sea"], 0),
        (["--limit", "1"], 1),
    ],
)
def test_scopes_and_filters(arguments: list[str], count: int) -> None:
    assert len(items("moon", *arguments)) == count


@pytest.mark.parametrize("text", ['"', "*", "-v", "tests & R", "NEAR(", ""])
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    assert offline("search", "--json", "--", text).returncode == 0


def test_finished_sections_come_when_they_are_asked_for() -> None:
    assert offline("done", "tides/moon/film").returncode == 0
    assert items("harbour") == []
    assert [found["completed"] for found in items("harbour", "--include-completed")] == [True]
    assert ", done] " in offline("search", "harbour", "--include-completed").stdout


def test_a_scope_without_a_name_is_told() -> None:
    failed = offline("search", "moon", "--scope", "course", "--json")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert offline("search", "moon", "--scope", "nowhere").returncode == 2
