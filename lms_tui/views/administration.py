"""What an administrator is told of a database."""

from msgspec import Struct


class DatabaseState(Struct, frozen=True, kw_only=True):
    """``revision`` is the schema's in the database, ``head`` the newest that this version knows.

    ``differences``: what that schema has otherwise than this version made it; None where it was not, or could not be, compared.
    """

    revision: str | None
    head: str
    up_to_date: bool
    server_version: str
    differences: tuple[str, ...] | None = None


class Prepared(Struct, frozen=True, kw_only=True):
    """A database that is ready, and the person who was invited to it. ``notes`` say what could not be done."""

    institution: str
    person: str
    role: str
    server: str
    revision: str
    invitation: str | None
    notes: tuple[str, ...] = ()
