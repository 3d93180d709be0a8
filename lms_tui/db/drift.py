"""Whether a database's tables are those that this version knows."""

from collections.abc import Iterator
from typing import Any

from lms_tui.db.target import Target
from lms_tui.db.trouble import translated


def differences(target: Target) -> list[str]:
    """What a database has otherwise than ``db.tables`` says, a sentence each; none where all is equal.

    Alembic compares tables, columns, their types, nullability and defaults, foreign and unique keys, and indexes; it does not
    see checks, policies, grants or functions. Needs the owner's rights. Raises ``Unavailable``, ``Refused``.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from lms_tui.db.tables import metadata

    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_schemas": True,
        "include_name": _is_ours,
        "version_table_schema": "lms",
    }
    with translated(), create_engine("postgresql+psycopg://", connect_args=target.parameters(), poolclass=NullPool).connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return [sentence for change in found for sentence in _told(change)]


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """The schema ``lms``, without the months of events, which are made as time goes on, and the table of the revision."""
    if kind == "schema":
        return name == "lms"
    return not (kind == "table" and name is not None and (name == "alembic_version" or name.startswith("learning_events_")))


def _told(change: Any) -> Iterator[str]:
    """Alembic's way of saying it: a tuple that begins with a verb, or a list of such for one column. Comments are anybody's."""
    if isinstance(change, list):
        for part in change:
            yield from _told(part)
    elif change[0].endswith("_comment"):
        return
    elif change[0].startswith("modify_"):
        verb, _, table, column, _, there, here = change
        yield f"{table}.{column} differs in {verb.removeprefix('modify_')}: {_shown(there)} there, {_shown(here)} here"
    elif change[0].endswith("_column"):
        verb, _, table, column = change
        yield f"{table}.{column.name} is {_WHERE[verb.partition('_')[0]]}"
    else:
        verb, what = change[0].split("_", 1)
        yield f"{_named(what, change[1])} is {_WHERE[verb]}"


def _named(what: str, item: Any) -> str:
    """A table or an index by its name, a constraint, which may have none here, by its columns."""
    if what in ("table", "index"):
        return f"{what} {item.name}"
    return f"{what} of {item.table.name} ({', '.join(column.name for column in item.columns)})"


def _shown(value: Any) -> str:
    """A type, whether it may be null, or a default, as SQL says it."""
    default = getattr(value, "arg", value)
    return str(getattr(default, "text", default))


_WHERE = {"add": "missing there", "remove": "there, and not known here"}
