"""How the columns and keys of ``db.tables`` are written: a word for each kind of column, so that a table reads as a list."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKeyConstraint, Integer, MetaData, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID
from sqlalchemy.schema import SchemaItem

SCHEMA = "lms"
metadata = MetaData(schema=SCHEMA)


def table(name: str, *items: SchemaItem, key: str) -> Table:
    """A table; ``key`` has the names of its primary key, parted by blanks."""
    return Table(name, metadata, *items, PrimaryKeyConstraint(*key.split()))


def needed(name: str, kind: Any, default: Any = None) -> Column[Any]:
    """A column that is never null. A default in quotes is a value, ``text(...)`` an expression."""
    return Column(name, kind, nullable=False, server_default=default)


def maybe(name: str, kind: Any) -> Column[Any]:
    """A column that may be null."""
    return Column(name, kind, nullable=True)


def ids(*names: str) -> list[SchemaItem]:
    """UUIDs, none of them null."""
    return [needed(name, UUID) for name in names]


def words(name: str, default: str | None = None) -> Column[Any]:
    """A text."""
    return needed(name, Text, default)


def number(name: str, default: int | None = None, kind: Any = Integer) -> Column[Any]:
    """A whole number."""
    return needed(name, kind, None if default is None else text(str(default)))


def version() -> Column[Any]:
    """The person's version at the row's last change."""
    return number("version", kind=BigInteger)


def flag(name: str, default: bool | None = None) -> Column[Any]:
    """True or false."""
    return needed(name, Boolean, None if default is None else text(str(default).lower()))


def document(name: str, default: str | None = None) -> Column[Any]:
    """JSON."""
    return needed(name, JSONB, default)


def moment(name: str, default: Any = None) -> Column[Any]:
    """A time with its zone."""
    return needed(name, TIMESTAMP(timezone=True), default)


def maybe_moment(name: str) -> Column[Any]:
    """A time with its zone, or null."""
    return maybe(name, TIMESTAMP(timezone=True))


def refers(other: str, *columns: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A reference to the columns of the same names in another table."""
    return ForeignKeyConstraint(columns, [f"{SCHEMA}.{other}.{column}" for column in columns], ondelete=ondelete)


def owner() -> ForeignKeyConstraint:
    """A reference to the person whose row it is; it goes with them."""
    return refers("users", "institution_id", "user_id", ondelete="CASCADE")
