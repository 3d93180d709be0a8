"""The index of words over passages: made by FTS5, kept in step by whoever puts a course or takes one out.

Some SQLites are built without FTS5. There nothing but search is missing: the passages are kept, and the index, if the file has one,
is forgotten, so that a program with FTS5 makes it anew. Where the index is there, it is in step.
"""

import sqlite3
from collections.abc import Iterable
from typing import Literal, NamedTuple

from lms_tui.cache.schema import WORD_TABLES, WORDS

Kind = Literal["course", "section"]


class Passage(NamedTuple):
    """What is searched of a course or a section: its title, where it stands, and the words that a reader sees."""

    item_id: str
    title: str
    path: str
    body: str


def can_search(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite has FTS5."""
    return connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None


def has_index(connection: sqlite3.Connection) -> bool:
    """Whether this file has the index."""
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", WORD_TABLES[:1]).fetchone() is not None


def are_ready(connection: sqlite3.Connection) -> bool:
    """Whether the index is there exactly where it can be kept."""
    return can_search(connection) == has_index(connection)


def make_index(connection: sqlite3.Connection) -> None:
    """Makes the index of the passages that are there, where it can be made and is not there."""
    if not are_ready(connection) and can_search(connection):
        connection.execute(WORDS)
        rebuild(connection)


def rebuild(connection: sqlite3.Connection) -> None:
    """Makes the index anew from the passages: for one that is new, or damaged."""
    connection.execute("INSERT INTO words(words) VALUES ('rebuild')")


def forget_index(connection: sqlite3.Connection) -> None:
    """Forgets an index that this SQLite cannot open, outside any transaction; what FTS5 kept for it are plain tables then."""
    if not has_index(connection):
        return
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute("DELETE FROM sqlite_schema WHERE name = ?", WORD_TABLES[:1])
        connection.execute("PRAGMA writable_schema = RESET")
        for table in WORD_TABLES[1:]:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
    finally:
        connection.execute("PRAGMA writable_schema = OFF")


def put(connection: sqlite3.Connection, course_id: str, kind: Kind, passages: Iterable[Passage]) -> None:
    """A course's passages of a kind are these, in place of those from before."""
    new = list(passages)
    old = connection.execute(
        "SELECT item_id, title, path, body FROM passage WHERE course_id = ? AND kind = ? ORDER BY id", (course_id, kind)
    ).fetchall()
    if old == new:
        return
    take_out(connection, course_id, kind)
    for passage in new:
        rowid = connection.execute(
            "INSERT INTO passage(item_id, course_id, kind, title, path, body) VALUES (?, ?, ?, ?, ?, ?)",
            (passage.item_id, course_id, kind, *passage[1:]),
        ).lastrowid
        if has_index(connection):
            connection.execute("INSERT INTO words(rowid, title, path, body) VALUES (?, ?, ?, ?)", (rowid, *passage[1:]))


def take_out(connection: sqlite3.Connection, course_id: str, kind: Kind | None = None) -> None:
    """Takes a course's passages out, of one kind or all."""
    of_it = "course_id = :course AND (:kind IS NULL OR kind = :kind)"
    wanted = {"course": course_id, "kind": kind}
    if has_index(connection):
        try:
            connection.execute(
                f"INSERT INTO words(words, rowid, title, path, body) SELECT 'delete', id, title, path, body FROM passage WHERE {of_it}",
                wanted,
            )
        except sqlite3.IntegrityError as error:  # what FTS5 says of an index that is not what it should be
            damaged = sqlite3.DatabaseError("the index of words is damaged")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from error
    connection.execute(f"DELETE FROM passage WHERE {of_it}", wanted)
