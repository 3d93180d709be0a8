"""Where another lms-tui syncs this library: waiting until it has sent what was recorded here, and noticing that it does not."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from lms_tui.cache.ledger import Run
from lms_tui.cache.store import Cache
from lms_tui.views.nodes import ReportState, SyncReport
from lms_tui.views.syncing import Leader, leader_words

PATIENCE_SECONDS = 8.0
_PATIENCE_FOR_NEWS_SECONDS = 1.0
_BETWEEN_LOOKS_SECONDS = 0.1
_LONGEST_SILENCE = timedelta(minutes=10)
"""Twice as long as the loop of one that works waits between two tries at most."""


def leader(cache: Cache) -> Leader | None:
    """The other process that syncs; None where there is none."""
    process = cache.leader.another()
    return None if process is None else Leader(process=process, silent_since=_silent_since(cache))


def _silent_since(cache: Cache) -> datetime | None:
    """Since when nothing was sent or tried although something waits, where that is long."""
    waiting_since = cache.outbox.counts().oldest_at
    if waiting_since is None:
        return None
    since = max([waiting_since, *(run.ended_at for run in cache.ledger.runs(1))])
    return since if cache.clock.now() - since > _LONGEST_SILENCE else None


async def sent_by_another(cache: Cache) -> SyncReport | None:
    """Asks the other one to sync, and waits a moment until it has, longer where something is to be sent.

    None where it went away meanwhile.
    """
    asked_at = cache.clock.now()
    deadline = time.monotonic() + (PATIENCE_SECONDS if _is_due(cache) else _PATIENCE_FOR_NEWS_SECONDS)
    cache.leader.ask()
    while (other := leader(cache)) is not None:
        since = [run for run in cache.ledger.runs() if run.ended_at > asked_at]
        if since and (since[0].outcome != "idle" or not _is_due(cache)):
            return _report(cache, since, state_of(since[0].outcome), since[0].reason)
        if other.silent_since is not None or time.monotonic() > deadline:
            return _report(cache, since, "waiting", leader_words(other, cache.now()))
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    return None


def _is_due(cache: Cache) -> bool:
    due = cache.outbox.next_due()
    return due is not None and due <= cache.clock.now()


def _report(cache: Cache, runs: Sequence[Run], state: ReportState, reason: str) -> SyncReport:
    counts = {name: sum(getattr(run, name) for run in runs) for name in ("sent", "applied", "duplicate", "rejected", "deferred")}
    return SyncReport(state=state, reason=reason, pending=cache.outbox.counts().queued, **counts)


def state_of(outcome: str) -> Literal["idle", "offline", "refused"]:
    """What the outcome of a run of sync means for people."""
    if outcome == "idle":
        return "idle"
    return "refused" if outcome in ("refused", "upgrade_needed") else "offline"
