"""How quickly it is there: ``--version``, a first start on an empty home, and the first paint of a later start."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from tests.terminal import terminal

APP = [sys.executable, "-m", "lms_tui"]
RUNS = 9

# What a Textual app costs that shows nothing of its own: the measure for the first paint.
BARE = """
from textual.app import App
from textual.widgets import Footer, Header, Static
class Bare(App):
    def compose(self):
        yield Header(); yield Static("\\n".join(f"row {n}" for n in range(60))); yield Footer()
Bare().run()
"""


def cpu_of_process(*arguments: str) -> float:
    """Milliseconds of CPU of a fresh Python, the least of some."""
    spent = []
    for _ in range(RUNS):
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent.append(1000 * (usage.ru_utime + usage.ru_stime))
    return min(spent)


def cpu_so_far(pid: int) -> float:
    """Milliseconds of CPU of a process's threads; in nanoseconds where the system counts so."""
    tasks = Path(f"/proc/{pid}/task")
    if tasks.is_dir():
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e6
    times = psutil.Process(pid).cpu_times()
    return 1000 * (times.user + times.system)


def first_paint(command: list[str], pattern: str, environment: dict[str, str]) -> tuple[float, float]:
    """Medians of CPU and wall milliseconds until the pattern is on the screen."""
    cpu, wall = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        with terminal(command, 120, 40, environment) as app:
            app.wait_for(pattern)
            wall.append(1000 * (time.perf_counter() - began))
            cpu.append(cpu_so_far(app.process.pid))
    return statistics.median(cpu), statistics.median(wall)


def first_start() -> tuple[float, float]:
    """Seconds on an empty home until something useful is on the screen, and until the course can be opened."""
    useful, readable = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as home:
            began = time.perf_counter()
            with terminal(APP, 100, 30, {"LMS_TUI_HOME": home}) as app:
                app.wait_for("lms-tui")
                useful.append(time.perf_counter() - began)
                app.wait_for("A Tour of lms-tui")
                readable.append(time.perf_counter() - began)
    return statistics.median(useful), statistics.median(readable)


def measure() -> list[Figure]:
    """The figures of starting."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    empty, version = cpu_of_process("-c", "pass"), cpu_of_process("-m", "lms_tui", "--version")
    useful, readable = first_start()
    with tempfile.TemporaryDirectory() as home:
        environment = {"LMS_TUI_HOME": home}
        with terminal(APP, 120, 40, environment) as app:
            app.wait_for("A Tour of lms-tui")
        bare_cpu, bare_wall = first_paint([sys.executable, "-c", BARE], "row 9", {})
        cpu, wall = first_paint(APP, "A Tour of lms-tui", {**environment, "LMS_TUI_OFFLINE": "1"})
    return [
        Figure("--version, CPU, times an empty program", version / empty, "x", 2, f"{version:.1f} ms and {empty:.1f} ms"),
        Figure("first start: something on the screen", useful, "s", 1),
        Figure("first start: a readable course", readable, "s", 3),
        Figure("first paint, CPU, times a bare Textual app", cpu / bare_cpu, "x", 1.5, f"{cpu:.0f} ms and {bare_cpu:.0f} ms"),
        Figure("first paint, wall", wall, "ms", None, f"a bare Textual app: {bare_wall:.0f} ms"),
    ]
