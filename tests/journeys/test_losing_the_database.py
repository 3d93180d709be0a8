"""The data folder of the personal server is deleted, or an older copy of it put back: what was done is all there again."""

import shutil
from pathlib import Path
from typing import Any

from lms_tui.db.embedded.server import Server
from tests.journeys.conftest import CommandLine
from tests.journeys.test_command_line import QUIZ, RIGHT, sections, written

COURSES = ("tour", "shell-mini")


def study(command_line: CommandLine, folder: Path) -> None:
    tour = sections(command_line.json("course", "tour"))
    command_line.json("done", next(ref for ref, node in tour.items() if node["type"] == "TEXT"), "--time", "90")
    command_line.json("done", "shell-mini/basics/where-am-i", "--time", "400")
    command_line.json("answer", QUIZ, "--file", written(folder / "right.json", RIGHT))


def truth(command_line: CommandLine) -> dict[str, Any]:
    """What each section's progress is, by its id, once everything is sent and fetched."""
    report = command_line.json("sync")
    assert (report["state"], report["pending"], report["rejected"]) == ("idle", 0, 0), report
    assert command_line.json("sync")["sent"] == 0
    shown = [sections(command_line.json("course", name)) for name in COURSES]
    whole = command_line.json("progress")
    courses = {course["id"]: course["progress"] for course in whole.pop("items")}
    whole.pop("as_of")
    return {node["id"]: node["progress"] for of in shown for node in of.values()} | courses | whole


def server_folder(home: Path) -> Path:
    Server.stop(home / "data" / "server")
    return home / "data" / "server"


def test_a_deleted_folder_comes_back_from_the_cache(command_line: CommandLine, shared_courses: Path, home: Path, tmp_path: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    study(command_line, tmp_path)
    before = truth(command_line)

    shutil.rmtree(server_folder(home))

    assert truth(command_line) == before
    command_line.json("import", shared_courses / "native-sample")
    assert truth(command_line) == before, "with the keys of its assessment, and the same ids"
    shutil.rmtree(server_folder(home))
    assert truth(command_line) == before, "and once more"


def test_an_older_copy_gets_what_came_after_it(command_line: CommandLine, shared_courses: Path, home: Path, tmp_path: Path) -> None:
    command_line.json("catalog")
    shutil.copytree(server_folder(home), tmp_path / "copy", symlinks=True)
    command_line.json("import", shared_courses / "native-sample")
    study(command_line, tmp_path)
    before = truth(command_line)

    shutil.rmtree(server_folder(home))
    shutil.copytree(tmp_path / "copy", home / "data" / "server", symlinks=True)

    assert truth(command_line) == before
