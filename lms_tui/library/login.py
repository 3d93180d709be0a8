"""Logging in to an institution's database by its address, and the names of the profiles that logins make."""

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from lms_tui import paths
from lms_tui.cache.owner import owner
from lms_tui.db import address
from lms_tui.db.connection import Database
from lms_tui.db.target import Target
from lms_tui.library import profile, secret
from lms_tui.library.profile import PERSONAL, Profile, ServerProfile
from lms_tui.library.profiles import described
from lms_tui.library.remote import introduced, profile_of
from lms_tui.model.errors import BadInput, LmsError, LoginRefused, Unavailable
from lms_tui.model.person import Person
from lms_tui.views.profiles import LoggedIn


async def by_address(text: str, name: str | None, given: str | None, ask: Callable[[str], str]) -> LoggedIn:
    """Logs in at a connection string, first as libpq finds its own way, then with a password that is asked for.

    ``given`` is a password that was handed over, ``name`` the profile that is wanted. Raises ``BadInput`` and what the
    database said.
    """
    refuse_bad(name)
    target = address.read(text)
    try:
        target = replace(target, password=given or "")
        person = await introduction(target)
    except LoginRefused:
        if given is not None:
            raise
        target = replace(target, password=ask(target.user))
        person = await introduction(target)
    chosen = chosen_name(name, person, target)
    kept = profile_of(target, person, prepares(profile.find(chosen)))
    folder = profile.keep(chosen, kept)
    secret.keep(folder, target.password)
    from_environment = not target.password and os.environ.get("PGPASSWORD")
    note = "The password came from PGPASSWORD, which is needed every time: it is not kept." if from_environment else ""
    return logged_in(folder, kept, note, address.warning(target))


async def introduction(target: Target) -> Person:
    """Who the database says that a login is. Raises what it says otherwise."""
    database = Database(target)
    try:
        return await introduced(database)
    except Unavailable as error:  # nothing of this person's waits here yet
        raise Unavailable(error.message, "Nothing was changed here. Try again when it answers.") from None
    finally:
        await database.close()


def refuse_bad(name: str | None) -> None:
    """Raises ``BadInput`` for what cannot be a profile's name, before anybody is contacted."""
    if name is not None:
        paths.profile_folder(name)


def chosen_name(wanted: str | None, person: Person, way: Target) -> str:
    """The name of a profile that is this person's at this server already, or is free.

    One of theirs at another server is taken only where it is named: a server can say of anybody that it is them. Raises ``BadInput``
    where the wanted one is neither theirs nor free.
    """
    if wanted is not None:
        if not _is_theirs(wanted, person) and not _is_free(wanted):
            raise BadInput(f"The profile “{wanted}” is somebody else's, so nothing was changed.", "Choose another name with --profile.")
        return wanted
    theirs = [name for name in profile.names() if _is_theirs(name, person) and leads_to(profile.find(name), way)]
    if theirs:
        return theirs[0]
    base = _slug(person.institution)
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if _is_free(name))


def leads_to(known: Profile | None, way: Target) -> bool:
    """Whether a profile is of the same database at the same server, which is known by the same certificate."""
    return isinstance(known, ServerProfile) and _server(known) == _server(way)


def _server(way: Target | ServerProfile) -> tuple[str, int, str, str, str]:
    return way.host, way.port, way.dbname, way.sslmode, Path(way.sslrootcert).name


def prepares(known: Profile | None) -> bool:
    """Whether statements are prepared: as the profile said before, if there was one."""
    return known.prepare if isinstance(known, ServerProfile) else True


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


def logged_in(folder: Path, kept: ServerProfile, *notes: str) -> LoggedIn:
    """What a login came to."""
    file = folder / secret.NAME
    return LoggedIn(
        profile=replace(described(folder, kept), person=kept.name, role=kept.role, place=kept.institution),  # newer than the cache's
        password_file=str(file) if secret.kept(folder) else None,
        notes=tuple(note for note in notes if note),
    )
