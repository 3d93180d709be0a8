"""A school's database on a server of its own, and the people who come to it from one machine."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from psycopg import sql

from lms_tui.db import migrate
from lms_tui.db.embedded.server import Server
from lms_tui.db.target import Target
from tests.db import system
from tests.forked import run_command
from tests.journeys.conftest import CommandLine

DATABASE = "school"


class School(CommandLine):
    """The command line, with a server that an administrator has the superuser of, and can stop and start."""

    def __init__(self, superuser: Target) -> None:
        self.superuser = superuser
        self.dsn = f"host={superuser.host} port={superuser.port} dbname={DATABASE} user={superuser.user}"

    def administers(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """A command of the administrator, who gives the password on standard input."""
        return run_command([*map(str, arguments), "--password-stdin"], given=f"{self.superuser.password}\n")

    def invite(self, name: str, file: Path, *more: str) -> dict[str, Any]:
        """``db init`` for a person of the school."""
        command: list[str | Path] = [
            "db",
            "init",
            self.dsn,
            "--institution",
            "A school",
            "--person",
            name,
            "--invitation",
            file,
            *more,
            "--json",
        ]
        result = self.administers(*command)
        assert result.returncode == 0, result.stdout + result.stderr
        return msgspec.json.decode(result.stdout, type=dict[str, Any])

    def comes(self, name: str, folder: Path, *more: str, profile: str) -> dict[str, Any]:
        """Invites a person and logs them in as a profile."""
        file = folder / f"{profile}.json"
        self.invite(name, file, *more)
        return self.json("login", file, "--profile", profile)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody can connect, as when an administrator looks after the database."""
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        with migrate.connect(self.superuser) as connection:
            connection.execute(allow.format(sql.Identifier(DATABASE), sql.Literal(False)))
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (DATABASE,))
            yield
            connection.execute(allow.format(sql.Identifier(DATABASE), sql.Literal(True)))


@contextmanager
def school(folder: Path, programs: Path | None) -> Iterator[School]:
    """A school on the embedded PostgreSQL, or on the system's, whose programs are in a folder."""
    if programs is not None:
        with system.running(programs) as target:
            yield School(target)
        return
    handle = Server.ensure(folder)
    try:
        yield School(handle.target)
    finally:
        handle.release()
        Server.stop(folder)
