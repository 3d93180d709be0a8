"""A person's whole path in a real terminal: read, be interrupted by kill -9, come back, go on."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import PROGRAM, CommandLine
from tests.terminal import Terminal, terminal

SIZES = [(60, 20), (80, 24), (140, 45)]
_CALM_SECONDS = 0.6
"""Longer than an assessment waits before it takes a key for something that cannot be taken back."""


def top_of(running: Terminal) -> str:
    """The first words of the page itself, below the heading line."""
    return next(line[:76].strip() for line in running.lines[1:-3] if line[:76].strip())


def server_processes(home: Path) -> list[int]:
    """The embedded server's launcher and postmaster of this home, found by their command lines."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # ended meanwhile
            continue
        if str(home).encode() in command and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def wait_until_sent(command_line: CommandLine, running: Terminal, seconds: float = 60.0) -> None:
    """Until nothing is queued, which another process sees; the app does it by itself, and nothing is pressed."""
    deadline = time.monotonic() + seconds
    while command_line.json("sync", "--offline")["pending"]:
        assert time.monotonic() < deadline, running.text
        running.settle(0.1, 0.5)


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_first_start_asks_nothing_and_leads_to_the_tour(command_line: CommandLine, columns: int, rows: int) -> None:
    with terminal(PROGRAM, columns, rows) as running:
        running.wait_for("Preparing|Tour of lms-tui")
        running.wait_for("Tour of lms-tui")
        running.wait_for("Enter starts it")
        running.press("enter")
        running.wait_for("1 of 10")
        running.press(".")
        running.wait_for("✓")
        running.press("]")
        running.wait_for("on a page")
        running.press("q", "q", "q")
        assert running.wait_for_end() == 0
    assert command_line.json("course", "tour")["lessons"][0]["sections"][0]["progress"]["percent"] == 100


def kill_everything(running: Terminal, home: Path) -> None:
    running.kill()
    for process in server_processes(home):
        os.kill(process, signal.SIGKILL)


def test_kill_nine_of_everything_loses_no_place_and_no_count(command_line: CommandLine, shared_courses: Path, home: Path) -> None:
    command_line.json("import", shared_courses / "carpentries-shell-novice")
    command_line.json("done", "the-unix-shell/intro/what-is-the-shell", "--time", "90")
    before = command_line.json("course", "the-unix-shell")
    command_line.json("read", "the-unix-shell/filedir/getting-help")
    with terminal(PROGRAM) as running:
        running.wait_for("Continue")
        running.wait_for("online")
        running.press("enter")
        running.wait_for("2 of 65")
        running.press("space", "space", "j", "j")
        running.settle()
        top = top_of(running)
        assert "Questions" not in top, "the page has scrolled"
        kill_everything(running, home)
    with terminal(PROGRAM) as running:
        running.wait_for("Continue")
        running.press("enter")
        running.wait_for("2 of 65")
        running.settle()
        assert top_of(running) == top
        running.wait_for("online")
        running.press("q", "q", "q")
        assert running.wait_for_end() == 0
    after = command_line.json("course", "the-unix-shell")
    assert after["progress"]["percent"] == before["progress"]["percent"]
    assert [section["id"] for section in done(after)] == [section["id"] for section in done(before)]
    assert command_line.json("sync")["pending"] == 0


def done(outline: dict[str, Any]) -> list[dict[str, Any]]:
    return [section for lesson in outline["lessons"] for section in lesson["sections"] if section["progress"]["completed_at"]]


def test_a_tick_that_was_seen_survives_kill_nine(command_line: CommandLine, home: Path) -> None:
    with terminal(PROGRAM) as running:
        running.wait_for("Enter starts it")
        running.press("enter")
        running.wait_for("1 of 10")
        running.press(".")
        running.wait_for("✓ [Dd]one")
        kill_everything(running, home)
    assert [section["ref"] for section in done(command_line.json("course", "tour"))] == ["tour/reading/first-steps"]


def to_the_final_test(running: Terminal) -> None:
    running.wait_for("online")
    running.press("o")
    running.wait_for("Final test")
    running.press("end")
    running.settle()
    running.press("enter")


