"""A disk that is full, a home that cannot be written, a database of another version: one clear sentence each, and nothing damaged."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.journeys.conftest import PROGRAM, CommandLine

_CAN = ["unshare", "--map-root-user", "--mount"]
_PLACE = """
mount -t tmpfs -o size="$1" place "$2" && shift && cd "$1" && shift
if [ "$1" = full ]; then dd if=/dev/zero of=filling bs=1k count=100000 2>/dev/null; fi
if [ "$1" = read-only ]; then mount -o remount,ro "$PWD"; fi
shift && "$@"
status=$?
echo; find . -type f ! -name filling | sort
exit $status
"""


@pytest.fixture(scope="session")
def _mounts() -> None:
    """Skips where an ordinary user may not mount anything of their own."""
    if shutil.which("unshare") is None or subprocess.run([*_CAN, "mount", "-t", "tmpfs", "place", "/mnt"], check=False).returncode:
        pytest.skip("no file system can be mounted here by a user alone (unshare --map-root-user --mount)")


def in_a_place(home: Path, size: str, how: str, *arguments: str) -> tuple[int, str, str, list[str]]:
    """Runs a command with its home on a small file system of its own: status, standard output, standard error, and the files left."""
    command: Sequence[str] = [*_CAN, "sh", "-c", _PLACE, "sh", size, str(home), how, *PROGRAM, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    said, _, files = result.stdout.rpartition("\n\n")
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, said, result.stderr, files.split()


@pytest.mark.usefixtures("_mounts")
@pytest.mark.parametrize(("how", "reason"), [("full", "No space left on device"), ("read-only", "Read-only file system")])
def test_where_nothing_can_be_kept_it_says_so_and_keeps_nothing(home: Path, how: str, reason: str) -> None:
    for command in ("catalog", "sync", "doctor", "next"):
        status, said, sentence, files = in_a_place(home, "64k", how, command)
        assert (status, said, files) == (1, "", []), command
        assert sentence.count("\n") == 1
        assert "cannot be written" in sentence
        assert reason in sentence
        assert "Set LMS_TUI_HOME to a folder that can" in sentence


@pytest.mark.usefixtures("_mounts")
def test_where_there_is_no_room_for_the_database_the_library_works_without_it(home: Path) -> None:
    status, said, sentence, files = in_a_place(home, "10m", "roomy", "catalog", "--json")
    assert status == 0
    assert msgspec.json.decode(said)["source"] == "cache"
    assert sentence.count("\n") == 1
    assert "no room for the database" in sentence
    assert str(home) in sentence
    assert not [file for file in files if "/cluster-" in file or "/new-" in file], "half a database is none"
    status, said, _, _ = in_a_place(home, "10m", "roomy", "doctor")
    assert "no room for the database" in said


def test_a_database_of_another_major_version_is_left_alone(command_line: CommandLine, home: Path) -> None:
    command_line.json("read", "tour")
    command_line.run("db", "stop")
    cluster = next((home / "data" / "server").glob("cluster-*"))
    older = cluster.rename(cluster.with_name("cluster-17"))
    (older / "data" / "PG_VERSION").write_text("17\n")
    before = sorted(str(path) for path in older.rglob("*"))

    page = command_line.json("read", "tour/reading/first-steps")
    assert page["source"] == "cache", "what is on this machine can be read all the same"
    said = command_line.run("sync").stdout
    assert "is of PostgreSQL 17, and this lms-tui has PostgreSQL" in said
    assert "nothing was changed" in said
    assert sorted(str(path) for path in older.rglob("*")) == before
    assert [path.name for path in older.parent.glob("cluster-*")] == ["cluster-17"]

    (older / "data" / "PG_VERSION").write_text(cluster.name.removeprefix("cluster-") + "\n")
    older.rename(cluster)
    assert command_line.json("sync")["state"] == "idle", "moved back, it is whole"
