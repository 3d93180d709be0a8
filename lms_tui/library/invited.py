"""Logging in with an invitation: its password is good once, and is changed to one that only this machine has.

An invitation is a file from somebody, and may be anybody's: nothing that is here is changed before the server that it names has
proved to have what it says, and no password but its own, or one that this very server got before, is used there.
"""

import contextlib
import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms_tui import paths
from lms_tui.db import address, password
from lms_tui.db.connection import Database
from lms_tui.db.person import set_timezone
from lms_tui.db.target import Target
from lms_tui.library import private_file, profile, secret
from lms_tui.library.login import chosen_name, introduction, leads_to, logged_in, prepares, refuse_bad
from lms_tui.library.profile import Profile, ServerProfile
from lms_tui.library.remote import profile_of
from lms_tui.model.errors import BadInput, LmsError, LoginRefused, NotFound, Refused, StorageFailed
from lms_tui.model.invitation import Invitation
from lms_tui.model.person import Person
from lms_tui.views.profiles import LoggedIn

_PENDING = "pending"
_LONGEST_INVITATION = 256 * 1024


class _Pending(Struct, frozen=True, kw_only=True):
    """A new password that a server was, or was just about to be, told."""

    host: str
    port: int
    dbname: str
    user: str
    password: str


async def by_invitation(file: Path, name: str | None) -> LoggedIn:
    """Logs in with an invitation. Raises ``BadInput``, ``NotFound``, and what the database said; then nothing here was changed.

    The new password is on the disk before the database is told, so that a kill in between locks nobody out: both are tried.
    """
    refuse_bad(name)
    invitation = _read(file)
    plain = Target(host=invitation.host, port=invitation.port, dbname=invitation.dbname, user=invitation.user, sslmode=invitation.sslmode)
    demanded = address.proving(address.demanding(plain))
    root = _root_name(invitation)
    chosen = chosen_name(name, _invited(invitation), replace(demanded, sslrootcert=root or demanded.sslrootcert))
    folder, known = paths.profile_folder(chosen), profile.find(chosen)
    way = _trusting(demanded, invitation, folder)
    try:
        person, mine = await _take_over(way, invitation, folder, known)
    except LmsError as error:
        _leave_no_trace(way, folder, known)
        if isinstance(error, LoginRefused):
            message = "The database does not take this invitation: it was used already, or there is a newer one."
            raise LoginRefused(message, "Ask the administrator for a new one.") from error
        raise
    if not invitation.timezone and person.timezone == "UTC":
        person = await _in_this_zone(replace(way, password=mine), person)
    kept = profile_of(way, person, prepares(known))
    secret.keep(folder, mine)
    profile.keep(chosen, kept)
    (folder / _PENDING).unlink(missing_ok=True)
    return logged_in(folder, kept, _used_up(file), address.warning(way))


def _invited(invitation: Invitation) -> Person:
    """Whom the invitation says that it is for."""
    return Person(
        institution_id=invitation.institution_id,
        user_id=invitation.user_id,
        name=invitation.name,
        role=invitation.role,
        timezone=invitation.timezone,
        institution=invitation.institution,
    )


def _read(file: Path) -> Invitation:
    if file.exists() and not file.is_file():
        raise BadInput(f"{file} is not an invitation: it is no file.", "Ask the administrator for a new one.")
    try:
        with file.open("rb") as stream:
            return msgspec.json.decode(stream.read(_LONGEST_INVITATION), type=Invitation)
    except FileNotFoundError:
        hint = "Name a file, or a database as postgresql://USER@HOST:PORT/DATABASE."
        raise NotFound(f"There is no invitation {file}.", hint) from None
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{file} is not an invitation.", "Ask the administrator for a new one.") from error


def _root_name(invitation: Invitation) -> str:
    """The file of the invitation's root certificate, named by what is in it: what a profile trusts already stays as it is."""
    content = invitation.root_certificate.encode()
    return f"root-{hashlib.sha256(content).hexdigest()[:16]}.crt" if content else ""


def _trusting(way: Target, invitation: Invitation, folder: Path) -> Target:
    """The way with the invitation's root certificate, in the profile's folder."""
    try:
        paths.private_folder(folder)
        if not invitation.root_certificate:
            return way
        file = folder / _root_name(invitation)
        private_file.put(file, invitation.root_certificate.encode())
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "Set LMS_TUI_HOME to a folder that can.") from error
    return replace(way, sslrootcert=str(file))


async def _take_over(way: Target, invitation: Invitation, folder: Path, known: Profile | None) -> tuple[Person, str]:
    """The person, and the password that is theirs from now on."""
    for mine in _passwords_of(way, folder, known):
        with contextlib.suppress(LoginRefused):  # the database was never told of it, or was told of a newer one
            return _expected(await introduction(replace(way, password=mine)), invitation), mine
    first = replace(way, password=invitation.password)
    person = _expected(await introduction(first), invitation)
    pending = _Pending(host=way.host, port=way.port, dbname=way.dbname, user=way.user, password=secret.new())
    try:
        private_file.put(folder / _PENDING, msgspec.json.encode(pending))
    except OSError as error:
        raise StorageFailed(f"{folder} cannot be written: {error.strerror}.", "The invitation is as good as before.") from error
    password.change(first, pending.password)
    return person, pending.password


def _passwords_of(way: Target, folder: Path, known: Profile | None) -> list[str]:
    """The passwords here that are of this login at this very server: no other server is to see them."""
    found = []
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        pending = msgspec.json.decode((folder / _PENDING).read_bytes(), type=_Pending)
        if (pending.host, pending.port, pending.dbname, pending.user) == (way.host, way.port, way.dbname, way.user):
            found.append(pending.password)
    if leads_to(known, way) and isinstance(known, ServerProfile) and known.user == way.user and (kept := secret.kept(folder)):
        found.append(kept)
    return found


def _expected(person: Person, invitation: Invitation) -> Person:
    if (person.institution_id, person.user_id) != (invitation.institution_id, invitation.user_id):
        raise Refused("The invitation leads to somebody else's login, so nothing was changed.", "Ask the administrator for a new one.")
    return person


def _leave_no_trace(way: Target, folder: Path, known: Profile | None) -> None:
    """Takes away what the attempt brought: a root certificate that no profile uses, and a folder without anything in it."""
    with contextlib.suppress(OSError):
        if way.sslrootcert.startswith(str(folder)) and not (isinstance(known, ServerProfile) and known.sslrootcert == way.sslrootcert):
            Path(way.sslrootcert).unlink(missing_ok=True)
        folder.rmdir()


def _used_up(file: Path) -> str:
    if file.stat().st_mode & 0o077:
        return "Others on this machine could read the invitation until now; its password is of no use any more."
    return "The invitation is used up and can be deleted."


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
