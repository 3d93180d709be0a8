"""Who this connection is."""

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.reply import read
from lms_tui.db.statements import Statement
from lms_tui.model.errors import NotFound, Refused
from lms_tui.model.person import Person

WHOAMI = Statement("whoami", "SELECT CAST(lms.whoami() AS text)")
VERSION = Statement("server_version", "SELECT current_setting('server_version')")
ZONE = Statement("set_timezone", "SELECT CAST(lms.set_timezone(CAST(:institution AS uuid), :zone) AS text)")


class _Schema(msgspec.Struct):
    schema: str


async def introduction(database: Database) -> tuple[Person, str]:
    """The person behind the login role, and the schema's revision. Raises ``Refused`` for a role that is nobody's, ``Unavailable``."""
    try:
        raw = await database.json(WHOAMI)
    except NotFound:
        raise Refused(
            "This login is not mapped to a person of an institution.", "Ask the administrator for an invitation of your own."
        ) from None
    return read(raw, Person), read(raw, _Schema).schema


async def whoami(database: Database) -> Person:
    """The person behind the login role. Raises ``Refused`` for a role that is nobody's, ``Unavailable``."""
    person, _ = await introduction(database)
    return person


async def server_version(database: Database) -> str:
    """The version of PostgreSQL there. Raises ``Unavailable``."""
    return (await database.json(VERSION)).decode()


async def set_timezone(database: Database, person: Person, zone: str) -> None:
    """Days of study are counted in this zone from now on. Raises ``BadInput`` for one that the server does not know."""
    await database.json(ZONE, institution=person.institution_id, zone=zone)
