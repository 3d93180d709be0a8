"""The way from a profile to its database: one interface, whatever the kind of the profile."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lms_tui import paths
from lms_tui.cache.store import Cache
from lms_tui.library.profile import PersonalProfile, Profile
from lms_tui.model.errors import Refused
from lms_tui.model.person import Person

if TYPE_CHECKING:
    from lms_tui.db.connection import Database

Announce = Callable[[str], None]


class Way(Protocol):
    """``announce`` is told what is being done, in words for people."""

    @property
    def place(self) -> str:
        """Where the data is, in words."""

    def answers(self) -> bool:
        """Whether there is a server to be reached, where that can be seen without reaching it; False where it cannot."""

    async def reach(self, announce: Announce) -> "Database":
        """The database, as the person. Raises ``Unavailable``, ``Refused``."""

    async def introduce(self, database: "Database") -> Person:
        """Who the connection is. Raises ``Refused`` where that is another person than the profile's."""

    async def settle(self, database: "Database", person: Person, cache: Cache, announce: Announce) -> tuple[str, ...]:
        """What is done once the person is known. Gives the ids of courses that were brought back from the cache."""

    def release(self) -> None:
        """Lets go of what was held."""


def way_of(profile: Profile, folder: Path) -> Way:
    """The way of a profile, whose folder is ``folder``."""
    if isinstance(profile, PersonalProfile):
        from lms_tui.library.personal import PersonalServer

        return PersonalServer(paths.data_folder() / "server", folder, profile)
    from lms_tui.library.remote import RemoteServer

    return RemoteServer(folder, profile)


def refuse_another(person: Person, profile: Profile, message: str, hint: str) -> None:
    """Raises ``Refused`` where a person is not the profile's."""
    if (person.institution_id, person.user_id) != (profile.institution_id, profile.user_id):
        raise Refused(message, f"Nothing was sent. {hint}")
