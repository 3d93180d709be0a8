"""One long sitting: the real app in a terminal, turning to the next section 500 times. How quick each is, and what memory it leaves."""

import os
import statistics
import tempfile
import time
from uuid import NAMESPACE_URL, uuid5

import psutil

from benchmarks.figures import Figure
from benchmarks.reader import page_of
from benchmarks.startup import APP, cpu_so_far
from lms_tui.cache.store import Cache
from lms_tui.library.profile import load
from lms_tui.model.course import Course, Lesson, Section
from tests.terminal import Terminal, terminal

SECTIONS = 500
SIZE = 30_000
SOON = 50  # sections after which everything that is kept once is there


def ident(name: str) -> str:
    """An id that is the same each time."""
    return str(uuid5(NAMESPACE_URL, name))


def course() -> Course:
    """A course of many sections of 30 KB, each a little different."""
    page = page_of(SIZE)
    sections = tuple(
        Section(slug=f"s{number}", title=f"Section {number}", body=f"Page {number}.\n\n{page}", id=ident(f"s{number}"))
        for number in range(1, SECTIONS + 1)
    )
    return Course(
        slug="long", title="A long course", id=ident("long"), lessons=(Lesson(slug="l", title="L", id=ident("l"), sections=sections),)
    )


def megabytes(app: Terminal) -> float:
    """Resident memory of the app's process."""
    return float(psutil.Process(app.process.pid).memory_info().rss) / 1e6


def measure() -> list[Figure]:
    """The figures of a sitting."""
    before = os.environ.get("LMS_TUI_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["LMS_TUI_HOME"] = home
        try:
            folder, kept = load("personal")
            cache = Cache.open(folder, kept.person)
            cache.content.put(course(), content_version=1, keys={})
            cache.close()
            return _sitting(home)
        finally:
            os.environ.pop("LMS_TUI_HOME")
            if before is not None:
                os.environ["LMS_TUI_HOME"] = before


def _sitting(home: str) -> list[Figure]:
    walls, spent = [], []
    with terminal(APP, 100, 30, {"LMS_TUI_HOME": home, "LMS_TUI_OFFLINE": "1"}) as app:
        app.wait_for("A long course")
        app.settle()
        app.press("enter")
        app.wait_for(f"1 of {SECTIONS}")
        soon = 0.0
        for number in range(2, SECTIONS + 1):
            began, cpu = time.perf_counter(), cpu_so_far(app.process.pid)
            app.press("]")
            app.wait_for(rf"Page {number}\.")
            walls.append(1000 * (time.perf_counter() - began))
            spent.append(cpu_so_far(app.process.pid) - cpu)
            if number == SOON:
                soon = megabytes(app)
        last = megabytes(app)
        app.press("q", "q", "q")
        app.wait_for_end()
    wall = f"key to screen {statistics.median(walls):.0f} ms, with the terminal's own work"
    return [
        Figure("next section of 30 KB, CPU, median", statistics.median(spent), "ms", 50, wall),
        Figure("next section of 30 KB, CPU, 95th percentile", statistics.quantiles(spent, n=20)[18], "ms", 100),
        Figure(f"memory after {SECTIONS} sections", last, "MB", 100),
        Figure(f"memory after {SECTIONS} sections beside after {SOON}", last / soon, "x", 1.1, f"{soon:.0f} MB then"),
    ]
