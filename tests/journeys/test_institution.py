"""A school's database from nothing: an administrator makes it, an instructor publishes, a student studies, online and offline."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db import system
from tests.journeys.school import School, school
from tests.journeys.test_command_line import QUIZ, RIGHT, WRONG, sections, written


@pytest.fixture(params=["embedded", "system"])
def a_school(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> Iterator[School]:
    programs = system.programs() if request.param == "system" else None
    if request.param == "system" and programs is None:
        pytest.skip("no PostgreSQL is installed here, so the embedded one is the only witness")
    with school(tmp_path / "server", programs) as found:
        yield found


def test_from_nothing_to_a_student_who_studies_offline(a_school: School, shared_courses: Path, tmp_path: Path) -> None:
    made = a_school.invite("Ines", tmp_path / "ines.json", "--role", "INSTRUCTOR")
    assert (made["institution"], made["role"]) == ("A school", "INSTRUCTOR")
    teacher = a_school.json("login", tmp_path / "ines.json", "--profile", "teacher")
    assert (teacher["name"], teacher["person"], teacher["role"], teacher["place"]) == ("teacher", "Ines", "INSTRUCTOR", "A school")
    draft = a_school.json("import", shared_courses / "native-sample", "--profile", "teacher")
    assert not draft["published"]
    [seen] = a_school.json("catalog", "--profile", "teacher")["items"]
    assert (seen["ref"], seen["published"], seen["enrolled"]) == ("shell-mini", False, False)
    assert "draft" in a_school.run("catalog", "--tag", seen["tags"][0], "--profile", "teacher").stdout

    student = a_school.comes("Stefan", tmp_path, profile="school")
    assert student["role"] == "STUDENT"
    me = ("--profile", "school")
    assert a_school.json("catalog", *me)["items"] == []
    assert "import" not in a_school.run("catalog", *me).stdout, "a learner brings no courses in"
    assert a_school.json("publish", "shell-mini", "--profile", "teacher")["published"]
    [course] = a_school.json("catalog", *me)["items"]
    assert (course["ref"], course["enrolled"]) == ("shell-mini", False)

    a_school.json("read", QUIZ, *me)  # to look does not enrol, and leaves nothing that the database would reject
    status = a_school.json("sync", "status", *me)
    assert (status["queued"], status["needs_you"]) == (0, 0)
    assert "do not take" in a_school.error("done", "shell-mini/basics/where-am-i", *me)["message"]
    assert "enrol" in a_school.error("answer", QUIZ, "--file", written(tmp_path / "early.json", RIGHT), *me)["hint"]
    assert not a_school.json("course", "shell-mini", *me)["enrolled"]
    refused = a_school.error("import", shared_courses / "native-sample", *me)
    assert refused["code"] == "refused"
    assert "instructor" in refused["message"]
    assert a_school.error("publish", "shell-mini", *me)["code"] == "refused"

    assert a_school.json("enrol", "shell-mini", *me)["enrolled"]
    assert a_school.json("read", "shell-mini/basics/where-am-i", *me)["source"] == "database"
    a_school.json("done", "shell-mini/basics/where-am-i", "--time", "90", *me)
    right = a_school.json("answer", QUIZ, "--file", written(tmp_path / "right.json", RIGHT), *me)
    assert [result["correct"] for result in right["results"]] == [True] * 5, "the keys came with the enrolment, after the content"
    assert a_school.json("progress", *me)["active_seconds"] == 90
    assert a_school.json("sync", *me)["state"] == "idle"

    with a_school.away():
        offline = a_school.json("done", "shell-mini/pipes/pipes-text", *me)
        assert offline["pending"] > 0
        wrong = a_school.json("answer", QUIZ, "--file", written(tmp_path / "wrong.json", WRONG), *me)
        assert [result["correct"] for result in wrong["results"]] == [False] * 5
        report = a_school.json("sync", *me)
        assert (report["state"], report["pending"]) == ("offline", wrong["pending"])
        [mine] = [node for node in a_school.json("profiles")["items"] if node["name"] == "school"]
        assert mine["queued"] == wrong["pending"]
    report = a_school.json("sync", *me)
    assert (report["state"], report["applied"], report["pending"], report["rejected"]) == ("idle", wrong["pending"], 0, 0)

    done = sections(a_school.json("course", "shell-mini", *me))
    assert done["shell-mini/pipes/pipes-text"]["progress"]["percent"] == 100
    assert not a_school.json("course", "shell-mini", "--profile", "teacher")["progress"]["percent"], "two people, two progresses"
    assert [node["name"] for node in a_school.json("profiles")["items"]] == ["school", "teacher"]
