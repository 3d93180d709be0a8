"""The command that searches."""

from enum import StrEnum
from typing import Annotated

import typer
from msgspec.structs import replace

from lms_tui.cli.running import LEVEL, Json, Plain, online, run, say
from lms_tui.library import Library
from lms_tui.model.course import Difficulty
from lms_tui.model.errors import Unavailable
from lms_tui.model.query import STOP_WORDS, words_of
from lms_tui.views import as_json
from lms_tui.views.searching import Result, Results, Scope, SearchQuery, finished
from lms_tui.views.words import MATCHED, TYPE_WORDS


class Where(StrEnum):
    """What is searched: everything, a part of the tree, or everything that is on this machine."""

    ALL = "all"
    COURSE = "course"
    LESSON = "lesson"
    SECTION = "section"
    CACHE = "cache"


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words, any of which is to be found.")],
    scope: Annotated[
        Where, typer.Option(metavar="WHERE", help="all; course, lesson or section that --in names; cache: this machine.")
    ] = Where.ALL,
    within: Annotated[str, typer.Option("--in", metavar="REF", help="The course, lesson or section of --scope.")] = "",
    difficulty: Annotated[Difficulty | None, LEVEL] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="Only courses of this category.")] = None,
    include_completed: Annotated[bool, typer.Option("--include-completed", help="Finished sections, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100, metavar="N", help="How many at most.")] = 20,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Find courses and sections by words."""
    asked = SearchQuery(
        text=query,
        scope=_scope(scope, within),
        within=within,
        difficulty=difficulty.value if difficulty else None,
        category=category,
        include_completed=include_completed,
        limit=limit,
    )

    async def action(library: Library) -> Results:
        if scope is not Where.CACHE and await online(library):
            try:
                return await library.search_database(asked)
            except Unavailable as error:
                return replace(library.search(asked), notice=error.message)
        return library.search(asked)

    run(action, json, lambda results: _show(results, asked), as_json.results)


def _scope(scope: Where, within: str) -> Scope:
    """What ``--in`` names is searched whole, whatever it is: a course, a lesson or a section."""
    if scope in (Where.ALL, Where.CACHE):
        return "course" if within else "all"
    if not within:
        raise typer.BadParameter(f"--scope {scope.value} searches in one {scope.value}: name it with --in, as the lists show it.")
    return _SCOPES[scope]


_SCOPES: dict[Where, Scope] = {Where.COURSE: "course", Where.LESSON: "lesson", Where.SECTION: "section"}


def _show(results: Results, query: SearchQuery) -> None:
    """A result a paragraph: its title, what to type to read it, where it stands, and the passage."""
    for item in results.items:
        say(f"{item.title} [{_kind(item)}{f', {finished(item)}' if item.completed else ''}] {item.ref}")
        say(f"  {' > '.join(part for part in (item.course.title, item.lesson) if part)} ({MATCHED[item.matched]})")
        if passage := "".join(f"*{text}*" if match else text for text, match in item.snippet):
            say(f"  {passage}")
    if not results.items:
        say(_nothing_found(query.text))
        if words_of(query.text) and not query.include_completed:
            say("Finished sections were left out; --include-completed looks at them, too.")
    if results.source == "cache":
        say(f"{results.notice} Searched what is on this machine.".strip())


def _nothing_found(text: str) -> str:
    words = words_of(text)
    if not words:
        return "There is no word in that to look for."
    advice = " Words that are in nearly every text find little; add a rarer one." if STOP_WORDS.issuperset(words) else ""
    return f"Nothing found for “{text}”.{advice}"


def _kind(item: Result) -> str:
    return TYPE_WORDS[item.type] if item.type else "course"
