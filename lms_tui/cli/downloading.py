"""What is kept on this machine: download, downloads, remove."""

from datetime import datetime
from typing import Annotated

import typer

from lms_tui.cli import completing
from lms_tui.cli.running import Json, run, say
from lms_tui.library import Library
from lms_tui.views import as_json
from lms_tui.views.syncing import Download, size, version_words

Courses = Annotated[list[str], typer.Argument(metavar="COURSE", help="Slugs or UUIDs.", autocompletion=completing.courses)]
Listed = tuple[tuple[Download, ...], datetime]
"""Courses, and the time where the person is."""


def download(courses: Courses, json: Json = False) -> None:
    """Fetch courses to this machine, or what is newer in them."""

    async def action(library: Library) -> Listed:
        await library.connect()
        return await library.download(courses), library.now()

    run(action, json, _listed, _document)


def downloads(json: Json = False) -> None:
    """List the courses that can be read without the database."""

    async def action(library: Library) -> Listed:
        return library.downloads(), library.now()

    run(action, json, _all, _document)


def remove(courses: Courses, json: Json = False) -> None:
    """Remove courses from this machine. What you did in them is kept, and sent."""

    async def action(library: Library) -> tuple[Download, ...]:
        return await library.remove(courses)

    run(action, json, _removed, as_json.downloads)


def _document(listed: Listed) -> object:
    return as_json.downloads(listed[0])


def _all(listed: Listed) -> None:
    if not listed[0]:
        say("No course is on this machine. Fetch one with: lms-tui download COURSE")
    _listed(listed)


def _listed(listed: Listed) -> None:
    items, now = listed
    for one in items:
        say(f"{one.course.ref}: {one.course.title}")
        facts = [version_words(one)]
        if one.content_version:
            facts += [size(one.bytes)] + ([f"fresh as of {one.as_of.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"] if one.as_of else [])
        say("  " + ", ".join(facts))


def _removed(items: tuple[Download, ...]) -> None:
    for one in items:
        say(f"Removed {one.course.title} from this machine. What you did in it is kept.")
        say(f"  To have it back: lms-tui download {one.course.ref}")
