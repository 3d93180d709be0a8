"""One at a time: work on a database as a whole, which two must not do at once."""

import psycopg

from lms_tui.model.errors import Unavailable

PATIENCE = "1min"

_HOLDER = """
  SELECT l.pid, coalesce(a.usename, '?') FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32) + l.objid::bigint = %s
  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
"""


def take(connection: psycopg.Connection, key: int) -> None:
    """Waits for the turn of that key, which lasts until the connection closes.

    Raises ``Unavailable`` after a minute, and says who has it: that may be somebody who only means to hold others up.
    """
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('lock_timeout', %s, true), pg_advisory_lock(%s)", (PATIENCE, key))
    except psycopg.errors.LockNotAvailable:
        raise _taken(connection.execute(_HOLDER, (key,)).fetchone()) from None


def _taken(holder: tuple[int, str] | None) -> Unavailable:
    if holder is None:  # it has just been given back
        return Unavailable("Somebody else was at work on this database.", "It may be tried again.")
    pid, role = holder
    return Unavailable(
        f"Somebody else is at work on this database and does not end: process {pid} of the server, logged in as {role}.",
        f"Wait for it, or let an administrator end it: SELECT pg_terminate_backend({pid})",
    )
