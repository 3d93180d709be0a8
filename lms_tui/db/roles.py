"""Roles of the cluster and people of an institution: what needs a superuser, or a role that may create roles.

Group roles are shared by all databases of a cluster; migrations only grant to them. All of it can be run again.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from msgspec import Struct
from psycopg import sql

from lms_tui.db.password import verifier
from lms_tui.model.person import Role

OWNER = "lms_owner"
GROUPS = {Role.STUDENT: "lms_learner", Role.INSTRUCTOR: "lms_instructor", Role.ADMIN: "lms_admin"}

# A person can lift these for themselves; they stop accidents, not attacks. The limit of connections binds.
_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "search_path": "pg_catalog",
    "timezone": "UTC",
    "jit": "off",  # compiling takes longer than any of these statements
}
_CONNECTIONS = 10
_TEMPORARY_FILES = "1GB"  # this one they cannot lift; only a superuser can set it

# What everybody may call and people have no use for: it fills the server's table of locks or its disk, or holds upgrades up.
_CLOSE_FUNCTIONS = """
  DO $do$
  DECLARE f regprocedure;
  BEGIN
    FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~
        '^(lo_create|lo_creat|lo_from_bytea|pg_(try_)?advisory_(xact_)?lock(_shared)?|pg_logical_emit_message|pg_export_snapshot)$' LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lms_owner', f);
    END LOOP;
  END $do$
"""


class Login(Struct, frozen=True, kw_only=True):
    """A person to be, and the login that is them. ``role_name`` says nothing about them, because every role can read it."""

    institution_id: str
    user_id: str
    name: str
    role: Role
    timezone: str
    password: str
    role_name: str

    def __repr__(self) -> str:
        return f"Login(role_name={self.role_name!r})"


def role_name(user_id: str) -> str:
    """The name of a person's login role."""
    return "lms_" + user_id.replace("-", "").lower()


def new_password() -> str:
    """A password that nobody can guess: 256 bits, as text."""
    return secrets.token_urlsafe(32)


def ensure_groups(connection: psycopg.Connection) -> None:
    """Makes the owner and the group roles, each group with the rights of the one before it."""
    for name in (OWNER, *GROUPS.values()):
        _ensure_role(connection, name)
    for smaller, larger in (("lms_learner", "lms_instructor"), ("lms_instructor", "lms_admin")):
        _grant(connection, smaller, larger)
    if not is_superuser(connection):  # who makes a role may grant it, and is not yet allowed to act as it
        options = sql.SQL("" if connection.info.server_version < 160000 else " WITH INHERIT TRUE, SET TRUE")
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER{}").format(sql.Identifier(OWNER), options))


def _ensure_role(connection: psycopg.Connection, name: str) -> None:
    """Makes a role that cannot log in, unless it is there; another process may be first."""
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))


def _grant(connection: psycopg.Connection, group: str, member: str) -> None:
    if not _holds(connection, group, member):
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member)))


def _holds(connection: psycopg.Connection, group: str, member: str) -> bool:
    held = "SELECT FROM pg_auth_members WHERE roleid = to_regrole(%s) AND member = to_regrole(%s)"
    return connection.execute(held, (group, member)).fetchone() is not None


def ensure_database(connection: psycopg.Connection, name: str) -> None:
    """Makes the database, owned by ``lms_owner``, unless it is there."""
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
        try:
            create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another process was first


def secure_database(connection: psycopg.Connection) -> bool:
    """Closes the database that is connected to: nobody but the groups connects, and people make no temporary or large objects in it.

    A temporary table could stand in for one of ours in a function that forgot its ``search_path``. Nor do people take advisory locks,
    which hold up upgrades and fill a table that the whole server shares. False where large objects and these locks stay open:
    only a superuser can close them.
    """
    name = sql.Identifier(connection.info.dbname)
    with as_owner(connection):
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO lms_learner").format(name))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    if not is_superuser(connection):
        return False
    connection.execute(_CLOSE_FUNCTIONS)
    return True


def is_superuser(connection: psycopg.Connection) -> bool:
    """Whether the connection's role is a superuser."""
    return connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user").fetchone() == (True,)


@contextmanager
def as_owner(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction with the rights of ``lms_owner``."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE lms_owner")
        yield


def close_common_databases(connection: psycopg.Connection) -> None:
    """Closes the databases that every cluster has to everybody but superusers: a login reaches no other database than its own."""
    for name in ("postgres", "template1"):
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def ensure_institution(connection: psycopg.Connection, institution_id: str, name: str, *, personal: bool) -> None:
    """Makes the institution unless it is there."""
    with as_owner(connection):
        connection.execute(
            "INSERT INTO lms.institutions (institution_id, name, personal) VALUES (%s, %s, %s) ON CONFLICT (institution_id) DO NOTHING",
            (institution_id, name, personal),
        )


def ensure_person(connection: psycopg.Connection, login: Login) -> None:
    """Makes the person and their login role, or gives those that are there this role and this password.

    A zone that the server does not know is UTC.
    """
    _ensure_role(connection, login.role_name)
    with connection.transaction():
        with as_owner(connection):
            _put_person(connection, login)
            connection.execute("RESET ROLE")
        _put_role(connection, login)


def _put_person(connection: psycopg.Connection, login: Login) -> None:
    connection.execute(
        """
        INSERT INTO lms.users (institution_id, user_id, name, role, timezone)
        VALUES (%s, %s, %s, %s, coalesce((SELECT z.name FROM pg_timezone_names z WHERE z.name = %s), 'UTC'))
        ON CONFLICT (institution_id, user_id) DO UPDATE SET role = excluded.role
        """,
        (login.institution_id, login.user_id, login.name, login.role, login.timezone),
    )
    connection.execute(
        "INSERT INTO lms.login_map (login_role, institution_id, user_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (login.role_name, login.institution_id, login.user_id),
    )


def _put_role(connection: psycopg.Connection, login: Login) -> None:
    role = sql.Identifier(login.role_name)
    for group in GROUPS.values():
        if group != GROUPS[login.role] and _holds(connection, group, login.role_name):
            connection.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(group), role))
    _grant(connection, GROUPS[login.role], login.role_name)
    for setting, value in _SETTINGS.items():
        connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(setting), sql.Literal(value)))
    if is_superuser(connection):
        limit = sql.SQL("ALTER ROLE {} SET temp_file_limit = {}").format(role, sql.Literal(_TEMPORARY_FILES))
        connection.execute(limit)
    change = sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}")
    connection.execute(change.format(role, sql.Literal(_CONNECTIONS), verifier(connection, login.role_name, login.password)))
