"""The process behind an embedded server: starts it, watches it, and stops it when nobody needs it any more.

It is started detached by the first who needs the server (``Server.ensure``), outlives them, and ends about two seconds after the last has
gone. There is at most one, because it holds ``launcher.lock``. Everything it knows it reads from locks and processes, never from
what it did before: so it may be killed at any moment and another goes on from there. It imports the standard library alone.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from lms_tui.db.embedded import cluster, locks, privilege, strays
from lms_tui.db.embedded.layout import Layout
from lms_tui.db.embedded.postgres import Postgres
from lms_tui.model.errors import Unavailable

LINGER_SECONDS = 2.0
_LOOK_SECONDS = 0.25
_PAUSE = 0.01
_STRAY_SECONDS = 60.0
_LOG_LIMIT = 1024 * 1024
_LOG_KEPT = 256 * 1024
_QUICK_DEATH_SECONDS = 10.0
_QUICK_DEATHS = 3


def main() -> None:
    """``launcher PROGRAMS FOLDER``: the folder of the server's programs, and the folder that it is to serve."""
    programs, layout = Path(sys.argv[-2]), Layout(Path(sys.argv[-1]))
    _detach()
    lock = locks.take(layout.launcher, seconds=0.2)  # whoever only looks whether it is taken lets go at once
    if lock is None:
        _report({"state": "busy"})
        return
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())  # for people; nothing reads it
    _keep_errors(layout.log)
    try:
        Launcher(layout, programs, lock).run()
    except Unavailable as error:
        _report({"state": "failed", "message": error.message, "hint": error.hint})
    except OSError as error:
        _report({"state": "failed", "message": f"The embedded database cannot be started: {error}.", "hint": ""})
        raise


class Launcher:
    """Serves one folder until nobody holds it."""

    def __init__(self, layout: Layout, programs: Path, lock: int) -> None:
        self._layout = layout
        self._programs = programs
        self._lock = lock
        self._holders = os.open(layout.holders, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._told_to_stop = False
        self._wake, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # wakes the loop
        signal.signal(signal.SIGTERM, self._hear_stop)

    def run(self) -> None:
        """Starts or adopts the server, says so, and restarts it whenever it dies, until it is no longer needed."""
        quick_deaths = 0
        server = self._begin()
        _report({"state": "ready"})
        while True:
            began = time.monotonic()
            if self._watch(server):
                server.abandon() if self._is_displaced() else server.stop()
                return
            if server.lives():
                server.stop()
            quick_deaths = quick_deaths + 1 if time.monotonic() - began < _QUICK_DEATH_SECONDS else 0
            if quick_deaths >= _QUICK_DEATHS:
                return
            server = self._begin()

    def _begin(self) -> Postgres:
        while not locks.is_taken(self._layout.running) and locks.is_taken(self._layout.stopping):
            time.sleep(_PAUSE)  # who stopped it has still to see that it has stopped
        deadline = time.monotonic() + _STRAY_SECONDS
        while (running := locks.take(self._layout.running)) is None:
            server = Postgres.adopt(self._layout)
            if server is not None:
                return server
            address = self._layout.read_address()
            if address is not None:
                strays.end(address)  # what a killed postmaster left; an initdb without its launcher ends by itself
            if time.monotonic() >= deadline:
                raise Unavailable(
                    "Processes of an earlier start of the embedded database do not end.",
                    "End the processes named postgres that are yours, or start this computer anew.",
                )
            time.sleep(_PAUSE)
        try:
            guest = privilege.guest(self._layout)
            found = cluster.prepare(self._programs, guest, running)
            return Postgres.start(self._layout, guest, self._programs, found, running)
        finally:
            os.close(running)

    def _watch(self, server: Postgres) -> bool:
        """Waits; False: it died or cannot be reached. True: it is to be stopped.

        When that is because nobody holds it, ``holders`` stays locked, so that nobody can begin to before this process ends.
        """
        unheld_since: float | None = None
        while server.lives() and server.is_reachable():
            if self._told_to_stop or locks.is_taken(self._layout.stopping) or self._is_displaced():
                return True
            if not locks.lock(self._holders):
                unheld_since = None
            elif unheld_since is None:
                unheld_since = time.monotonic()
                locks.unlock(self._holders)
            elif time.monotonic() - unheld_since >= LINGER_SECONDS:
                return True
            else:
                locks.unlock(self._holders)
            _trim(self._layout.log)
            self._pause()
        return False

    def _is_displaced(self) -> bool:
        """Whether the folder was taken away, and perhaps another launcher serves a new one at its place."""
        return not locks.is_file_of(self._lock, self._layout.launcher)

    def _pause(self) -> None:
        if select.select([self._wake], [], [], _LOOK_SECONDS)[0]:
            os.read(self._wake, 512)

    def _hear_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True


def _detach() -> None:
    """Leaves the process that started this one: it is then nobody's child, and no terminal's."""
    if os.fork() != 0:
        os._exit(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)


def _report(message: dict[str, str]) -> None:
    """Tells the process that started this one, if it still listens, once: the pipe is closed with it."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.__stdout__.fileno() if sys.__stdout__ else 1, json.dumps(message).encode())
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.close(null)


def _keep_errors(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _trim(log: Path) -> None:
    """Keeps the end of a log that has grown too long. Its writers append, so they go on at the new end."""
    if not log.exists() or log.stat().st_size <= _LOG_LIMIT:
        return
    with log.open("r+b") as file:
        file.seek(-_LOG_KEPT, os.SEEK_END)
        kept = file.read()
        file.seek(0)
        file.truncate()
        file.write(kept)