def test_an_attempt_goes_on_after_kill_nine_and_is_counted_once(command_line: CommandLine, shared_courses: Path, home: Path) -> None:
    command_line.json("import", shared_courses / "native-sample")
    command_line.json("enrol", "shell-mini")
    with terminal(PROGRAM) as running:
        to_the_final_test(running)
        running.wait_for("Enter begins attempt 1 of 1")
        running.settle(_CALM_SECONDS)
        running.press("enter")
        running.wait_for("1 of 4 · (20|19) min left")
        running.press(*"1423", "enter")
        running.wait_for("2 of 4")
        running.press(*"0 1 2")
        running.settle()
        kill_everything(running, home)
    with terminal(PROGRAM) as running:
        to_the_final_test(running)
        running.wait_for("Enter goes on with the attempt")
        running.press("enter")
        running.wait_for("3 of 4 · (20|19) min left")
        running.press("f3")
        running.wait_for("4 of 4")
        running.press("2", "enter")
        running.wait_for("3 of 4 questions answered")
        running.settle(_CALM_SECONDS)
        running.press("enter")
        running.wait_for("1 question has no answer")
        running.settle(_CALM_SECONDS)
        running.press("enter")
        running.wait_for("✓ Passed · 80 %")
        running.wait_for(r"Received \d\d:\d\d:\d\d, id \w{4}")
    [final] = [section for section in done(command_line.json("course", "shell-mini")) if section["ref"].endswith("/final")]
    assert final["progress"]["attempts"] == 1


def test_without_the_server_everything_in_the_cache_goes_on(command_line: CommandLine, home: Path) -> None:
    command_line.json("course", "tour")
    with terminal([*PROGRAM, "--offline"]) as running:
        running.wait_for("○ offline")
        running.press("enter")
        running.wait_for("First steps")
        running.press(".")
        running.wait_for("✓ [Dd]one")
        running.wait_for(r"[1-9]\d* queued")
        running.press("q", "q", "q")
        assert running.wait_for_end() == 0
    with terminal(PROGRAM) as running:
        wait_until_sent(command_line, running)
        running.wait_for("online")
    assert len(done(command_line.json("course", "tour"))) == 1


def test_the_server_dies_while_somebody_studies(command_line: CommandLine, home: Path) -> None:
    command_line.json("course", "tour")
    with terminal(PROGRAM) as running:
        running.wait_for("Enter starts it")
        running.wait_for("online")
        running.press("enter")
        running.wait_for("1 of 10")
        for process in server_processes(home):
            if process != running.process.pid:
                os.kill(process, signal.SIGKILL)
        running.press(".")
        running.wait_for("✓ [Dd]one")
        wait_until_sent(command_line, running)
        running.wait_for("online")
    assert [section["ref"] for section in done(command_line.json("course", "tour"))] == ["tour/reading/first-steps"]


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_go_it_records_the_time_and_gives_the_terminal_back(command_line: CommandLine, asked: signal.Signals) -> None:
    command_line.json("course", "tour")
    with terminal([*PROGRAM, "--offline"]) as running:
        running.wait_for("○ offline")
        running.press("enter")
        running.wait_for("1 of 10")
        running.settle(1.5, 2.5)  # long enough for a second to count
        running.process.send_signal(asked)
        assert running.wait_for_end() == 0
        assert b"\x1b[?1049l" in running.raw
    assert command_line.json("progress", "--offline")["active_seconds"] > 0


def test_time_in_which_the_app_is_stopped_does_not_count(command_line: CommandLine) -> None:
    command_line.json("course", "tour")
    with terminal([*PROGRAM, "--offline"]) as running:
        running.wait_for("○ offline")
        running.press("enter")
        running.wait_for("1 of 10")
        began = time.monotonic()
        running.process.send_signal(signal.SIGSTOP)
        running.settle(8.0, 8.0)
        stopped = time.monotonic() - began
        running.process.send_signal(signal.SIGCONT)
        running.press("q")
        running.wait_for("Continue")
        running.press("q")
        assert running.wait_for_end() == 0
    assert stopped >= 7
    assert command_line.json("progress", "--offline")["active_seconds"] < 6
