"""Commands of a learner: catalogue, course, reading, recording, progress."""

import asyncio
import contextlib
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec.structs import replace

from lms_tui.cli import completing, showing
from lms_tui.cli.running import LEVEL, Json, Plain, online, run, say
from lms_tui.library import Library
from lms_tui.model.catalog import Filters, Sort
from lms_tui.model.course import Difficulty
from lms_tui.model.errors import BadInput, NotFound, Unavailable
from lms_tui.model.question import Response
from lms_tui.views import as_json
from lms_tui.views.answering import Answered, answered
from lms_tui.views.nodes import ContinueCard, CourseList, CourseNode, Done, Outline, SectionPage, Source, Study

Ref = Annotated[str, typer.Argument(metavar="COURSE[/LESSON[/SECTION]]", help="Slugs, or a UUID.", autocompletion=completing.sections)]
Course = Annotated[str, typer.Argument(metavar="COURSE", help="A slug or a UUID.", autocompletion=completing.courses)]

_ANSWERS = "{question id: response}"


def catalog(
    difficulty: Annotated[Difficulty | None, LEVEL] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="Only courses of this category.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="Only courses with this tag.")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only courses that you take.")] = False,
    sort: Annotated[
        Sort, typer.Option(metavar="ORDER", case_sensitive=False, help="recent (yours first, then the newest), newest or title.")
    ] = Sort.RECENT,
    limit: Annotated[int, typer.Option(min=1, max=500, metavar="N", help="How many at most.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="CURSOR", help="The “next” of the page before.")] = None,
    before: Annotated[str | None, typer.Option(metavar="CURSOR", help="The “previous” of the page after; “end” for the last.")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List courses: yours first, then the newest, or in another order."""
    level = difficulty.value if difficulty else None
    filters = Filters(difficulty=level, category=category, tag=tag, mine=mine, sort=sort, limit=limit, after=after, before=before)

    async def action(library: Library) -> tuple[CourseList, bool]:
        if await online(library):
            with contextlib.suppress(Unavailable):
                return await library.refresh_catalog(filters), library.may_import
        return library.courses(filters), library.may_import

    run(action, json, lambda found: showing.courses(*found, filters), lambda found: as_json.courses(found[0]))


def course(course: Course, json: Json = False, plain: Plain = False) -> None:
    """Show the outline of a course with your progress."""

    async def action(library: Library) -> Outline:
        return await _fresh(library, course)

    run(action, json, showing.outline, as_json.outline)


async def _fresh(library: Library, ref: str) -> Outline:
    """The course of a ref, from the database where it can be reached, else from the cache."""
    if await online(library):
        with contextlib.suppress(Unavailable):
            return replace(await library.refresh_course(ref), source="database")
    return library.outline(ref)


def read(ref: Ref, json: Json = False, plain: Plain = False) -> None:
    """Print a section; of a course or a lesson, the first section that is not done."""

    async def action(library: Library) -> SectionPage:
        source = (await _fresh(library, ref)).source
        page = library.page(ref)
        await library.opened(page.section.id)
        return replace(library.page(page.section.id), source=source)

    run(action, json, showing.page, as_json.page)


def next_section(json: Json = False, plain: Plain = False) -> None:
    """Say where to go on."""

    async def action(library: Library) -> ContinueCard | None:
        if await online(library):
            with contextlib.suppress(Unavailable):
                await library.refresh()
        return library.next_up()

    run(action, json, showing.next_up, as_json.next_up)


def enrol(course: Course, json: Json = False) -> None:
    """Take a course."""

    async def action(library: Library) -> CourseNode:
        await _fresh(library, course)
        node = await library.enrol(course)
        await online(library)
        return node

    run(action, json, lambda node: say(f"You take {node.title}."), as_json.course)


def leave(course: Course, json: Json = False) -> None:
    """Leave a course; what you did in it is kept."""

    async def action(library: Library) -> tuple[CourseNode, bool]:
        taken = (await _fresh(library, course)).course.enrolled
        node = await library.leave(course)
        await online(library)
        return node, taken

    run(action, json, showing.left, lambda result: as_json.course(result[0]))


def done(
    sections: Annotated[
        list[str], typer.Argument(metavar="SECTION", help="course/lesson/section, or a UUID.", autocompletion=completing.sections)
    ],
    time: Annotated[int, typer.Option("--time", min=0, max=86400, metavar="SECONDS", help="Active time to record with it.")] = 0,
    json: Json = False,
) -> None:
    """Record that sections are done."""

    async def action(library: Library) -> Done:
        outlines = [await _fresh(library, ref) for ref in dict.fromkeys(ref.split("/", 1)[0] for ref in sections)]
        courses = {outline.course.id: outline.course for outline in outlines}
        nodes = await library.done(sections, time)
        await online(library)
        return Done(
            items=tuple(library.page(node.id).section for node in nodes),
            pending=library.status().queued,
            unsent=library.unsent(),
            taken=tuple(course for course in courses.values() if not course.enrolled),
        )

    run(action, json, showing.done, as_json.done)


def answer(
    section: Annotated[
        str, typer.Argument(metavar="SECTION", help="course/lesson/section, or a UUID.", autocompletion=completing.sections)
    ],
    file: Annotated[Path, typer.Option("--file", metavar="ANSWERS.json", help=f"{_ANSWERS}; - for standard input.")],
    json: Json = False,
) -> None:
    """Answer the questions of a section; of an assessment, begin an attempt and hand it in."""

    async def action(library: Library) -> Answered:
        responses = await asyncio.to_thread(_responses, file)
        await _fresh(library, section)
        page = library.page(section)
        if page.entry is not None:
            if not page.entry.may_start:
                raise BadInput(page.entry.sentence, "Nothing was recorded.")
            library.check(page.section.id, responses)
            await library.start_attempt(page.section.id)
        grades = await library.answer(page.section.id, responses)
        await online(library)
        view = answered(library.page(page.section.id), grades, library.status().queued, library.receipt)
        return replace(view, unsent=library.unsent())

    run(action, json, showing.answered, as_json.answered)


def _responses(file: Path) -> dict[str, Response]:
    try:
        raw = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        return msgspec.json.decode(raw, type=dict[str, Response])
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.", "Nothing was recorded.") from error
    except msgspec.ValidationError as error:
        raise BadInput(f"{file} holds no answers: they are one JSON object, {_ANSWERS}.", "Nothing was recorded.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is not JSON; answers are one object, {_ANSWERS}.", "Nothing was recorded.") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is not a day; write it as 2026-11-25.") from None


def progress(
    since: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="Count from this day on: 2026-11-25.")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show what you have done: minutes, averages, streak, days."""

    async def action(library: Library) -> Study:
        source: Source = "database" if await online(library) else "cache"
        return replace(library.study(since), source=source)

    run(action, json, showing.study, as_json.study)
