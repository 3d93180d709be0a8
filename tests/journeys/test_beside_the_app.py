"""Commands while the app is open on the same profile: the app sends what they record, and they say what is true."""

import re
import shutil
from pathlib import Path

from tests.journeys.conftest import PROGRAM, CommandLine
from tests.journeys.test_command_line import QUIZ, RIGHT, written
from tests.terminal import terminal

FINAL = "shell-mini/pipes/final"
_SENT = "Recorded on this machine"


def test_what_a_command_records_is_sent_by_the_app_that_is_open(command_line: CommandLine, shared_courses: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shared_courses / "native-sample", tmp_path / "course", copy_function=shutil.copyfile)
    (folder / "02-pipes").chmod(0o755)
    quiz = folder / "02-pipes" / "03-final.quiz.md"
    quiz.write_text(re.sub("attempts: *1", "attempts: 3", quiz.read_text()))
    command_line.json("import", folder)
    command_line.json("enrol", "shell-mini")
    with terminal(PROGRAM) as running:
        running.wait_for("The Shell in an Hour")
        running.wait_for("online")
        done = command_line.run("done", "shell-mini/basics/where-am-i", "--time", "90")
        assert (done.returncode, done.stdout.splitlines()) == (0, ["Done: Where am I?"])
        answered = command_line.run("answer", QUIZ, "--file", written(tmp_path / "right.json", RIGHT))
        assert answered.returncode == 0
        assert _SENT not in answered.stdout
        report = command_line.json("sync")
        assert (report["state"], report["pending"]) == ("idle", 0)
        assert f"Another lms-tui (process {running.process.pid}) syncs this library." in command_line.run("sync", "status").stdout
        for number in (1, 2):
            attempt = command_line.json("answer", FINAL, "--file", written(tmp_path / f"{number}.json", {"f-tf": 2}))
            assert (attempt["pending"], attempt["attempt"]["standing"]) == (0, "graded"), number
        offline = command_line.run("sync", "--offline").stdout
        assert re.match(r"Offline: \d events? queued, nothing lost\. You asked to stay offline\.", offline), offline
