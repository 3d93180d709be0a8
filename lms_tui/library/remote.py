"""The database of an institution, reached over the network or a socket."""

from pathlib import Path
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.library import knocking
from lms_tui.library.background import in_background
from lms_tui.library.profile import ServerProfile
from lms_tui.library.reaching import Announce, refuse_another
from lms_tui.library.secret import kept
from lms_tui.model.errors import UpgradeNeeded
from lms_tui.model.person import Person

if TYPE_CHECKING:
    from lms_tui.db.connection import Database
    from lms_tui.db.target import Target


class RemoteServer:
    """The way of a ``postgresql`` profile. The server is somebody else's: it is neither started nor changed from here."""

    def __init__(self, folder: Path, profile: ServerProfile) -> None:
        self._folder = folder
        self._profile = profile

    @property
    def place(self) -> str:
        from lms_tui.db.address import place

        return place(target_of(self._profile, ""))

    def answers(self) -> bool:
        return knocking.answers(self._profile.host, self._profile.port)

    async def reach(self, announce: Announce) -> "Database":
        announce(f"Looking for the database of {self._profile.institution}.")
        return await in_background(self._database)

    def _database(self) -> "Database":
        from lms_tui.db.connection import Database

        return Database(target_of(self._profile, kept(self._folder)), prepare=self._profile.prepare)

    async def introduce(self, database: "Database") -> Person:
        person = await introduced(database)
        refuse_another(
            person,
            self._profile,
            f"The database says that this login is {person.name or 'another person'} of {person.institution}, which is not this profile's.",
            "Log in to a profile of its own with lms-tui login.",
        )
        return person

    async def settle(self, database: "Database", person: Person, cache: Cache, announce: Announce) -> tuple[str, ...]:
        return ()

    def release(self) -> None:
        pass


def target_of(profile: ServerProfile, password: str) -> "Target":
    """The profile's target, with a password or, where that is empty, without."""
    from lms_tui.db.target import Target

    return Target(
        host=profile.host,
        port=profile.port,
        dbname=profile.dbname,
        user=profile.user,
        password=password,
        sslmode=profile.sslmode,
        sslrootcert=profile.sslrootcert,
    )


def profile_of(target: "Target", person: Person, prepare: bool) -> ServerProfile:
    """The profile of a person at a target; the password is kept elsewhere."""
    return ServerProfile(
        host=target.host,
        port=target.port,
        dbname=target.dbname,
        user=target.user,
        sslmode=target.sslmode,
        sslrootcert=target.sslrootcert,
        prepare=prepare,
        institution_id=person.institution_id,
        user_id=person.user_id,
        name=person.name,
        role=person.role,
        timezone=person.timezone,
        institution=person.institution,
    )


async def introduced(database: "Database") -> Person:
    """Who a connection is, where the schema is the one that this version needs. Raises ``UpgradeNeeded``, ``Refused``, ``Unavailable``."""
    from lms_tui.db import migrate
    from lms_tui.db.person import introduction
    from lms_tui.db.trouble import SCHEMA_HINT

    person, schema = await introduction(database)
    if schema < migrate.head():
        raise UpgradeNeeded("The database's schema is older than this version needs.", SCHEMA_HINT)
    if schema > migrate.head():
        hint = "Update lms-tui; what you do until then is kept, and is sent afterwards."
        raise UpgradeNeeded("The database's schema is newer than this version knows.", hint)
    return person
