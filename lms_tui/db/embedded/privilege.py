"""Who the server's processes run as: PostgreSQL refuses to run as root, and initdb needs a user id that has a name.

An ordinary user runs it directly. Root, or a user id without a name, runs it in a user namespace in which the same id has another
number: files stay its own. Where root may not make namespaces (many containers), it runs as ``nobody`` in a folder of its own.
"""

import contextlib
import hashlib
import os
import pwd
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

from lms_tui.db.embedded.layout import Layout
from lms_tui.model.errors import Unavailable

_CLONE_NEWUSER = 0x10000000
_OVERFLOW_ID = 65534  # what the kernel shows for ids that are not mapped, so no good to be mapped to
_SHARED_FOLDERS = (Path("/var/lib/lms-tui"), Path("/var/tmp/lms-tui"))
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Guest(NamedTuple):
    """``uid`` and ``gid`` own the server's files, ``home`` holds its cluster. ``inner`` is the id inside a namespace, if any."""

    uid: int
    gid: int
    home: Path
    inner: int | None = None

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()

    def give(self, path: Path) -> None:
        """Makes a file or folder of ours the guest's."""
        if not self.is_self:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def start(self, command: list[str | Path], *, folder: Path, output: int, keep: tuple[int, ...]) -> "subprocess.Popen[bytes]":
        """Starts a program as the guest, with nothing inherited but the descriptors in ``keep``. Raises ``Unavailable``."""
        other = not self.is_self
        try:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
                start_new_session=True,
                umask=0o077,
                user=self.uid if other else None,
                group=self.gid if other else None,
                extra_groups=[] if other else None,
                preexec_fn=None if self.inner is None else partial(_enter_namespace, self.inner),  # noqa: PLW1509 -- the launcher has one thread
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(
                f"The embedded database cannot be started as user id {self.uid}: {error}.",
                "Install lms-tui where every user may read it, or run it as an ordinary user.",
            ) from error


def guest(layout: Layout) -> Guest:
    """Chooses who runs the server of this folder; a choice that made a cluster is kept. Raises ``Unavailable``."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return Guest(uid, gid, layout.folder)
    apart = _folder_apart(layout.folder) if uid == 0 else None
    if apart is not None and apart.is_dir():
        return _nobody(apart)
    inner = next((entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid not in (0, _OVERFLOW_ID)), _OVERFLOW_ID)
    if _namespace_works(inner):
        return Guest(uid, gid, layout.folder, inner)
    if apart is None:
        raise Unavailable(
            f"The embedded database cannot run: user id {uid} has no name on this system.",
            "Add the user to /etc/passwd, or run lms-tui as a user that is there.",
        )
    if any(layout.folder.glob("cluster-*")):
        raise Unavailable(
            "The embedded database belongs to root, and root may not make user namespaces here, so it cannot be opened.",
            "Run lms-tui as an ordinary user, or allow user namespaces.",
        )
    return _nobody(_make_apart(apart))


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _nobody(home: Path) -> Guest:
    entry = pwd.getpwnam("nobody")
    return Guest(entry.pw_uid, entry.pw_gid, home)


def _folder_apart(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    places = [base / name for base in _SHARED_FOLDERS]
    return next((place for place in places if place.is_dir() and _is_roots(place.parent)), places[0])


def _make_apart(wanted: Path) -> Path:
    """Makes the folder in the first place that root can write and nobody else could have prepared."""
    for base in _SHARED_FOLDERS:
        try:
            _make_passable(base)
            if _is_roots(base):
                _make_passable(base / wanted.name)
                return base / wanted.name
        except OSError:
            continue
    raise Unavailable(
        "The embedded database cannot run as root here: user namespaces are not allowed and no folder can be made for it.",
        "Run lms-tui as an ordinary user.",
    )


def _make_passable(folder: Path) -> None:
    """Makes a folder that others may pass through and not read."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o711)  # whatever the umask


def _is_roots(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == 0 and not found.st_mode & 0o022


def _enter_namespace(inner: int) -> None:
    """Makes this process ``inner`` in a user namespace of its own (user_namespaces(7): a map of one line, groups denied first)."""
    import ctypes  # only where it is needed: some builds of Python lack it

    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    for name, line in (("setgroups", "deny"), ("uid_map", f"{inner} {uid} 1"), ("gid_map", f"{inner} {gid} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, line.encode())
        os.close(descriptor)


def _namespace_works(inner: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _enter_namespace(inner)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
