"""A person's own password, set by themself."""

from psycopg import Connection, sql

from lms_tui.db import migrate
from lms_tui.db.target import Target
from lms_tui.db.trouble import translated


def change(target: Target, password: str) -> None:
    """Sets the password of the role that ``target`` logs in as; only its verifier is sent. Raises ``Refused``, ``Unavailable``."""
    with translated(), migrate.connect(target) as connection:
        connection.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(verifier(connection, target.user, password)))


def verifier(connection: Connection, role: str, password: str) -> sql.Literal:
    """The SCRAM verifier of a password, which does not give the password away to the server's logs."""
    return sql.Literal(connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode())
