"""Whose time it is that goes by: of all the windows in which a person has a profile open on a machine, one counts at a time."""

from pathlib import Path

from lms_tui.cache.filelock import FileLock


class StudyTime:
    """Held by the window that is studied in, until it is idle, left or closed. The system takes it back from one that dies."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "timer.lock")
        self._owner: object | None = None

    def take(self, owner: object) -> bool:
        """Whether time may be counted for ``owner``, a part of this window; False where another window counts it."""
        try:
            ours = self._lock.take()
        except OSError:  # where nothing can be locked, nobody else can have locked it
            ours = True
        if ours:
            self._owner = owner
        return ours

    def let_go(self, owner: object) -> None:
        """``owner`` counts no more; nothing where another part of this window counts meanwhile."""
        if self._owner is owner:
            self._owner = None
            self._lock.release()
