"""What the search screen says where it shows no results, and how it stands."""

from datetime import datetime

from textual.content import Content

from lms_tui.keymap import KeyMap
from lms_tui.views.nodes import Status
from lms_tui.views.searching import Results, SearchQuery
from lms_tui.views.words import counted, day_or_time
from lms_tui.widgets.foreign import foreign


def nothing_typed(status: Status, keymap: KeyMap) -> Content:
    """What can be searched, and where."""
    where = "in what is on this machine" if status.state in ("offline", "refused") else "on this machine and in the database"
    lines = (
        f"Titles and texts are searched, of courses and of their sections, {where}.",
        "Any of the words may match; the best matches come first.",
        "",
        f"{keymap.key('search.up')} {keymap.key('search.down')} choose, Enter opens the section at the passage that matched.",
    )
    return Content("\n".join(lines)).stylize("$quiet")


def nothing_found(query: SearchQuery, results: Results, course: str, keymap: KeyMap) -> Content:
    """What was searched, and what to try."""
    where = Content.assemble(" in ", foreign(f"“{course}”")) if query.scope == "course" else Content("")
    lines = [Content.assemble("Nothing found for ", foreign(f"“{query.text}”").stylize("bold"), where, ".")]
    if results.source == "cache":
        lines.append(_of_cache(results))
    tries = [
        (query.scope == "course", "widen", "searches everything"),
        (not query.include_completed, "finished", "looks in finished sections, too"),
        (query.difficulty is not None, "level", "changes the level that is asked for"),
        (query.category is not None, "category", "changes the category that is asked for"),
    ]
    keys = [(keymap.key(f"search.{name}"), what) for holds, name, what in tries if holds]
    lines += [Content(""), *(Content.assemble((key, "bold $accent"), f" {what}") for key, what in keys if key)]
    return Content("\n").join(lines)


def standing(results: Results, asking: bool, now: datetime) -> str:
    """How many were found, and by whom."""
    many = counted(len(results.items), "match", "matches")
    if asking:
        return f"{many} · asking the database…" if results.items else "searching…"
    if results.source == "database":
        return f"{many} · in the database"
    as_of = f", as of {day_or_time(results.as_of, now)}" if results.as_of else ""
    return f"{many} · on this machine{as_of}"


def _of_cache(results: Results) -> Content:
    return foreign(f"{results.notice} Only what is on this machine was searched.".strip()).stylize("$quiet")
