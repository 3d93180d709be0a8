"""Whatever is killed, and whenever, the next who needs the server gets it, with all that was committed."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from lms_tui.db.embedded.server import Server
from tests.db.embedded.seen import Seen, ask, connect, first_line, hold, until


def test_a_killed_launcher_is_followed_by_one_that_keeps_the_server(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        postmaster = seen.postmaster()
        _kill(seen.launcher())
        until(lambda: not seen.is_supervised(), "the launcher is gone")
        assert ask(handle.target, "SELECT 1") == 1
        with Server.ensure(seen.folder) as again:
            assert again.target == handle.target
            assert seen.postmaster() == postmaster
            until(seen.is_supervised, "another launcher adopts it")
    until(lambda: not seen.runs(), "the adopted server is stopped")
    assert "database system is shut down" in seen.layout.log.read_text()


def test_the_last_holder_of_a_server_without_a_launcher_has_it_stopped(seen: Seen) -> None:
    handle = Server.ensure(seen.folder)
    _kill(seen.launcher())
    until(lambda: not seen.is_supervised(), "the launcher is gone")
    handle.release()
    until(lambda: not seen.runs(), "the server is stopped")


def test_a_server_without_a_launcher_can_be_stopped(seen: Seen) -> None:
    with Server.ensure(seen.folder):
        _kill(seen.launcher())
        until(lambda: not seen.is_supervised(), "the launcher is gone")
        assert Server.stop(seen.folder)
        assert not seen.runs()


def test_a_killed_postmaster_is_started_again_for_its_holders(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        with connect(handle.target) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        killed = seen.postmaster()
        _kill(killed)
        with Server.ensure(seen.folder) as again:
            assert ask(again.target, "SELECT number FROM kept") == 7
            assert again.target == handle.target
            assert seen.postmaster() != killed


def test_a_backend_that_outlives_its_postmaster_does_not_block_the_next(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle, connect(handle.target) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        _kill(seen.postmaster())
        with Server.ensure(seen.folder) as again:
            assert ask(again.target, "SELECT 1") == 1
        until(lambda: not _lives(backend), "the backend is gone")


def test_a_killed_holder_holds_no_more(seen: Seen) -> None:
    process = hold(seen.folder)
    assert first_line(process)
    process.kill()
    process.communicate()
    until(lambda: not seen.runs() and not seen.is_supervised(), "the server ends")


def test_everything_killed_at_once(seen: Seen) -> None:
    process = hold(seen.folder)
    assert first_line(process)
    with Server.ensure(seen.folder) as handle:
        with connect(handle.target) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
            backend = connection.info.backend_pid
            for pid in (seen.launcher(), seen.postmaster(), backend, process.pid):
                _kill(pid)
        process.communicate()
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT number FROM kept") == 7


@pytest.mark.parametrize("content", ["", "12", "not a number\n", "\0" * 40, "{innocent}\n/elsewhere\n0\n5432\n", "{innocent}\n"])
def test_whatever_a_stale_pid_file_says(seen: Seen, content: str) -> None:
    with Server.ensure(seen.folder):
        _kill(seen.launcher())
        _kill(seen.postmaster())
        until(lambda: not seen.runs(), "all processes are gone")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        (seen.data / "postmaster.pid").write_text(content.format(innocent=innocent.pid))
        with Server.ensure(seen.folder) as handle:
            assert ask(handle.target, "SELECT 1") == 1
        assert innocent.poll() is None
        innocent.communicate(b"\n")


def test_a_damaged_pid_file_of_a_server_without_a_launcher(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        with connect(handle.target) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        _kill(seen.launcher())
        until(lambda: not seen.is_supervised(), "the launcher is gone")
        (seen.data / "postmaster.pid").write_text("1")
        with Server.ensure(seen.folder):
            until(seen.is_supervised, "another launcher takes over")
    until(lambda: not seen.runs(), "the server is stopped")
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT number FROM kept") == 7


def test_killed_while_the_cluster_is_made(seen: Seen) -> None:
    drafts: set[Path] = set()
    for _ in range(3):
        process = hold(seen.folder)
        until(lambda: not drafts.issuperset(seen.folder.glob("new-*/data/base")), "initdb is at work")
        drafts.update(seen.folder.glob("new-*/data/base"))
        _kill(seen.launcher())
        _kill(process.pid)
        process.communicate()
        assert not list(seen.folder.glob("cluster-*"))
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
        assert not list(seen.folder.glob("new-*"))


def test_a_launcher_that_is_killed_is_replaced_while_one_waits(seen: Seen) -> None:
    process = hold(seen.folder)
    until(lambda: list(seen.folder.glob("new-*/data")), "initdb is at work")
    _kill(seen.launcher())
    assert first_line(process)
    process.communicate()


def test_the_launcher_stops_the_server_when_it_is_told_to_end(seen: Seen) -> None:
    with Server.ensure(seen.folder):
        os.kill(seen.launcher(), signal.SIGTERM)
        until(lambda: not seen.runs() and not seen.is_supervised(), "the server and its launcher end")
        assert "database system is shut down" in seen.layout.log.read_text()


def test_a_socket_that_was_cleaned_away_comes_back(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        shutil.rmtree(handle.target.host)
        with Server.ensure(seen.folder) as again:
            assert ask(again.target, "SELECT 1") == 1


def test_a_folder_that_was_taken_away_while_it_was_served(seen: Seen) -> None:
    with Server.ensure(seen.folder) as lost:
        old = seen.postmaster()
        shutil.rmtree(seen.folder)
        with Server.ensure(seen.folder) as handle:
            assert ask(handle.target, "SELECT 1") == 1
            until(lambda: not _lives(old), "the server of the folder that is gone ends")
            until(lambda: not Path(lost.target.host).exists(), "so does its socket")
            assert ask(handle.target, "SELECT 1") == 1


@pytest.mark.slow
def test_kills_at_random(seen: Seen) -> None:
    dice = random.Random(5)
    with Server.ensure(seen.folder) as handle, connect(handle.target) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    for number in range(12):
        process = hold(seen.folder)
        if dice.random() < 0.7:
            first_line(process)
        victims: list[Callable[[], int]] = [seen.launcher, seen.postmaster, partial(int, process.pid)]
        for victim in dice.sample(victims, dice.randint(1, 3)):
            _kill_if_any(victim)
        with Server.ensure(seen.folder) as handle, connect(handle.target) as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        process.communicate()
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT count(*) FROM kept") == 12


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _kill_if_any(victim: Callable[[], int]) -> None:
    try:
        _kill(victim())
    except (ProcessLookupError, ValueError):
        return  # there is none at this moment


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
