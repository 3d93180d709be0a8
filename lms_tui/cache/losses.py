"""What to do next where the cache file is lost or damaged: only what is true of this folder, so copies are looked at first."""

import sqlite3
from contextlib import closing
from pathlib import Path

from lms_tui.cache.backup import copies, is_ours

NAME = "cache.db"
SIDECAR = "cache.made"


def newest_copy(folder: Path) -> Path | None:
    """The newest copy that can be opened and has this program's tables; None where there is none."""
    for copy in reversed(copies(folder)):
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True)) as connection:
                if is_ours(connection):
                    return copy
        except (sqlite3.Error, OSError):
            continue
    return None


def what_next(path: Path) -> str:
    """Which file to move where, for people."""
    copy = newest_copy(path.parent)
    in_the_way = [str(one) for one in (path, *logs_of(path)) if one.exists()]
    away = f"move {_listed(in_the_way)} away" if in_the_way else ""
    afresh = f"to start afresh, {_joined(away, f'delete {path.with_name(SIDECAR)}')}: what the database has comes back."
    if copy is not None:
        return f"Close lms-tui. To go on from a copy, {_joined(away, f'move {copy} to {path}')}; {afresh}"
    return f"Close lms-tui. There is no copy of it here. Put it back from a backup of your own, or {afresh}"


def logs_of(path: Path) -> tuple[Path, Path]:
    """What SQLite keeps beside the file while it is open, or after a kill: it must not meet another file of that name."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def _joined(*parts: str) -> str:
    return " and ".join(part for part in parts if part)


def _listed(names: list[str]) -> str:
    return ", ".join(names)
