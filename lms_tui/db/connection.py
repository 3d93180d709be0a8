"""Connections of the app to a database: at most two, each statement one round trip."""

import time

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import greenlet_spawn

from lms_tui.db.statements import Statement
from lms_tui.db.target import Target
from lms_tui.db.trouble import translated
from lms_tui.model.errors import NotFound

__all__ = ["Database", "Target"]

IDLE_SECONDS = 60

# Keeps a dead network from looking like a slow server. The time-outs of statements are the role's own, set at its creation:
# a setting of the session would be lost, or leak to others, behind a pooler.
_CONNECT = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    "application_name": "lms-tui",
}


class Database:
    """A person's database. Nothing is connected before the first statement.

    SQLAlchemy's defaults send five round trips for a query and drop prepared statements; autocommit without a reset sends one.
    """

    def __init__(self, target: Target, *, prepare: bool = True) -> None:
        """``prepare=False`` is for a role behind an old pooler, which loses prepared statements."""
        self.target = target
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://",
            isolation_level="AUTOCOMMIT",
            poolclass=AsyncAdaptedQueuePool,
            pool_size=2,
            max_overflow=0,
            pool_timeout=10,
            pool_reset_on_return=None,
            use_native_hstore=False,
            connect_args=target.parameters() | _CONNECT | ({} if prepare else {"prepare_threshold": None}),
        )
        self._used_at = time.monotonic()

    async def json(self, statement: Statement, **params: object) -> bytes:
        """The JSON of a statement with one row of one text column.

        Raises ``NotFound`` for no row or NULL, ``Unavailable``, ``Refused``, ``BadInput``, ``TooLarge``.
        """
        self._used_at = time.monotonic()
        with translated():
            found = await greenlet_spawn(self._ask, statement.driver_sql, params)
        if found is None:
            raise NotFound("The database has nothing there for you.")
        return str(found).encode()

    def _ask(self, sql: str, params: dict[str, object]) -> object:
        """In one greenlet, on the pool's connection itself: the asynchronous one would take a greenlet for each of its steps, and a
        statement of SQLAlchemy's as long again. Both are more than our budget beside bare psycopg has room for.
        """
        connection = self._engine.sync_engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(sql, params)
            row = cursor.fetchone()
            cursor.close()
        except psycopg.Error as error:
            driver = connection.driver_connection
            if driver is None or driver.closed:  # it is lost, and so are those that were idle meanwhile
                self._engine.sync_engine.pool._invalidate(connection, error)
            else:
                connection.close()
            raise
        except BaseException:  # it was left in the middle of an answer
            connection.invalidate()
            raise
        connection.close()
        return row[0] if row else None

    async def rest(self) -> None:
        """Closes the connections when none was used for a minute; the next statement connects again."""
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            await self._engine.dispose()

    async def close(self) -> None:
        """Closes the connections."""
        await self._engine.dispose()
