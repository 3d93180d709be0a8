"""A catalogue of 100,000 courses, scrolled through from one end to the other and back as the screen does it: page after page from the
database, through the cache, into the window. What it asks, what it takes, and that memory does not grow.
"""

import asyncio
import gc
import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from msgspec.structs import replace

from benchmarks.database import MAKE_COURSES, RUNS, Recording
from benchmarks.figures import Figure
from lms_tui.cache.store import Cache
from lms_tui.db import migrate, roles
from lms_tui.db.embedded.server import Server
from lms_tui.db.statements import Statement
from lms_tui.db.target import Target
from lms_tui.library import fetching
from lms_tui.model.catalog import END, Filters, Sort
from lms_tui.views.catalog import Side, Window
from tests.db.world import World

COURSES = 100_000
PAGES = COURSES // Filters().limit
SOON = 200  # pages after which everything that is kept is there: the cache keeps 5,000 courses


class Counting(Recording):
    """A database that counts what it is asked."""

    asks = 0

    async def json(self, statement: Statement, **params: object) -> bytes:
        self.asks += 1
        return await super().json(statement, **params)


class Scroll:
    """A window that goes through the catalogue, and what each page took."""

    def __init__(self, database: Counting, cache: Cache, filters: Filters) -> None:
        self.database = database
        self.cache = cache
        self.filters = filters
        self.spent: list[float] = []
        self.memory: list[float] = []
        self.seen = 0

    async def begin(self) -> Window:
        """The window on the first page."""
        page = await fetching.catalog(self.database, self.cache, self.filters)
        self.seen += len(page.items)
        return Window(page)

    async def go(self, window: Window, side: Side) -> None:
        """To the end of that side."""
        while cursor := window.next if side == "after" else window.previous:
            filters = replace(self.filters, after=cursor if side == "after" else None, before=cursor if side == "before" else None)
            began = time.perf_counter()
            page = await fetching.catalog(self.database, self.cache, filters)
            window.add(page, side)
            self.spent.append(1000 * (time.perf_counter() - began))
            self.seen += len(page.items)
            if len(self.spent) % SOON == 0:
                gc.collect()
                self.memory.append(psutil.Process().memory_info().rss / 1e6)


async def both_ends(scroll: Scroll) -> tuple[float, float]:
    """Medians of the milliseconds of the second page and of the last one, which take turns."""
    first = await fetching.catalog(scroll.database, scroll.cache, scroll.filters)
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * RUNS):
        end = turn % 2
        began = time.perf_counter()
        await fetching.catalog(
            scroll.database, scroll.cache, replace(scroll.filters, before=END if end else None, after=None if end else first.next)
        )
        spent[end].append(1000 * (time.perf_counter() - began))
    return statistics.median(spent[0]), statistics.median(spent[1])


def megabytes(folder: Path) -> float:
    """What the files of a folder take."""
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


async def figures(owner: Target, folder: Path) -> list[Figure]:
    """All figures, in one database."""
    world = World(owner)
    learner = await world.add_person()
    database, cache = Counting(learner.target), Cache.open(folder, learner.me)
    cache.lead()  # as the app does once it is in touch with the database
    try:
        with world.psql() as connection:
            connection.execute(MAKE_COURSES, (world.institution, 1, COURSES))
            connection.execute("VACUUM ANALYZE lms.courses")
        found = []
        for sort in (Sort.TITLE, Sort.RECENT):
            scroll = Scroll(database, cache, Filters(sort=sort))
            database.asks = 0
            window = await scroll.begin()
            await scroll.go(window, "after")
            forth = list(scroll.spent)
            await scroll.go(window, "before")
            back = scroll.spent[len(forth) :]
            assert scroll.seen >= 2 * COURSES - 5 * Filters().limit  # back from the window's other side
            pages, kept, asks = len(scroll.spent), scroll.memory, database.asks
            early, late = await both_ends(scroll)
            found += [
                Figure(f"{sort}: statements asked for a page", asks / (pages + 1), "", 1, f"{pages} pages"),
                Figure(f"{sort}: a page, forwards", statistics.median(forth), "ms", 50, "one frame"),
                Figure(f"{sort}: a page, backwards", statistics.median(back), "ms", 50, "one frame"),
                Figure(f"{sort}: the last page beside the second", late / early, "x", 1.5, f"{early:.1f} ms, then {late:.1f} ms"),
                Figure(
                    f"{sort}: memory that scrolling leaves",
                    max(kept) - kept[0],
                    "MB",
                    10,
                    f"of {kept[-1]:.0f} MB",
                ),
            ]
        return [*found, Figure("the cache's files afterwards", megabytes(folder), "MB", 30)]
    finally:
        cache.close()
        await database.close()
        await world.close()


def measure() -> list[Figure]:
    """The figures of the catalogue."""
    with tempfile.TemporaryDirectory() as folder, Server.ensure(Path(folder) / "server") as server:
        with migrate.connect(server.target) as connection:
            roles.ensure_groups(connection)
            roles.ensure_database(connection, "measured")
        owner = replace(server.target, dbname="measured")
        migrate.upgrade(owner)
        profile = Path(folder) / "profile"
        profile.mkdir(mode=0o700)
        os.environ.setdefault("LMS_TUI_HOME", folder)
        try:
            return asyncio.run(figures(owner, profile))
        finally:
            Server.stop(Path(folder) / "server")
