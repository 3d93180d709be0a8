"""What works on this machine, looked at rather than assumed."""

import asyncio
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lms_tui import __version__
from lms_tui.cache.store import Cache
from lms_tui.library import following
from lms_tui.model.errors import LmsError
from lms_tui.views.administration import DatabaseState
from lms_tui.views.health import Check, Health
from lms_tui.views.nodes import Status
from lms_tui.views.syncing import leader_words
from lms_tui.views.words import counted

if TYPE_CHECKING:
    from lms_tui.db.connection import Database

_SPARE_BYTES = 256 * 1024 * 1024


async def examine(cache: Cache, folder: Path, place: str, connect: Callable[[], Awaitable[None]], status: Callable[[], Status]) -> Health:
    """Looks at the machine, the folders, the cache file, the database, whose data is in ``place``, and the queue."""
    checks = [
        _program(),
        _folder("state folder", folder),
        _disk(folder),
        await asyncio.to_thread(_cache, cache),
        await _database(connect, place),
        _queue(status()),
        _syncing(cache),
        _device(cache),
    ]
    return Health(ok=all(check.ok for check in checks), checks=tuple(checks))


def _program() -> Check:
    detail = f"lms-tui {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}"
    return Check(name="program", ok=sys.version_info >= (3, 11), detail=detail, hint="Install Python 3.11 or newer.")


def _folder(name: str, folder: Path) -> Check:
    writable = os.access(folder, os.W_OK | os.X_OK)
    return Check(name=name, ok=writable, detail=str(folder), hint="It cannot be written: give yourself the right to, or set LMS_TUI_HOME.")


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    hint = "Free some room: what you do is refused, visibly, when the disk is full."
    return Check(name="disk", ok=free >= _SPARE_BYTES, detail=f"{free // 1_000_000} MB free", hint=hint)


def _cache(cache: Cache) -> Check:
    problems = cache.check()
    detail = "; ".join(problems) or cache.read_only or f"{cache.outbox.counts().pending} pending, file healthy"
    return Check(name="cache file", ok=not problems and not cache.read_only, detail=detail, hint="What was synced is safe in the database.")


async def _database(connect: Callable[[], Awaitable[None]], place: str) -> Check:
    try:
        await connect()
    except LmsError as error:
        return Check(name="database", ok=False, detail=error.message, hint=error.hint)
    return Check(name="database", ok=True, detail=f"reached; its data is in {place}")


def _queue(status: Status) -> Check:
    detail = f"{counted(status.queued, 'event')} queued, {status.needs_you} refused by the database"
    return Check(name="queue", ok=status.needs_you == 0, detail=detail, hint="lms-tui sync problems says what, and why.")


def _syncing(cache: Cache) -> Check:
    other = following.leader(cache)
    detail = "no other lms-tui syncs this library" if other is None else leader_words(other, cache.now())
    hint = "Close it, or end that process." if other and other.silent_since else ""
    return Check(name="sync", ok=not hint, detail=detail, hint=hint)


def _device(cache: Cache) -> Check:
    since = cache.cloned_at
    day = f"{since.astimezone(cache.zone):%Y-%m-%d}" if since else ""
    moved = f"; this library came here from elsewhere ({day}), and syncs as a device of its own" if day else ""
    return Check(name="device", ok=True, detail=f"{cache.device_id}{moved}")


async def database_state(database: "Database") -> DatabaseState:
    """The schema's revision as the database tells this person, and its server's version."""
    from lms_tui.db import migrate, person

    _, revision = await person.introduction(database)
    head = migrate.head()
    return DatabaseState(revision=revision, head=head, up_to_date=revision == head, server_version=await person.server_version(database))
