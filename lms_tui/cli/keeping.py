"""Commands that keep things going: import, publish, sync, doctor."""

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
from lms_tui.views.nodes import CourseNode


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


def publish(course: Annotated[str, typer.Argument(metavar="COURSE", help="A slug or a UUID.")], json: Json = False) -> None:
    """Show a draft to everybody in the institution."""

    async def action(library: Library) -> CourseNode:
        await library.connect()
        return await library.publish(course)

    run(action, json, lambda node: say(f"{node.title} is published."), as_json.course)


def doctor(json: Json = False) -> None:
    """Say what works on this machine, and what to type where it does not."""

    async def action(library: Library) -> Health:
        return (await library.health()).with_check(_settings(library))

    run(action, json, showing.health, as_json.health)


def _settings(library: Library) -> Check:
    path, problems = library.settings_path, KeyMap(library.settings.keys).problems
    if library.settings_unreadable:
        problems = ["It cannot be read, and counts as empty."]
    hint = "Mend the file; what is wrong in it counts as not written, the rest holds."
    return Check(name="settings", ok=not problems, detail=" ".join([str(path), *problems]), hint=hint)
