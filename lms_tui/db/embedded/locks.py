"""File locks that end with their process, however it ends.

A lock belongs to the open file, not to a process: a child that inherits the descriptor keeps it. Descriptors are not inherited
unless they are passed on by name, which is done for one lock on purpose (``Layout.running``). Lock files are never removed.
"""

import fcntl
import os
import time
from pathlib import Path

_PAUSE = 0.01


def take(path: Path, *, shared: bool = False, seconds: float = 0.0) -> int | None:
    """Locks the file, made where missing, and returns its descriptor; None when others still hold it after ``seconds``."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if lock(descriptor, shared=shared, seconds=seconds):
        return descriptor
    os.close(descriptor)
    return None


def lock(descriptor: int, *, shared: bool = False, seconds: float = 0.0) -> bool:
    """Locks an open file; False when others still hold it after ``seconds``."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def unlock(descriptor: int) -> None:
    """Gives the lock up and keeps the file open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_taken(path: Path) -> bool:
    """Whether somebody holds the file's exclusive lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def is_file_of(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one at this path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False
