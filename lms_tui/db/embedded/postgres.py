"""One running server, started here or found running: whether it lives, and how it is stopped."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from lms_tui.db.embedded import locks, sockets, strays
from lms_tui.db.embedded.layout import PORT, Address, Layout, data_folder
from lms_tui.db.embedded.privilege import Guest
from lms_tui.model.errors import Unavailable

_START_SECONDS = 300  # a recovery after a crash may take long; waiting clients give up before
_SOCKET_SECONDS = 10  # the socket is made before any recovery
_STOP_SECONDS = 30
_PAUSE = 0.01
_LOG_TAIL = 16 * 1024

# Small, because it is one person's: 24 MiB of buffers, no helpers, at most 128 MiB of log to recover from. What is logged holds no
# statement, no value of a row and no error of a client: those go to the client alone.
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "24MB",
    "max_connections": "40",
    "max_worker_processes": "2",
    "max_parallel_workers": "2",
    "autovacuum_max_workers": "1",
    "autovacuum_worker_slots": "1",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "io_method": "sync",
    "huge_pages": "off",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
}


class Postgres:
    """A server whose processes hold the ``running`` lock; ``child`` is its postmaster where this process started it."""

    def __init__(self, layout: Layout, address: Address, child: "subprocess.Popen[bytes] | None" = None) -> None:
        self._layout = layout
        self._address = address
        self._child = child

    @classmethod
    def start(cls, layout: Layout, guest: Guest, programs: Path, cluster: Path, running: int) -> "Postgres":
        """Starts the server and returns when it takes connections. The caller holds ``running`` and closes it afterwards.

        No process of this cluster lives, or ``running`` would not be ours: so a postmaster's file is stale, whatever it says.
        """
        for name in ("postmaster.pid", "postmaster.opts"):
            (data_folder(cluster) / name).unlink(missing_ok=True)
        known = layout.read_address()
        address = Address(str(sockets.make(guest, known.socket if known else None)), guest.uid, str(cluster))
        layout.write_address(address)
        settings = _SETTINGS | {
            "cluster_name": strays.cluster_name(address.cluster),
            "unix_socket_directories": '"' + address.socket.replace('"', '""') + '"',
        }
        command: list[str | Path] = [programs / "postgres", "-D", data_folder(cluster)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with layout.log.open("ab") as log:
            begin = log.tell()
            child = guest.start(command, folder=cluster, output=log.fileno(), keep=(running,))
        server = cls(layout, address, child)
        if not server._comes_up():
            server.abandon()
            raise _failed(layout.log, begin)
        return server

    @classmethod
    def adopt(cls, layout: Layout) -> "Postgres | None":
        """The server that a launcher before this one left running; None where it is gone, or nothing but strays was left."""
        address = layout.read_address()
        if address is None or strays.postmaster(address) is None:
            return None
        server = cls(layout, address)
        if server._comes_up():
            return server
        if server.lives():
            server.stop()
        return None

    def lives(self) -> bool:
        """Whether its postmaster lives."""
        if self._child is not None:
            return self._child.poll() is None
        return strays.postmaster(self._address) is not None

    def is_reachable(self) -> bool:
        """Whether its socket is still there; cleaners of temporary folders take such things away."""
        return (Path(self._address.socket) / sockets.SOCKET_NAME).exists()

    def abandon(self) -> None:
        """Ends a server whose files have been taken away, and touches nothing that may have come into their place."""
        if self._child is None:
            return  # it looks for its files itself, and ends within a minute
        self._child.kill()
        self._child.wait()
        if sockets.is_of(Path(self._address.socket), self._child.pid):
            self._clear_socket()

    def stop(self) -> None:
        """Stops it so that the next start needs no recovery, harder after half a minute; removes the folder of its socket."""
        for kind in (signal.SIGINT, signal.SIGQUIT):  # fast, immediate: PostgreSQL documentation, "Shutting Down the Server"
            self._signal(kind)
            if self._ends_within(_STOP_SECONDS):
                break
        else:
            strays.end(self._address)
        self._clear_socket()

    def _clear_socket(self) -> None:
        folder = Path(self._address.socket)
        with contextlib.suppress(OSError):
            sockets.clear(folder)
            folder.rmdir()

    def _signal(self, kind: signal.Signals) -> None:
        pid = self._child.pid if self._child is not None else strays.postmaster(self._address)
        if pid is not None and self.lives():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)

    def _comes_up(self) -> bool:
        began = time.monotonic()
        while self.lives():
            if sockets.answers(self._address):
                return True
            if time.monotonic() - began > (_START_SECONDS if self.is_reachable() else _SOCKET_SECONDS):
                return False
            time.sleep(_PAUSE)
        return False

    def _ends_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.lives() or locks.is_taken(self._layout.running):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        return True


def _failed(log: Path, begin: int) -> Unavailable:
    with log.open("rb") as file:
        file.seek(max(begin, file.seek(0, os.SEEK_END) - _LOG_TAIL))
        said = file.read().decode(errors="replace")
    reasons = re.findall(r"(?:FATAL:|PANIC:|^postgres:)\s+(.*)", said, re.MULTILINE)
    return Unavailable(
        f"The embedded database did not start: {reasons[-1] if reasons else 'it ended without a word'}.",
        f"What it said is in {log}.",
    )
