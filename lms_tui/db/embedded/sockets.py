"""The folder of the server's socket, and asking a socket whether its server takes connections.

The path of a socket may have 103 bytes at most, so the folder is not in the data folder but in a short one that is made here.
"""

import contextlib
import os
import socket
import stat
import struct
import tempfile
from pathlib import Path

from lms_tui.db.embedded.layout import PORT, SUPERUSER, Address
from lms_tui.db.embedded.privilege import Guest
from lms_tui.model.errors import Unavailable

SOCKET_NAME = f".s.PGSQL.{PORT}"
_LONGEST = 103  # sun_path of macOS without its final zero; Linux has four more
_PROTOCOL = 3 << 16  # PostgreSQL documentation, "Message Formats", StartupMessage
_AUTHENTICATION = b"R"


def is_safe(folder: Path, owner: int) -> bool:
    """Whether it is a real folder, of this owner, that nobody else may enter."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


def make(guest: Guest, wanted: str | None) -> Path:
    """The wanted folder where it is safe or can be made, else a new one with a random name. Raises ``Unavailable``."""
    bases = [base for base in _bases(guest) if _is_trusted(base, guest)]
    if wanted is not None and Path(wanted).parent in bases:
        with contextlib.suppress(OSError):
            return _made(Path(wanted), guest)
        if is_safe(Path(wanted), guest.uid):
            clear(Path(wanted))
            return Path(wanted)
    for base in bases:
        with contextlib.suppress(OSError):
            return _made(base / f"lms-{os.urandom(6).hex()}", guest)
    raise Unavailable(
        "There is no folder in which the embedded database could open its socket.",
        "Set TMPDIR to a folder with a short name that only you can write.",
    )


def is_of(folder: Path, pid: int) -> bool:
    """Whether what is in the folder, if anything, was left by the postmaster with this process id."""
    try:
        return (folder / f"{SOCKET_NAME}.lock").read_bytes().partition(b"\n")[0] == str(pid).encode()
    except FileNotFoundError:
        return True


def clear(folder: Path) -> None:
    """Removes the socket and its lock file, which a killed server leaves."""
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)


def _made(folder: Path, guest: Guest) -> Path:
    folder.mkdir(mode=0o700)
    guest.give(folder)
    return folder


def _bases(guest: Guest) -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    own = [runtime] if runtime and guest.is_self else []
    names = [*own, tempfile.gettempdir(), "/tmp"]
    room = _LONGEST - len(f"/lms-{'x' * 12}/{SOCKET_NAME}")
    return [Path(name) for name in names if name.startswith("/") and len(os.fsencode(name)) <= room and "," not in name]


def _is_trusted(base: Path, guest: Guest) -> bool:
    """Whether nobody else can take away or replace what is made there: our own private folder, or root's with the sticky bit."""
    try:
        found = base.stat()
    except OSError:
        return False
    if found.st_mode & 0o022:
        return found.st_uid in (0, os.geteuid()) and bool(found.st_mode & stat.S_ISVTX)
    return found.st_uid == os.geteuid() and (guest.is_self or bool(found.st_mode & 0o001))


def answers(address: Address) -> bool:
    """Whether the server at this address takes connections now; asked as any client asks, up to the demand for a password."""
    folder = Path(address.socket)
    if os.geteuid() not in (0, address.owner) or not is_safe(folder, address.owner):
        return False
    body = struct.pack("!i", _PROTOCOL) + f"user\0{SUPERUSER}\0database\0postgres\0\0".encode()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(5)
            link.connect(str(folder / SOCKET_NAME))
            link.sendall(struct.pack("!i", len(body) + 4) + body)
            return link.recv(1024)[:1] == _AUTHENTICATION  # read whole, or the server logs a broken connection
    except OSError:
        return False
