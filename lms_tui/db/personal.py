"""The personal library's database: made ready on the embedded server, for one person who teaches themself."""

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from lms_tui.db import migrate, roles, turn
from lms_tui.db.target import Target
from lms_tui.db.trouble import translated
from lms_tui.model.errors import Refused
from lms_tui.model.person import Role

DATABASE = "lms"
_ONE_AT_A_TIME = 7_311_946_207  # the key of an advisory lock; any number that nobody else uses


class Identity(Struct, frozen=True, kw_only=True):
    """Who the person of a personal library is. The ids and the password are made and kept by the caller."""

    institution_id: str
    user_id: str
    password: str
    name: str = ""
    timezone: str = "UTC"
    institution: str = "Personal library"

    def __repr__(self) -> str:
        return f"Identity(institution_id={self.institution_id!r}, user_id={self.user_id!r})"


def prepare(superuser: Target, identity: Identity) -> Target:
    """The person's own target, once roles, database, schema, institution and person are there. Run it in a thread.

    Can be run again after being killed at any point. When nothing is to do it is one connection and one statement.
    Raises ``Refused`` when the login is another person's, ``Unavailable``.
    """
    target = replace(superuser, dbname=DATABASE, user=roles.role_name(identity.user_id), password=identity.password)
    if not _ready(target, identity):
        with translated(), migrate.connect(superuser) as connection:
            turn.take(connection, _ONE_AT_A_TIME)
            if not _ready(target, identity):  # another app may have been first
                _make(connection, superuser, identity)
    return target


def _ready(target: Target, identity: Identity) -> bool:
    try:
        with migrate.connect(target) as connection:
            row = connection.execute("SELECT lms.whoami()").fetchone()
    except psycopg.Error:
        return False  # not there yet, or not all of it; making it says what is wrong
    found = row[0] if row else None
    if found is None:
        return False
    if (found["institution_id"], found["user_id"]) != (identity.institution_id, identity.user_id):
        raise Refused(
            "The database belongs to another person's library.", "Move the data folder away, or use the profile that it was made with."
        )
    return bool(found["schema"] == migrate.head())


def _make(cluster: psycopg.Connection, superuser: Target, identity: Identity) -> None:
    roles.ensure_groups(cluster)
    roles.close_common_databases(cluster)
    roles.ensure_database(cluster, DATABASE)
    inside = replace(superuser, dbname=DATABASE)
    migrate.upgrade(inside)
    with migrate.connect(inside) as connection:
        roles.secure_database(connection)
        roles.ensure_institution(connection, identity.institution_id, identity.institution, personal=True)
        login = roles.Login(
            institution_id=identity.institution_id,
            user_id=identity.user_id,
            name=identity.name,
            role=Role.INSTRUCTOR,
            timezone=identity.timezone,
            password=identity.password,
            role_name=roles.role_name(identity.user_id),
        )
        roles.ensure_person(connection, login)
