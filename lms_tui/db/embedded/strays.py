"""Finds and ends processes of a server that has lost its head."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from lms_tui.db.embedded.layout import data_folder


_PROC = Path("/proc")  # macOS has none; its lsof tells the same


def postmaster(cluster: Path) -> int | None:
    """The process id of the living postmaster of this cluster; None where its file is missing, damaged, stale, or of another process."""
    try:
        pid = int((data_folder(cluster) / "postmaster.pid").read_bytes().partition(b"\n")[0])
    except (OSError, ValueError):
        return None
    return pid if pid in processes(cluster) else None


def end(home: Path) -> None:
    """Kills every process that works in this folder. What was committed is safe: the next start recovers it from the log."""
    for pid in processes(home):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def processes(folder: Path) -> list[int]:
    """The processes of a server in this folder: those that have it, or a folder in it, as their working folder."""
    if _PROC.is_dir():
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit() and _works_in(entry, folder)]
    listing = subprocess.run(["/usr/sbin/lsof", "-a", "-d", "cwd", "-u", str(os.geteuid()), "-F", "pn"], capture_output=True, check=False)
    return _from_lsof(os.fsdecode(listing.stdout), folder)


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        return (entry / "cwd").readlink().is_relative_to(folder.resolve())
    except OSError:
        return False


def _from_lsof(text: str, folder: Path) -> list[int]:
    """Reads ``lsof -F pn``: a line ``p<pid>`` and, for its working folder, a line ``n<path>``."""
    found, pid = [], 0
    for line in text.splitlines():
        if line.startswith("p"):
            pid = int(line[1:])
        elif line.startswith("n") and Path(line[1:]).is_relative_to(folder.resolve()):
            found.append(pid)
    return found
