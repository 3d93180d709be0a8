"""Logging in to an institution's database: by its address, or by an invitation."""

import contextlib
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from lms_tui import paths
from lms_tui.cache.owner import owner
from lms_tui.db import address, password
from lms_tui.db.connection import Database
from lms_tui.db.person import set_timezone
from lms_tui.db.target import Target
from lms_tui.library import private_file, profile, secret
from lms_tui.library.profile import PERSONAL, ServerProfile
from lms_tui.library.profiles import described
from lms_tui.library.remote import introduced, profile_of
from lms_tui.model.errors import BadInput, LmsError, LoginRefused, NotFound, Refused, StorageFailed
from lms_tui.model.invitation import Invitation
from lms_tui.model.person import Person
from lms_tui.views.profiles import LoggedIn

_ROOT = "root.crt"
_LONGEST_INVITATION = 256 * 1024


async def by_address(text: str, name: str | None, given: str | None, ask: Callable[[str], str]) -> LoggedIn:
    """Logs in at a connection string, first as libpq finds its own way, then with a password that is asked for.

    ``given`` is a password that was handed over, ``name`` the profile that is wanted. Raises ``BadInput`` and what the
    database said.
    """
    target = address.read(text)
    try:
        target = replace(target, password=given or "")
        person = await _introduced(target)
    except LoginRefused:
        if given is not None:
            raise
        target = replace(target, password=ask(target.user))
        person = await _introduced(target)
    chosen = _name(name, person)
    known = profile.find(chosen)
    prepare = known.prepare if isinstance(known, ServerProfile) else True
    kept = profile_of(target, person, prepare)
    folder = profile.keep(chosen, kept)
    secret.keep(folder, target.password)
    from_environment = not target.password and os.environ.get("PGPASSWORD")
    note = "The password came from PGPASSWORD, which is needed every time: it is not kept." if from_environment else ""
    return _logged_in(folder, kept, note, address.warning(target))


async def by_invitation(file: Path, name: str | None) -> LoggedIn:
    """Logs in with an invitation, whose password is changed at once to one that only this profile has.

    The new password is on the disk before the database is told, so that a kill in between locks nobody out: both are tried.
    """
    invitation = _read(file)
    person = Person(
        institution_id=invitation.institution_id,
        user_id=invitation.user_id,
        name=invitation.name,
        role=invitation.role,
        timezone=invitation.timezone,
        institution=invitation.institution,
    )
    chosen = _name(name, person)
    found = profile.find(chosen)
    prepare = found.prepare if isinstance(found, ServerProfile) else True
    way = _target(invitation, paths.profile_folder(chosen))
    folder = profile.keep(chosen, profile_of(way, person, prepare))  # from now on the folder is this person's
    try:
        person = await _take_over(way, invitation, folder)
    except LmsError as error:
        if found is None and not secret.kept(folder):
            _forget(folder)
        if isinstance(error, LoginRefused):
            message = "The database does not take this invitation: it was used already, or there is a newer one."
            raise LoginRefused(message, "Ask the administrator for a new one.") from error
        raise
    if not invitation.timezone and person.timezone == "UTC":
        person = await _in_this_zone(replace(way, password=secret.kept(folder)), person)
    kept = profile_of(way, person, prepare)
    profile.keep(chosen, kept)
    return _logged_in(folder, kept, _used_up(file), address.warning(way))


def _forget(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for name in (profile.NAME, _ROOT):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()  # unless something else is in it


def _used_up(file: Path) -> str:
    if file.stat().st_mode & 0o077:
        return "Others on this machine could read the invitation until now; its password is of no use any more."
    return "The invitation is used up and can be deleted."


async def _take_over(way: Target, invitation: Invitation, folder: Path) -> Person:
    """The person, with the password of ``folder`` as theirs."""
    mine = secret.kept(folder)
    if mine:
        try:
            return _expected(await _introduced(replace(way, password=mine)), invitation)
        except LoginRefused:
            pass  # the database was never told of it, or was told of a newer one
    first = replace(way, password=invitation.password)
    person = _expected(await _introduced(first), invitation)
    new = secret.new()
    secret.keep(folder, new)
    password.change(first, new)
    return person


def _expected(person: Person, invitation: Invitation) -> Person:
    if (person.institution_id, person.user_id) != (invitation.institution_id, invitation.user_id):
        raise Refused("The invitation leads to somebody else's login, so nothing was changed.", "Ask the administrator for a new one.")
    return person


def _read(file: Path) -> Invitation:
    try:
        with file.open("rb") as stream:
            return msgspec.json.decode(stream.read(_LONGEST_INVITATION), type=Invitation)
    except FileNotFoundError:
        hint = "Name a file, or a database as postgresql://USER@HOST:PORT/DATABASE."
        raise NotFound(f"There is no invitation {file}.", hint) from None
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is not an invitation.", "Ask the administrator for a new one.") from error


def _target(invitation: Invitation, folder: Path) -> Target:
    """The way that an invitation names; its root certificate goes into the profile's folder."""
    target = Target(host=invitation.host, port=invitation.port, dbname=invitation.dbname, user=invitation.user, sslmode=invitation.sslmode)
    try:
        paths.private_folder(folder)
        if invitation.root_certificate:
            private_file.put(folder / _ROOT, invitation.root_certificate.encode())
            target = replace(target, sslrootcert=str(folder / _ROOT))
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "Set LMS_TUI_HOME to a folder that can.") from error
    return address.demanding(target)


async def _in_this_zone(target: Target, person: Person) -> Person:
    """The person, whose days are counted in this machine's zone from now on, where the server knows it."""
    zone = profile.local_zone()
    database = Database(target)
    try:
        await set_timezone(database, person, zone)
    except BadInput:
        return person
    finally:
        await database.close()
    return replace(person, timezone=zone)


async def _introduced(target: Target) -> Person:
    database = Database(target)
    try:
        return await introduced(database)
    finally:
        await database.close()


def _name(wanted: str | None, person: Person) -> str:
    """The name of a profile that is this person's already, or is free. Raises ``BadInput`` where the wanted one is neither."""
    if wanted is not None:
        if not _is_theirs(wanted, person) and not _is_free(wanted):
            raise BadInput(f"The profile “{wanted}” is somebody else's, so nothing was changed.", "Choose another name with --profile.")
        return wanted
    theirs = [name for name in profile.names() if _is_theirs(name, person)]
    if theirs:
        return theirs[0]
    base = _slug(person.institution)
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if _is_free(name))


def _is_theirs(name: str, person: Person) -> bool:
    try:
        found = profile.find(name)
    except LmsError:
        return False
    return isinstance(found, ServerProfile) and (found.institution_id, found.user_id) == (person.institution_id, person.user_id)


def _is_free(name: str) -> bool:
    folder = paths.profile_folder(name)
    return name != PERSONAL and not (folder / profile.NAME).exists() and owner(folder) is None


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:24].rstrip("-") or "school"


def _logged_in(folder: Path, kept: ServerProfile, *notes: str) -> LoggedIn:
    file = folder / secret.NAME
    return LoggedIn(
        profile=replace(described(folder, kept), person=kept.name, role=kept.role, place=kept.institution),  # newer than the cache's
        password_file=str(file) if secret.kept(folder) else None,
        notes=tuple(note for note in notes if note),
    )
