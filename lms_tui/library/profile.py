"""A profile: one person at one database. ``personal`` is the embedded one, and is made without asking anything."""

import os
import re
import secrets
import time
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from lms_tui import paths
from lms_tui.cache.filelock import FileLock
from lms_tui.cache.owner import owner
from lms_tui.model.errors import NotFound, StorageFailed
from lms_tui.model.events import uuid7
from lms_tui.model.person import Person, Role

PERSONAL = "personal"


class Profile(Struct, frozen=True, kw_only=True):
    """What ``profile.json`` keeps. The ids of the personal person are made here, before there is a server."""

    kind: Literal["personal"]
    institution_id: str
    user_id: str
    name: str
    timezone: str

    @property
    def person(self) -> Person:
        """The person as the cache knows them before the database has said anything."""
        return Person(
            institution_id=self.institution_id,
            user_id=self.user_id,
            name=self.name,
            role=Role.INSTRUCTOR,
            timezone=self.timezone,
            institution="Personal library",
            epoch="",
        )


def load(name: str) -> tuple[Path, Profile]:
    """The folder and the profile of a name; the personal one is made where it is missing.

    Where only ``profile.json`` is lost, its ids are those of the cache file beside it. Raises ``NotFound`` for another name
    that is not there, ``StorageFailed`` where the file cannot be read or made.
    """
    folder = paths.profile_folder(name)
    file = folder / "profile.json"
    try:
        return folder, msgspec.json.decode(file.read_bytes(), type=Profile)
    except FileNotFoundError:
        if name != PERSONAL:
            raise NotFound(f"There is no profile “{name}”.", "Leave --profile away to use your personal library.") from None
    except (OSError, msgspec.MsgspecError) as error:
        hint = "Put it back from a backup; nothing was changed."
        raise StorageFailed(f"The profile file {file} cannot be read ({error}).", hint) from error
    try:
        return folder, _make_personal(folder, file)
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "Set LMS_TUI_HOME to a folder that can.") from error


def _make_personal(folder: Path, file: Path) -> Profile:
    profile = _again(folder, file) or Profile(
        kind="personal", institution_id=_new_id(), user_id=_new_id(), name="You", timezone=_local_zone()
    )
    paths.private_folder(folder)
    try:
        _write_private(file, msgspec.json.encode(profile))
    except FileExistsError:  # another process was quicker: its ids are the ones
        return msgspec.json.decode(file.read_bytes(), type=Profile)
    return profile


def _again(folder: Path, file: Path) -> Profile | None:
    """The profile of the person whose work is in the cache file; None where there is no such work."""
    try:
        person = owner(folder)
    except StorageFailed as error:
        message = f"The profile file {file} is gone, and whose work is here cannot be read, so nothing was changed. {error.message}"
        raise StorageFailed(message, error.hint) from error
    if person is None:
        return None
    return Profile(
        kind="personal",
        institution_id=person.institution_id,
        user_id=person.user_id,
        name=person.name,
        timezone=person.timezone,
    )


def secret(folder: Path) -> str:
    """The password of the person's login role, made at the first call and kept in a file of mode 0600.

    A file that holds no such password counts as none: a new one is made, and the server is told it. Raises ``StorageFailed``.
    """
    file = folder / "secret"
    try:
        found = _token(file)
        if found is None:
            with FileLock(folder / "open.lock"):
                found = _token(file)  # another process may have been quicker: its secret is the one
                if found is None:
                    file.unlink(missing_ok=True)
                    found = secrets.token_urlsafe(32)
                    _write_private(file, found.encode())
    except OSError as error:
        hint = "Move it away: a new one is made."
        raise StorageFailed(f"The file of the database's password, {file}, cannot be used: {error.strerror}.", hint) from error
    return found


def _token(file: Path) -> str | None:
    """The password in a file; None where there is no file, or something else is in it."""
    try:
        text = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    return text.decode("ascii") if re.fullmatch(rb"[A-Za-z0-9_-]{32,128}", text) else None


def _write_private(file: Path, content: bytes) -> None:
    """Writes a file that appears whole, with mode 0600, or not at all. Raises ``FileExistsError`` where there is one."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    finally:
        draft.unlink()


def _new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def _local_zone() -> str:
    import zoneinfo

    import tzlocal  # only ever needed once a profile

    try:
        return tzlocal.get_localzone_name() or "UTC"
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # a broken zone must not stop a first start
        return "UTC"
