"""Who this connection is."""

import msgspec

from lms_tui.db.connection import Database
from lms_tui.db.statements import Statement
from lms_tui.model.errors import NotFound, Refused
from lms_tui.model.person import Person

WHOAMI = Statement("whoami", "SELECT CAST(lms.whoami() AS text)")


async def whoami(database: Database) -> Person:
    """The person behind the login role. Raises ``Refused`` for a role that is nobody's, ``Unavailable``."""
    try:
        return msgspec.json.decode(await database.json(WHOAMI), type=Person)
    except NotFound:
        raise Refused("This login is not mapped to a person of an institution.") from None
