"""Which one of the processes that have a cache file open syncs it, and how the others ask that one to do it now."""

import contextlib
from pathlib import Path

from lms_tui.cache.filelock import FileLock

LEADERS = "sync.lock"


class Leader:
    """The place of the one that syncs. The system frees it when its holder dies."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LEADERS)
        self._request = folder / "sync.ask"
        self._heard = 0

    @property
    def held(self) -> bool:
        """Whether this process is the one that syncs."""
        return self._lock.held

    def take(self) -> bool:
        """Becomes the one that syncs; False where another is. Raises ``OSError``."""
        if self._lock.held:
            return True
        if not self._lock.take():
            return False
        self._lock.sign()
        self._heard = self._asked_at()
        return True

    def release(self) -> None:
        """Leaves the place to others."""
        self._lock.release()

    def another(self) -> int | None:
        """The id of the process that syncs, where that is another one, 0 where it did not say; None where there is none."""
        if self._lock.held:
            return None
        try:
            return None if self._lock.is_free() else self._lock.signed()
        except OSError:  # nothing can be written here, so nobody syncs
            return None

    def ask(self) -> None:
        """Asks the process that syncs to do it now. It is a help and not a record: that one looks by itself every few seconds."""
        with contextlib.suppress(OSError):
            self._request.touch(0o600)

    def asked(self) -> bool:
        """Whether another process has asked this one, which syncs, since it was last looked."""
        if not self._lock.held:
            return False
        before, self._heard = self._heard, self._asked_at()
        return self._heard != before

    def _asked_at(self) -> int:
        try:
            return self._request.stat().st_mtime_ns
        except OSError:
            return 0
