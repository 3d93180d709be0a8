"""Brings a database's schema to a revision. Alembic is imported only when there is something to do."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from lms_tui.db import turn
from lms_tui.db.target import Target
from lms_tui.db.trouble import translated, trouble
from lms_tui.model.errors import UpgradeNeeded

if TYPE_CHECKING:
    from alembic.config import Config

_ONE_AT_A_TIME = 7_311_946_206  # the key of the advisory lock; any number that nobody else uses
_FUNCTION = r"^CREATE (?:OR REPLACE )?(?P<function>FUNCTION lms\.{name}\(.*?(?:\$\$.*?\$\$;|^BEGIN ATOMIC$.*?^END;|^  RETURN .*?;)$)"
_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """Where the revisions are: in the package when it is installed, else at the top of the repository."""
    packaged = _PACKAGE / "_migrations"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "migrations"


def head() -> str:
    """The newest revision, read off the names of the files."""
    return max(path.name[:4] for path in (folder() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(target: Target) -> str | None:
    """The revision that the database has, or None for none. Needs the owner's rights; raises ``Unavailable``, ``Refused``."""
    with translated(), connect(target) as connection:
        if connection.execute("SELECT to_regclass('lms.alembic_version') IS NULL").fetchone() == (True,):
            return None
        row = connection.execute("SELECT version_num FROM lms.alembic_version").fetchone()
        return str(row[0]) if row else None


def upgrade(target: Target, revision: str = "head") -> None:
    """Upgrades to a revision. A revision is one transaction, so that it can be run again after being killed at any point.

    ``target`` is a superuser or a member of ``lms_owner``, who must exist and own the database. Two upgrades at once wait for
    one another, a minute at most. Raises ``Unavailable``, ``Refused``; ``UpgradeNeeded`` where the revision there is not known here.
    """
    from alembic import command

    _run(target, lambda config: command.upgrade(config, revision))


def downgrade(target: Target, revision: str) -> None:
    """Goes back to a revision; ``base`` is before the first, without any data. Raises ``Unavailable``, ``Refused``."""
    from alembic import command

    _run(target, lambda config: command.downgrade(config, revision))


def run_script(name: str) -> None:
    """Runs a file of SQL in the transaction of the revision that is being run."""
    _driver().execute((folder() / "sql" / name).read_bytes())


def run_functions(script: str, *names: str) -> None:
    """Makes functions of ``lms`` again as an earlier revision's script has them: for the way down from one that replaced them."""
    text = (folder() / "sql" / script).read_text("utf-8")
    for name in names:
        _driver().execute(function_of(text, name).encode())


def change_function(script: str, name: str, before: str, after: str) -> None:
    """Makes a function of ``lms`` again as an earlier revision's script has it, with one passage changed.

    Raises ``KeyError`` where the script has no such function, ``ValueError`` where the passage is not in it exactly once.
    """
    statement = function_of((folder() / "sql" / script).read_text("utf-8"), name)
    if statement.count(before) != 1:
        raise ValueError(f"{name} in {script} does not say this once: {before}")
    _driver().execute(statement.replace(before, after).encode())


def function_of(script: str, name: str) -> str:
    """The statement of a script that creates ``lms.NAME``, as one that replaces it. Raises ``KeyError``."""
    found = re.search(_FUNCTION.format(name=re.escape(name)), script, re.DOTALL | re.MULTILINE)
    if found is None:
        raise KeyError(name)
    return "CREATE OR REPLACE " + found["function"]


def _driver() -> psycopg.Connection:
    from alembic import op

    driver = op.get_bind().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def connect(target: Target, dbname: str | None = None) -> psycopg.Connection:
    """An autocommit connection for work on the database itself."""
    parameters = target.parameters() | ({"dbname": dbname} if dbname else {})
    return psycopg.connect("", **parameters, autocommit=True, connect_timeout=5, application_name="lms-tui db")  # type: ignore[arg-type]


@contextmanager
def _revealed() -> Iterator[None]:
    """As ``translated``, with the cause kept: what fails in a revision holds nobody's data and has to be found."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise trouble(error.orig) from error
    except psycopg.Error as error:
        raise trouble(error) from error
    except CommandError as error:
        raise UpgradeNeeded("The database's schema is newer than this version knows; nothing was changed.", "Update lms-tui.") from error


def _run(target: Target, work: "Callable[[Config], None]") -> None:
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    with _revealed(), create_engine("postgresql+psycopg://", connect_args=target.parameters(), poolclass=NullPool).connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        turn.take(driver, _ONE_AT_A_TIME)
        connection.exec_driver_sql("SET lock_timeout = '5s'")
        connection.exec_driver_sql("SET search_path = pg_catalog")
        connection.exec_driver_sql("SET ROLE lms_owner")
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS lms")
        connection.commit()
        config.attributes["connection"] = connection
        work(config)
