"""A person's whole path through the command line, on the real database."""

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from tests.journeys.conftest import CommandLine

QUIZ = "shell-mini/basics/basics-check"
WRONG = {"q-single": 1, "q-multi": [1], "q-num": "1000", "q-num-tol": "3", "q-text": "/"}
RIGHT = {"q-single": 2, "q-multi": [2, 1], "q-num": " 1024 ", "q-num-tol": "3.14", "q-text": "~"}


def written(path: Path, responses: dict[str, Any]) -> Path:
    path.write_bytes(msgspec.json.encode(responses))
    return path


def sections(outline: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {section["ref"]: section for lesson in outline["lessons"] for section in lesson["sections"]}


def postmaster(home: Path) -> int:
    [file] = (home / "data" / "server").rglob("postmaster.pid")
    return int(file.read_text().splitlines()[0])


def test_courses_come_in_with_their_counts_and_again_changes_nothing(command_line: CommandLine, shared_courses: Path) -> None:
    for name in ("native-sample", "carpentries-shell-novice"):
        expected = msgspec.json.decode((shared_courses / name / "expected.json").read_bytes())["model"]
        first = command_line.json("import", shared_courses / name)
        assert first["changed"]
        assert {key: first[key] for key in expected if key != "rule"} == {key: value for key, value in expected.items() if key != "rule"}
        again = command_line.json("import", shared_courses / name)
        assert (again["changed"], again["id"], again["content_version"]) == (False, first["id"], first["content_version"])
    listed = command_line.json("catalog")
    assert {"tour", "working-shell", "shell-mini", "the-unix-shell"} == {node["ref"] for node in listed["items"]}
    assert listed["source"] == "database"


def test_an_edited_course_keeps_ids_and_progress(command_line: CommandLine, shared_courses: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shared_courses / "native-sample", tmp_path / "course")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    command_line.json("import", folder)
    command_line.json("done", "shell-mini/basics/where-am-i", "shell-mini/pipes/pipes-text", "--time", "400")
    before = sections(command_line.json("course", "shell-mini"))

    page = folder / "01-shell-basics" / "01-where-am-i.md"
    page.write_text(page.read_text().replace("Where am I?", "Where on earth am I?") + "\nOne more paragraph.\n")
    (folder / "02-pipes" / "01-pipes.md").rename(folder / "02-pipes" / "09-pipes.md")
    shutil.rmtree(folder / "02-pipes" / "img", ignore_errors=True)
    (folder / "02-pipes" / "02-try-it.md").unlink()
    assert command_line.json("import", folder)["changed"]

    outline = command_line.json("course", "shell-mini")
    after = sections(outline)
    assert after["shell-mini/basics/where-am-i"]["title"] == "Where on earth am I?"
    for ref in ("shell-mini/basics/where-am-i", "shell-mini/pipes/pipes-text"):
        assert after[ref]["id"] == before[ref]["id"]
        assert after[ref]["progress"] == before[ref]["progress"]
    assert "shell-mini/pipes/pipes-try" not in after
    assert outline["progress"]["percent"] == 100 * 2 // 5


def test_a_quiz_wrong_then_right(command_line: CommandLine, shared_courses: Path, tmp_path: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    wrong = command_line.json("answer", QUIZ, "--file", written(tmp_path / "wrong.json", WRONG))
    assert [result["correct"] for result in wrong["results"]] == [False] * 5
    assert wrong["results"][0]["feedback"] == ["`cd` changes it."]
    assert wrong["progress"]["score"] == 0
    right = command_line.json("answer", QUIZ, "--file", written(tmp_path / "right.json", RIGHT))
    assert [result["correct"] for result in right["results"]] == [True] * 5
    assert right["progress"] | {"last_accessed_at": None} == {
        "percent": 0,
        "completed_at": None,
        "active_seconds": 0,
        "score": 75.0,
        "last_accessed_at": None,
        "attempts": 2,
    }, "six of eight points: two questions of the quiz are not answered yet"
    assert right["pending"] == 0


def test_killing_the_server_loses_nothing_and_doubles_nothing(command_line: CommandLine, shared_courses: Path, home: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    command_line.json("done", "shell-mini/basics/where-am-i", "--time", "700")
    before = command_line.json("course", "shell-mini")["progress"]
    assert before["active_seconds"] == 700
    os.kill(postmaster(home), signal.SIGKILL)
    command_line.json("done", "shell-mini/pipes/pipes-text", "--time", "60")
    after = command_line.json("course", "shell-mini")
    assert after["progress"]["active_seconds"] == 760
    assert [ref for ref, node in sections(after).items() if node["progress"]["completed_at"]] == [
        "shell-mini/basics/where-am-i",
        "shell-mini/pipes/pipes-text",
    ]
    assert command_line.json("progress")["active_seconds"] == 760


def test_offline_records_and_the_queue_drains_later(command_line: CommandLine, shared_courses: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    offline = command_line.json("--offline", "course", "shell-mini")
    assert offline["source"] == "cache"
    done = command_line.json("done", "shell-mini/basics/where-am-i", "--offline")
    assert done["pending"] > 0
    assert done["items"][0]["progress"]["percent"] == 100
    report = command_line.json("sync", "--offline")
    assert (report["state"], report["pending"]) == ("offline", done["pending"])
    report = command_line.json("sync")
    assert (report["state"], report["sent"], report["applied"], report["pending"]) == ("idle", done["pending"], done["pending"], 0)
    assert command_line.json("sync")["sent"] == 0
    assert sections(command_line.json("course", "shell-mini"))["shell-mini/basics/where-am-i"]["progress"]["percent"] == 100


def test_the_same_person_in_psql_reads_no_assessment_key_and_writes_no_progress(
    command_line: CommandLine, shared_courses: Path, home: Path
) -> None:
    command_line.json("import", shared_courses / "native-sample")
    command_line.json("done", "shell-mini/basics/where-am-i")
    from lms_tui.db import roles
    from lms_tui.db.embedded.server import Server

    profile = msgspec.json.decode((home / "state/profiles/personal/profile.json").read_bytes())
    password = (home / "state/profiles/personal/secret").read_text()
    with Server.ensure(home / "data" / "server") as server:
        address = {"host": server.target.host, "port": server.target.port, "dbname": "lms"}
        with psycopg.connect(**address, user=roles.role_name(profile["user_id"]), password=password, autocommit=True) as person:  # type: ignore[arg-type]
            assert person.execute("SELECT count(*) FROM lms.section_progress WHERE completed_at IS NOT NULL").fetchone() == (1,)
            for forbidden in (
                "UPDATE lms.section_progress SET completed_at = now()",
                "DELETE FROM lms.learning_events",
                "INSERT INTO lms.course_progress SELECT * FROM lms.course_progress",
                "SELECT * FROM lms.answer_keys",
                "SELECT * FROM lms.login_map",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    person.execute(forbidden)
            course = person.execute("SELECT course_id FROM lms.courses WHERE slug = 'shell-mini'").fetchone()
            assert course is not None
            keys = person.execute("SELECT lms.practice_keys(%s, %s)", (profile["institution_id"], course[0])).fetchone()
            assessed = person.execute(
                "SELECT q.question_id::text FROM lms.questions q"
                " JOIN lms.sections s USING (institution_id, section_id) WHERE s.type = 'ASSESSMENT' AND s.course_id = %s",
                (course[0],),
            ).fetchall()
            assert keys is not None
            assert len(assessed) == 4
            assert not {row[0] for row in assessed} & set(keys[0])


def test_an_assessment_is_graded_by_the_database_alone(command_line: CommandLine, shared_courses: Path, tmp_path: Path, home: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    answers = written(tmp_path / "final.json", {"f-output": "0 1 2 \n", "f-tf": 2})
    answered = command_line.json("answer", "shell-mini/pipes/final", "--file", answers)
    assert {result["correct"] for result in answered["results"]} == {None}
    assert answered["progress"]["score"] == 80.0, "four of the five points that a machine can mark"
    assert answered["progress"]["percent"] == 100
    attempt = answered["attempt"]
    assert (attempt["standing"], attempt["score"], attempt["passed"]) == ("graded", 80.0, True)
    assert command_line.error("answer", "shell-mini/pipes/final", "--file", answers)["message"] == "The one attempt is used up."
    cache = b"".join(path.read_bytes() for path in (home / "state/profiles/personal").glob("cache.db*"))
    assert b"A pipe connects the standard output of one process" not in cache, "the model answer of an ASSESSMENT stays on the server"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["read", "no-such-course"], "not_found"),
        (["done", "tour/reading/no-such-section"], "not_found"),
        (["done", "tour/practising/try-a-quiz"], "bad_input"),
        (["import", "/nowhere/at/all"], "bad_input"),
        (["--profile", "school", "next"], "not_found"),
    ],
)
def test_what_goes_wrong_is_one_document(command_line: CommandLine, arguments: list[str], code: str) -> None:
    error = command_line.error(*arguments)
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert error["hint"]


def test_wrong_usage_is_status_two(command_line: CommandLine) -> None:
    for arguments in (["done"], ["catalog", "--difficulty", "UNHEARD"], ["no-such-command"], ["answer", "tour"]):
        assert command_line.run(*arguments).returncode == 2


def test_reading_in_a_pipe_is_linear_text(command_line: CommandLine) -> None:
    text = command_line.run("read", "tour/reading/first-steps", "--plain").stdout
    assert text.startswith("A Tour of lms-tui > Reading > First steps (1 of 10)")
    assert "\x1b" not in text
    assert command_line.json("next")["ref"] == "tour/reading/first-steps"


def test_an_answer_of_another_shape_is_refused_whole(command_line: CommandLine, tmp_path: Path) -> None:
    command_line.json("course", "tour")
    for responses in ({"q-best": 2}, {"q-best": None}, {"q-best": 99}, {"no-such-question": 1}, {}):
        error = command_line.error("answer", "tour/practising/try-a-quiz", "--file", written(tmp_path / "answers.json", responses))
        assert error["code"] == "bad_input"
    assert command_line.json("course", "tour")["progress"]["last_accessed_at"] is None


def test_a_course_is_not_a_section(command_line: CommandLine) -> None:
    assert command_line.error("done", "tour")["code"] == "bad_input"


@pytest.mark.parametrize("arguments", [[], ["--offline"]])
def test_the_app_needs_a_terminal(command_line: CommandLine, arguments: list[str]) -> None:
    result = command_line.run(*arguments)
    assert result.returncode == 2
    assert "needs a terminal" in result.stderr
    assert "\x1b" not in result.stdout + result.stderr
