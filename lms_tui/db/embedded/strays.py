"""Finds the processes of a server by their command lines, which are readable also where the processes belong to another id.

A postmaster is known by its program and data folder, its children by the cluster's name that PostgreSQL puts into their titles.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lms_tui.db.embedded.layout import Address, data_folder

_PROC = Path("/proc")  # macOS has none; its ps tells the same


def cluster_name(cluster: str) -> str:
    """The name of the server of this cluster; no other cluster on this machine has it."""
    return f"lms-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]}"


def postmaster(address: Address) -> int | None:
    """The process id of the living postmaster; None where its file is missing, damaged, stale, or tells a process that is another."""
    data = data_folder(Path(address.cluster))
    try:
        pid = int((data / "postmaster.pid").read_bytes().partition(b"\n")[0])
    except (OSError, ValueError):
        return None
    if pid <= 1 or f"/postgres -D {data} -c " not in _command(pid, address.owner):
        return None
    return pid


def end(address: Address) -> None:
    """Kills every process of this server. What was committed is safe: the next start recovers it from the log."""
    head = f"/postgres -D {data_folder(Path(address.cluster))} -c "
    title = f"postgres: {cluster_name(address.cluster)}: "
    for pid in _all():
        command = _command(pid, address.owner)
        if head in command or command.startswith(title):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _all() -> Iterator[int]:
    if _PROC.is_dir():
        return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return (int(line) for line in _ps("-axo", "pid=").splitlines())


def _command(pid: int, owner: int) -> str:
    """The command line of a process of this user id; empty for a process of another, or none."""
    if not _PROC.is_dir():
        uid, _, command = _ps("-ww", "-o", "uid=,command=", "-p", str(pid)).strip().partition(" ")
        return command.strip() if uid == str(owner) else ""
    try:
        if (_PROC / str(pid)).stat().st_uid != owner:
            return ""
        return os.fsdecode((_PROC / str(pid) / "cmdline").read_bytes()).replace("\0", " ")
    except OSError:
        return ""


def _ps(*options: str) -> str:
    return os.fsdecode(subprocess.run(["/bin/ps", *options], capture_output=True, check=False).stdout)
