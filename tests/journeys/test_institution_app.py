"""The app on a school's database, in a real terminal."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.cache.store import Cache
from tests.journeys.conftest import PROGRAM
from tests.journeys.school import School, school
from tests.terminal import Terminal, terminal


@pytest.fixture
def one_school(tmp_path: Path, home: Path) -> Iterator[School]:
    with school(tmp_path / "server", None) as found:
        yield found


def wait_for_keys(one_school: School, running: Terminal, seconds: float = 60.0) -> None:
    """Until the keys for practice have come, which the database gives to those who take the course; nothing is pressed."""
    [profile] = [node for node in one_school.json("profiles")["items"] if node["name"] == "school"]
    deadline = time.monotonic() + seconds
    cache = Cache.open(Path(profile["path"]))
    try:
        course = cache.content.find("shell-mini").course
        while cache.content.lacks_keys(course):
            assert time.monotonic() < deadline, running.text
            running.settle(0.1, 0.5)
        assert cache.content.keys(course)
    finally:
        cache.close()


def test_a_student_is_led_to_a_course_and_takes_it_on_purpose(one_school: School, shared_courses: Path, tmp_path: Path) -> None:
    one_school.comes("Ines", tmp_path, "--role", "INSTRUCTOR", profile="teacher")
    one_school.comes("Stefan", tmp_path, profile="school")
    me = ("--profile", "school")
    with one_school.away(), terminal([*PROGRAM, *me]) as running:
        running.wait_for("You take no course yet")
        running.wait_for("takes no connections now")
        running.press("q")
        assert running.wait_for_end() == 0
    with terminal([*PROGRAM, *me]) as running:
        running.wait_for("online")
        running.wait_for("g c")
        one_school.json("import", shared_courses / "native-sample", "--profile", "teacher")
        one_school.json("publish", "shell-mini", "--profile", "teacher")
        running.press("f5")
        running.wait_for("Courses to begin with")
        running.press("down")
        running.wait_for("Enter outline")
        running.press("enter")
        running.wait_for("e take it")
        assert not one_school.json("course", "shell-mini", *me)["enrolled"], "to look at a course does not take it"
        running.press("enter")
        running.wait_for("1 of")
        running.wait_for("e take it")
        running.press("e")
        running.wait_until_gone("e take it")
        wait_for_keys(one_school, running)
        running.press(".")
        running.wait_for("✓")
        running.press("q", "q")
        running.wait_for("Continue")
        running.press("q")
        assert running.wait_for_end() == 0
    done = one_school.json("course", "shell-mini", *me)
    assert done["enrolled"]
    assert done["lessons"][0]["sections"][0]["progress"]["percent"] == 100
    status = one_school.json("sync", "status", *me)
    assert (status["queued"], status["needs_you"]) == (0, 0)
