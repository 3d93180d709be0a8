"""``sync`` and what is under it: the queue, and what the database refused."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from lms_tui.cli import showing
from lms_tui.cli.running import Json, online, run, say
from lms_tui.library import Library
from lms_tui.views import as_json
from lms_tui.views.nodes import SyncReport
from lms_tui.views.syncing import Problem, Problems, SyncOverview, clock, leader_words, queue_words


def sync(context: typer.Context, json: Json = False) -> None:
    """Send what is queued and fetch what is new; status and problems look at it."""
    if context.invoked_subcommand is not None:
        return

    async def action(library: Library) -> SyncReport:
        return await library.sync()

    run(action, json, showing.synced, as_json.sync)


def status(json: Json = False) -> None:
    """Say what is queued and what the last runs did. The database is not looked for."""

    async def action(library: Library) -> SyncOverview:
        view = library.queue()
        return replace(view, state="unknown", since=None) if view.state == "starting" else view

    run(action, json, _status, as_json.queue)


def problems(
    retry: Annotated[bool, typer.Option("--retry", help="Send all of it again, now.")] = False,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE", help="Write it into a new file.")] = None,
    json: Json = False,
) -> None:
    """List what the database refused, with the reasons."""

    async def action(library: Library) -> tuple[Problems, datetime]:
        exported = await library.export_problems(export) if export is not None else None
        retried = await library.retry() if retry and library.problems() else 0
        if retried:
            await online(library)
        view = Problems(items=library.problems(), retried=retried, exported=None if exported is None else str(exported))
        return view, library.now()

    run(action, json, _problems, lambda told: as_json.problems(told[0]))


def _status(view: SyncOverview) -> None:
    now = view.as_of
    say(queue_words(view))
    for put_off in view.put_off:
        say(f"  {put_off.count} put off. {put_off.said}")
    if view.needs_you:
        say(f"Refused: {view.needs_you}. lms-tui sync problems says what, and why.")
    say(f"Last sync: {clock(view.last_sync_at, now) or 'never'}")
    if view.leader is not None:
        say(leader_words(view.leader, now))
    if view.read_only:
        say(view.read_only)
    if view.cloned_at:
        say(f"This library came here from elsewhere ({clock(view.cloned_at, now)}), and syncs as a device of its own.")
    for run_ in view.runs:
        say(f"  {clock(run_.ended_at, now)}  {run_.said}")


def _problems(told: tuple[Problems, datetime]) -> None:
    view, now = told
    if view.exported is not None:
        say(f"Written to {view.exported}.")
    if view.retried:
        say(f"Back in the queue: {view.retried}.")
    if not view.items:
        say("Nothing that you did is refused.")
    for problem in view.items:
        _problem(problem, now)


def _problem(problem: Problem, now: datetime) -> None:
    say(f"{problem.what}, {problem.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}")
    say(f"  {problem.happened} {problem.safe}")
    say(f"  {problem.next_step}")
    if problem.detail:
        say(f"  It said: {problem.detail}")
