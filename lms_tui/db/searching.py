"""Searching what the database has, as the person who asks: one statement, one round trip."""

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model.person import Person
from lms_tui.model.query import parse
from lms_tui.model.search import Hit, SearchQuery

SEARCH = Statement(
    "search",
    """
    SELECT CAST(lms.search(CAST(:institution AS uuid), CAST(:words AS text[]), CAST(:common AS text[]), CAST(:prefix AS boolean),
      CAST(:within AS text), CAST(:difficulty AS text), CAST(:category AS text), CAST(:completed AS boolean), CAST(:limit AS int)) AS text)
    """,
)


async def search(database: Database, person: Person, query: SearchQuery) -> tuple[Hit, ...]:
    """What matches best, best first; drafts are found by instructors. Nothing, without a question, where there are no words.

    Raises ``Unavailable``, ``Refused``.
    """
    asked = parse(query.text, typing=query.typing)
    if not asked:
        return ()
    raw = await database.json(
        SEARCH,
        institution=person.institution_id,
        words=list(asked.words),
        common=list(asked.common),
        prefix=asked.prefix,
        within=query.within.strip().strip("/") or None if query.scope != "all" else None,
        difficulty=query.difficulty,
        category=query.category,
        completed=query.include_completed,
        limit=query.limit,
    )
    return read(raw, tuple[Hit, ...])
