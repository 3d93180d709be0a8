"""Commands that keep things going: import, sync, doctor, the server."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from lms_tui.cli import showing
from lms_tui.cli.running import Json, run, say
from lms_tui.keymap import KeyMap
from lms_tui.library import Library
from lms_tui.views import as_json
from lms_tui.views.health import Check, Health
from lms_tui.views.importing import ImportReport


def import_course(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A course folder.")],
    format: Annotated[str | None, typer.Option("--format", metavar="F", help="native or carpentries; found out unless given.")] = None,
    json: Json = False,
) -> None:
    """Bring a course into the library. Importing again updates it and keeps progress."""

    async def action(library: Library) -> ImportReport:
        await library.connect()
        return await library.import_path(path, format)

    run(action, json, showing.imported, as_json.imported)


def doctor(json: Json = False) -> None:
    """Say what works on this machine, and what to type where it does not."""

    async def action(library: Library) -> Health:
        return (await library.health()).with_check(_settings(library))

    run(action, json, showing.health, as_json.health)


def _settings(library: Library) -> Check:
    path, problems = library.settings_path, KeyMap(library.settings.keys).problems
    if library.settings_unreadable:
        problems = ["It cannot be read, and counts as empty."]
    hint = "Mend the file; until then the keys are those of docs/keys.md."
    return Check(name="settings", ok=not problems, detail=" ".join([str(path), *problems]), hint=hint)


def stop_server(json: Json = False) -> None:
    """Stop the personal library's server; it starts again when it is needed."""

    async def action(library: Library) -> bool:
        return await asyncio.to_thread(library.stop_server)

    run(action, json, lambda ran: say("The server is stopped." if ran else "No server was running."), lambda ran: {"stopped": ran})
