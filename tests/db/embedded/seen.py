"""Looking at an embedded server from outside, and holding one in another process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psycopg

from lms_tui.db.embedded import locks, strays
from lms_tui.db.embedded.layout import Layout
from lms_tui.db.target import Target

ROOT = Path(__file__).resolve().parents[3]
_HOLD = """
import sys
from pathlib import Path
from lms_tui.db.embedded.server import Server
handle = Server.ensure(Path(sys.argv[1]))
print(handle.target.host, flush=True)
sys.stdin.read()
handle.release()
"""


class Seen(NamedTuple):
    """A server's folder as anybody sees it from outside."""

    folder: Path

    @property
    def layout(self) -> Layout:
        return Layout(self.folder)

    @property
    def data(self) -> Path:
        address = self.layout.read_address()
        assert address is not None
        return Path(address.cluster) / "data"

    def launcher(self) -> int:
        """Raises ``ValueError`` when there is none."""
        if not self.is_supervised():
            raise ValueError("no launcher")
        return int(self.layout.launcher.read_text())

    def postmaster(self) -> int:
        """Raises ``ValueError`` when there is none."""
        address = self.layout.read_address()
        found = None if address is None else strays.postmaster(address)
        if found is None:
            raise ValueError("no postmaster")
        return found

    def runs(self) -> bool:
        return locks.is_taken(self.layout.running)

    def is_supervised(self) -> bool:
        return locks.is_taken(self.layout.launcher)


def until(true: Callable[[], object], what: str) -> None:
    """Waits for a fact that can be observed, at most half a minute."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.005)


def ask(target: Target, statement: str) -> object:
    """The one value of a statement's one row, asked on a connection of its own."""
    with connect(target) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def connect(target: Target) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=target.host, port=target.port, dbname=target.dbname, user=target.user, password=target.password, autocommit=True
    )


def hold(folder: Path) -> "subprocess.Popen[bytes]":
    """A process that holds a server until its input is closed; it prints the folder of the socket when it has it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", _HOLD, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def first_line(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()
