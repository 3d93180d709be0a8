"""Takes the tables of a cache file to the version of this program."""

import contextlib
import sqlite3
from collections.abc import Callable, Sequence

from lms_tui.cache import words
from lms_tui.cache.schema import APPLICATION_ID, CONTENT, CONTENT_NUMBER, CONTENT_TABLES, PLAIN_TABLES, statements

DROPPED = "dropped:"
"""Begins the names under which it is kept which courses were downloaded when their content was dropped."""


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the precious tables; 0: there are none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, scripts: Sequence[str], before: Callable[[], object]) -> None:
    """Runs the scripts that the file has not seen in one transaction, with the version last.

    ``before`` is called first where there is work to keep: it makes a copy. Raises ``sqlite3.Error``; then nothing changed.
    """
    if version_of(connection) >= len(scripts):
        return
    if version_of(connection) > 0:
        before()
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = version_of(connection)
        for script in scripts[done:]:
            for statement in statements(script):
                connection.execute(statement)
        if done < len(scripts):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(scripts)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def ready_content(connection: sqlite3.Connection) -> None:
    """Makes the content tables, anew where another version of this program made them in another shape."""
    number = connection.execute("SELECT value FROM kept WHERE name = 'content_number'").fetchone()
    have = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    whole = number == (str(CONTENT_NUMBER),) and have.issuperset(PLAIN_TABLES)
    if whole and words.are_ready(connection):
        return
    if not words.can_search(connection):
        words.forget_index(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not whole:
            note_downloads(connection, downloads(connection))
            drop_content(connection)
        make_content(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def downloads(connection: sqlite3.Connection) -> list[str]:
    """The ids of the downloaded courses; none where their list is damaged, or not there yet."""
    with contextlib.suppress(sqlite3.Error):
        return [course_id for (course_id,) in connection.execute("SELECT id FROM course WHERE downloaded = 1").fetchall()]
    return []


def note_downloads(connection: sqlite3.Connection, course_ids: Sequence[str]) -> None:
    """Keeps which courses were downloaded, inside the transaction that drops them."""
    connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, '')", [(DROPPED + course_id,) for course_id in course_ids])


def drop_content(connection: sqlite3.Connection) -> None:
    """Drops the content tables; the index of words first, whose own tables go with it."""
    for table in CONTENT_TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def make_content(connection: sqlite3.Connection) -> None:
    """Makes the content tables inside the transaction that is open, and the index of words where it is not there."""
    for statement in statements(CONTENT):
        connection.execute(statement)
    words.make_index(connection)
    connection.execute("INSERT OR REPLACE INTO kept VALUES ('content_number', ?)", (str(CONTENT_NUMBER),))
