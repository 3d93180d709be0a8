"""An institution's database: made ready in any PostgreSQL, by whoever may make roles and databases there."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from lms_tui.db import migrate, roles, turn
from lms_tui.db.target import Target
from lms_tui.db.trouble import translated
from lms_tui.model.errors import BadInput, NotFound, Refused
from lms_tui.model.events import uuid7
from lms_tui.model.person import Role

_ONE_AT_A_TIME = 7_311_946_208  # the key of an advisory lock; any number that nobody else uses
_MOST_NAMES = 10
_OLDEST, _OLDEST_NAME = 150000, "15"
_RIGHTS = "Use a superuser, or a role with CREATEROLE and CREATEDB that made these roles and this database."
_STAYS_OPEN = "Large objects and advisory locks stay open to everybody who may log in, because only a superuser can close them."


def prepare(admin: Target) -> tuple[str, ...]:
    """Roles, the database, its schema and its doors; what is there already stays. Gives what could not be done, in sentences.

    Can be run again after being killed at any point. Raises ``Refused``, ``Unavailable``, ``BadInput``.
    """
    with translated(), _cluster(admin) as cluster:
        if cluster.info.server_version < _OLDEST:
            raise BadInput(f"The server is older than PostgreSQL {_OLDEST_NAME}; nothing was changed.", "Upgrade it first.")
        turn.take(cluster, _ONE_AT_A_TIME)
        _refuse_anothers(cluster, admin)
        with _allowed("make the roles of lms-tui"):
            roles.ensure_groups(cluster)
        with _allowed("make the database"):
            roles.ensure_database(cluster, admin.dbname)
    migrate.upgrade(admin)
    with translated(), migrate.connect(admin) as inside, _allowed("close the database to others"):
        closed = roles.secure_database(inside)
    return () if closed else (_STAYS_OPEN,)


@contextmanager
def _cluster(admin: Target) -> Iterator[psycopg.Connection]:
    """A connection to the database that every server has, or where that is closed to this login, to its own."""
    try:
        connection = migrate.connect(admin, "postgres")
    except psycopg.OperationalError:
        connection = migrate.connect(admin)
    with connection:
        yield connection


def _refuse_anothers(cluster: psycopg.Connection, admin: Target) -> None:
    """A database that was not made by ``prepare`` may be somebody else's. An empty one has to be given to ``lms_owner`` first."""
    owner = cluster.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (admin.dbname,)).fetchone()
    if owner is not None and owner[0] != roles.OWNER:
        raise BadInput(
            f"The database “{admin.dbname}” is there already and belongs to {owner[0]}; nothing was changed.",
            "Name a new one: it is made. Or give this one away: ALTER DATABASE … OWNER TO lms_owner.",
        )


@contextmanager
def _allowed(what: str) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise Refused(f"This login may not {what}.", _RIGHTS) from None


def add_person(
    admin: Target, institution: str, name: str, role: Role | None, timezone: str, *, again: bool, new_institution: bool = False
) -> roles.Login:
    """A person of the institution of that name, with a new password.

    The first institution is made; an unknown name beside others is refused, because it may be a slip, unless ``new_institution``.

    Without a role the first person is an administrator, and others are learners. A person who is there already is refused,
    and gets the new password with ``again``. Raises ``BadInput``, ``Refused``, ``Unavailable``.
    """
    with translated(), migrate.connect(admin) as connection:
        turn.take(connection, _ONE_AT_A_TIME)
        institution_id = _institution(connection, institution, new_institution)
        people = _people(connection, institution_id)
        known = [(user_id, known_role) for user_id, user_name, known_role in people if user_name == name]
        if known and not again:
            raise BadInput(
                f"“{name}” is there already in “{institution}”; nothing was changed.",
                "Give another name, or --again: a new invitation for them, and their old password ends.",
            )
        user_id, old_role = known[0] if known else (_new_id(), Role.STUDENT if people else Role.ADMIN)
        login = roles.Login(
            institution_id=institution_id,
            user_id=user_id,
            name=name,
            role=role or old_role,
            timezone=timezone,
            password=roles.new_password(),
            role_name=roles.role_name(user_id),
        )
        with _allowed("make a login for a person"):
            roles.ensure_person(connection, login)
    return login


def _institution(connection: psycopg.Connection, name: str, new: bool) -> str:
    with roles.as_owner(connection):
        known = connection.execute(
            "SELECT name, institution_id::text FROM lms.institutions WHERE NOT personal ORDER BY name = %s DESC, created_at", (name,)
        ).fetchmany(_MOST_NAMES)
    if known and known[0][0] == name:
        return str(known[0][1])
    if known and not new:
        names = ", ".join(f"“{one}”" for one, _ in known)
        raise BadInput(
            f"There is no institution “{name}” in this database; nobody was invited.",
            f"There {'is' if len(known) == 1 else 'are'} {names}. To make another one: --new-institution.",
        )
    made = _new_id()
    roles.ensure_institution(connection, made, name, personal=False)
    return made


def _people(connection: psycopg.Connection, institution_id: str) -> list[tuple[str, str, Role]]:
    with roles.as_owner(connection):
        rows = connection.execute(
            "SELECT user_id::text, name, role FROM lms.users WHERE institution_id = %s ORDER BY created_at", (institution_id,)
        ).fetchall()
    return [(user_id, name, Role(role)) for user_id, name, role in rows]


def _new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def upgrade(admin: Target) -> None:
    """Brings the schema to the newest revision. Raises ``NotFound`` where there is none, ``Refused``, ``Unavailable``."""
    if migrate.current(admin) is None:
        raise NotFound("There is nothing of lms-tui in this database.", "lms-tui db init makes it.")
    migrate.upgrade(admin)
    with translated(), migrate.connect(admin) as inside:
        roles.secure_database(inside)  # a newer version may close more


def state(admin: Target) -> tuple[str | None, str]:
    """The schema's revision, None where there is none, and the server's version. Raises ``Refused``, ``Unavailable``."""
    revision = migrate.current(admin)
    with translated(), migrate.connect(admin) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return revision, str(row[0]) if row else ""
