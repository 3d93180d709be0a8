"""A profile: one person at one database. ``personal`` is the embedded one, and is made without asking anything."""

import os
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from lms_tui import paths
from lms_tui.cache.owner import owner
from lms_tui.library import private_file
from lms_tui.model.errors import NotFound, StorageFailed
from lms_tui.model.events import uuid7
from lms_tui.model.person import Person, Role

PERSONAL = "personal"
NAME = "profile.json"


class PersonalProfile(Struct, frozen=True, kw_only=True, tag_field="kind", tag="personal"):
    """The person of this machine. Their ids are made here, before there is a server."""

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


class ServerProfile(Struct, frozen=True, kw_only=True, tag_field="kind", tag="postgresql"):
    """A person of an institution, as its database introduced them at the login, and the way to it. The password is kept apart.

    ``prepare=False`` is for a role behind an old pooler, which loses prepared statements.
    """

    host: str
    port: int
    dbname: str
    user: str
    sslmode: str = ""
    sslrootcert: str = ""
    prepare: bool = True
    institution_id: str
    user_id: str
    name: str
    role: Role
    timezone: str
    institution: str

    @property
    def person(self) -> Person:
        """The person as the database said at the login."""
        return Person(
            institution_id=self.institution_id,
            user_id=self.user_id,
            name=self.name,
            role=self.role,
            timezone=self.timezone,
            institution=self.institution,
        )


Profile = PersonalProfile | ServerProfile
_DECODER: msgspec.json.Decoder[Profile] = msgspec.json.Decoder(Profile)


def load(name: str) -> tuple[Path, Profile]:
    """The folder and the profile of a name; the personal one is made where it is missing.

    Where only ``profile.json`` is lost, its ids are those of the cache file beside it. Raises ``NotFound`` for another name
    that is not there, ``StorageFailed`` where the file cannot be read or made.
    """
    folder = paths.profile_folder(name)
    file = folder / NAME
    try:
        return folder, _read(file)
    except FileNotFoundError:
        if name != PERSONAL:
            hint = "lms-tui profiles lists those there are; lms-tui login makes one."
            raise NotFound(f"There is no profile “{name}”.", hint) from None
    try:
        return folder, _make_personal(folder, file)
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "Set LMS_TUI_HOME to a folder that can.") from error


def find(name: str) -> Profile | None:
    """The profile of a name where there is one; nothing is made. Raises ``StorageFailed``, ``BadInput``."""
    try:
        return _read(paths.profile_folder(name) / NAME)
    except FileNotFoundError:
        return None


def names() -> list[str]:
    """The names of the profiles on this machine."""
    found = (file.parent.name for file in (paths.state_folder() / "profiles").glob(f"*/{NAME}"))
    return sorted(name for name in found if paths.is_profile_name(name))


def keep(name: str, profile: Profile) -> Path:
    """Writes a profile, and gives its folder. Raises ``StorageFailed``."""
    folder = paths.profile_folder(name)
    try:
        private_file.put(paths.private_folder(folder) / NAME, msgspec.json.encode(profile))
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "Set LMS_TUI_HOME to a folder that can.") from error
    return folder


def _read(file: Path) -> Profile:
    try:
        return _DECODER.decode(file.read_bytes())
    except FileNotFoundError:
        raise
    except (OSError, msgspec.MsgspecError) as error:
        hint = "Put it back from a backup; nothing was changed."
        raise StorageFailed(f"The profile file {file} cannot be read ({error}).", hint) from error


def _make_personal(folder: Path, file: Path) -> Profile:
    profile = _again(folder, file) or PersonalProfile(institution_id=_new_id(), user_id=_new_id(), name="You", timezone=local_zone())
    paths.private_folder(folder)
    try:
        private_file.make(file, msgspec.json.encode(profile))
    except FileExistsError:  # another process was quicker: its ids are the ones
        return _read(file)
    return profile


def _again(folder: Path, file: Path) -> PersonalProfile | None:
    """The profile of the person whose work is in the cache file; None where there is no such work."""
    try:
        person = owner(folder)
    except StorageFailed as error:
        message = f"The profile file {file} is gone, and whose work is here cannot be read, so nothing was changed. {error.message}"
        raise StorageFailed(message, error.hint) from error
    if person is None:
        return None
    return PersonalProfile(institution_id=person.institution_id, user_id=person.user_id, name=person.name, timezone=person.timezone)


def _new_id() -> str:
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def local_zone() -> str:
    """The zone of this machine."""
    import zoneinfo

    import tzlocal  # only ever needed once a profile

    try:
        return tzlocal.get_localzone_name() or "UTC"
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # a broken zone must not stop a first start
        return "UTC"
