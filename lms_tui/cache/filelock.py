"""Locks between processes on a file, which the system lets go of when the process dies."""

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """An exclusive lock on a file of its own. As a context manager it waits for the lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object has the lock."""
        return self._handle is not None

    def take(self, *, wait: bool = False) -> bool:
        """Takes the lock; False where another has it and ``wait`` is not asked for. Raises ``OSError``."""
        if self._handle is not None:
            return True
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, wait=wait)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return False
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def is_free(self) -> bool:
        """Whether nobody has the lock. Raises ``OSError``."""
        probe = FileLock(self.path)
        try:
            return self._handle is None and probe.take()
        finally:
            probe.release()

    def sign(self) -> None:
        """Writes into the file which process has the lock, where there is room for that."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, 0)
                os.write(self._handle, f"{os.getpid()}\n".encode())

    def signed(self) -> int:
        """The process that signed last; 0 where none did."""
        try:
            return int(self.path.read_bytes())
        except (OSError, ValueError):
            return 0

    def release(self) -> None:
        """Gives the lock back; nothing where it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> "FileLock":
        self.take(wait=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()
