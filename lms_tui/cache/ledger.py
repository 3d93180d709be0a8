"""What each run of sync did: the last 200 of them."""

from datetime import datetime

from msgspec import Struct

from lms_tui.cache.clock import from_ms, to_ms
from lms_tui.cache.doors import Doors

KEPT_RUNS = 200


class Run(Struct, frozen=True, kw_only=True):
    """One run of sync. ``outcome`` is ``idle`` where it went well, else the state it ended in, with the reason."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    sent: int = 0
    applied: int = 0
    duplicate: int = 0
    rejected: int = 0
    deferred: int = 0
    pulled: int = 0
    reason: str = ""


_COUNTS = ("sent", "applied", "duplicate", "rejected", "deferred", "pulled")


class Ledger:
    """The runs of sync, newest last in the file and first in answers."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def add(self, run: Run) -> None:
        """Keeps a run, and lets go of the oldest. A run that did nothing replaces one before it that did nothing, too."""
        counts = [getattr(run, name) for name in _COUNTS]
        with self._doors.working() as connection:
            last = connection.execute(f"SELECT id, outcome, reason, {', '.join(_COUNTS)} FROM sync_run ORDER BY id DESC LIMIT 1").fetchone()
            if last is not None and not any(counts) and tuple(last[1:]) == (run.outcome, run.reason, *counts):
                connection.execute("UPDATE sync_run SET ended_ms = ? WHERE id = ?", (to_ms(run.ended_at), last[0]))
                return
            connection.execute(
                f"INSERT INTO sync_run(started_ms, ended_ms, outcome, reason, {', '.join(_COUNTS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (to_ms(run.started_at), to_ms(run.ended_at), run.outcome, run.reason, *counts),
            )
            connection.execute("DELETE FROM sync_run WHERE id <= (SELECT max(id) FROM sync_run) - ?", (KEPT_RUNS,))

    def runs(self, limit: int = 20) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        with self._doors.reading() as connection:
            rows = connection.execute(
                f"SELECT started_ms, ended_ms, outcome, reason, {', '.join(_COUNTS)} FROM sync_run ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()
        return tuple(
            Run(
                started_at=from_ms(row[0]),
                ended_at=from_ms(row[1]),
                outcome=row[2],
                reason=row[3],
                **dict(zip(_COUNTS, row[4:], strict=True)),
            )
            for row in rows
        )

    def last_success(self) -> datetime | None:
        """When a run last went well."""
        with self._doors.reading() as connection:
            row = connection.execute("SELECT max(ended_ms) FROM sync_run WHERE outcome = 'idle'").fetchone()
        return None if row[0] is None else from_ms(row[0])
