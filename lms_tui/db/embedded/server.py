"""What the rest of the app knows of the embedded server: it is there while somebody holds it."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from lms_tui.db.embedded import locks, sockets
from lms_tui.db.embedded.binaries import program_folder
from lms_tui.db.embedded.layout import PORT, SUPERUSER, Address, Layout, password_file
from lms_tui.db.target import Target
from lms_tui.model.errors import Unavailable

_WAIT_SECONDS = 120.0
_PAUSE = 0.01
_LAUNCH = "import sys; sys.path.append(sys.argv[1]); from lms_tui.db.embedded.launcher import main; main()"
_PACKAGES = Path(__file__).resolve().parents[3]
_PASSED_ON = ("XDG_RUNTIME_DIR", "TMPDIR")


class ServerHandle:
    """A running server that stays while this is held. ``target`` is its superuser at the database ``postgres``.

    When the server dies it is started again: call ``Server.ensure`` again, which waits for it, and release both.
    """

    def __init__(self, layout: Layout, target: Target, holding: int) -> None:
        self.target = target
        self._layout = layout
        self._holding: int | None = holding
        self._guard = threading.Lock()

    def release(self) -> None:
        """Lets the server go; it stops about two seconds after the last holder. Calling it again does nothing."""
        with self._guard:
            holding, self._holding = self._holding, None
        if holding is None:
            return
        os.close(holding)
        if locks.is_taken(self._layout.running) and not locks.is_taken(self._layout.launcher):
            with contextlib.suppress(Unavailable, OSError):
                _launch(self._layout).close()  # its launcher was killed: another one has to stop it

    def __enter__(self) -> "ServerHandle":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


class Server:
    """The server of a folder; everything about it is in that folder, so there is nothing to keep here."""

    @staticmethod
    def ensure(folder: Path, *, seconds: float = _WAIT_SECONDS) -> ServerHandle:
        """Holds the server of this folder, made and started where needed; blocks until it takes connections.

        Raises ``Unavailable`` when it cannot be started, or not within ``seconds``.
        """
        layout = _open(folder)
        deadline = time.monotonic() + seconds
        holding = locks.take(layout.holders, shared=True, seconds=seconds)  # waits while a server is being stopped
        if holding is None:
            raise _too_late(seconds)
        try:
            address = _wait_for(layout, deadline, seconds)
            return ServerHandle(layout, _target(address), holding)
        except BaseException:
            os.close(holding)
            raise

    @staticmethod
    def stop(folder: Path, *, seconds: float = _WAIT_SECONDS) -> bool:
        """Stops the server of this folder, even when it is held; False when none ran. Raises ``Unavailable`` after ``seconds``."""
        layout = Layout(folder.absolute())
        if not layout.running.exists() or not locks.is_taken(layout.running):
            return False
        deadline = time.monotonic() + seconds
        stopping = locks.take(layout.stopping, seconds=seconds)
        try:
            while stopping is None or locks.is_taken(layout.running):
                if time.monotonic() >= deadline:
                    raise Unavailable("The embedded database does not stop.", f"What it said is in {layout.log}.")
                if not locks.is_taken(layout.launcher):
                    _launch(layout).wait(deadline)
                time.sleep(_PAUSE)
        finally:
            if stopping is not None:
                os.close(stopping)
        return True


class _Launch:
    """A launcher that was started, and the pipe on which it says one thing."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def wait(self, deadline: float) -> str:
        """``ready``, ``busy`` (another launcher was first), ``lost`` (it was killed), or ``late``. Raises what it failed with."""
        import select

        try:
            said = b""
            while time.monotonic() < deadline:
                if not select.select([self._pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                    break
                part = os.read(self._pipe, 65536)
                if not part:
                    return _heard(said)
                said += part
            return "late"
        finally:
            self.close()

    def close(self) -> None:
        """Listens no more; the launcher goes on."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1


def _heard(said: bytes) -> str:
    if not said:
        return "lost"
    message: Mapping[str, str] = json.loads(said)
    if message["state"] == "failed":
        raise Unavailable(message["message"], message["hint"])
    return message["state"]


def _open(folder: Path) -> Layout:
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise Unavailable(f"The folder {folder} belongs to another user.", "Run lms-tui as that user, or set LMS_TUI_HOME.")
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise Unavailable(
            f"The folder {folder} cannot be used: {error.strerror}.", "Set LMS_TUI_HOME to a folder that you can write."
        ) from error
    return Layout(folder)


def _wait_for(layout: Layout, deadline: float, seconds: float) -> Address:
    """Asks again and again what there is, and starts a launcher whenever there is none."""
    lost = 0
    while time.monotonic() < deadline:
        address = layout.read_address()
        ready = address is not None and sockets.answers(address)
        launched = None if locks.is_taken(layout.launcher) else _launch(layout)
        if ready and address is not None:
            if launched is not None:
                launched.close()  # the server lost its launcher: the new one adopts it
            return address
        if launched is not None and launched.wait(deadline) == "lost":
            lost += 1
            if lost == 5:
                raise Unavailable("The embedded database's launcher ends at once.", f"What it said is in {layout.log}.")
        time.sleep(_PAUSE)
    raise _too_late(seconds)


def _too_late(seconds: float) -> Unavailable:
    return Unavailable(
        f"The embedded database does not answer after {seconds:.0f} seconds.",
        "It may still be recovering, or run on another computer that shares this folder. Try again, or stop it there.",
    )


def _launch(layout: Layout) -> _Launch:
    read, write = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCH, _PACKAGES, program_folder(), layout.folder],
            cwd="/",
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        os.close(read)
        raise
    finally:
        os.close(write)
    process.wait()  # it forks at once and ends
    return _Launch(read)


def _target(address: Address) -> Target:
    file = password_file(Path(address.cluster))
    try:
        password = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"The password of the embedded database cannot be read in {file}.", "Put that file back from a backup."
        ) from error
    return Target(host=address.socket, port=PORT, dbname="postgres", user=SUPERUSER, password=password)
