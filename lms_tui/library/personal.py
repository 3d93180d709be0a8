"""The personal library: its server, and the courses that it begins with."""

import contextlib
import hashlib
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from lms_tui.cache.store import Cache
from lms_tui.library import private_file
from lms_tui.library.background import in_background
from lms_tui.library.profile import PersonalProfile
from lms_tui.library.reaching import Announce, refuse_another
from lms_tui.library.secret import secret
from lms_tui.model.person import Person

if TYPE_CHECKING:
    from lms_tui.db.connection import Database
    from lms_tui.db.embedded.server import ServerHandle
    from lms_tui.db.target import Target


class PersonalServer:
    """The embedded server of a personal profile, held while the library is open.

    ``server_folder`` has the server's data, ``folder`` is the profile's.
    """

    def __init__(self, server_folder: Path, folder: Path, profile: PersonalProfile) -> None:
        self._server_folder = server_folder
        self._folder = folder
        self._profile = profile
        self._handle: ServerHandle | None = None

    @property
    def place(self) -> str:
        return str(self._server_folder.parent)

    def answers(self) -> bool:
        return False  # whoever reaches it starts it

    async def reach(self, announce: Announce) -> "Database":
        """A database connection as the person, at a server that runs and is migrated. Raises ``Unavailable``."""
        announce("Starting the database on this machine.")
        superuser = await in_background(self._start)
        announce("Looking after its tables.")
        target = await in_background(lambda: self._prepare(superuser))
        from lms_tui.db.connection import Database

        return Database(target)

    def _start(self) -> "Target":
        from lms_tui.db.embedded.server import Server

        held, self._handle = self._handle, Server.ensure(self._server_folder)
        if held is not None:
            held.release()
        return self._handle.target

    def _prepare(self, superuser: "Target") -> "Target":
        from lms_tui.db.personal import Identity, prepare

        identity = Identity(
            institution_id=self._profile.institution_id,
            user_id=self._profile.user_id,
            password=secret(self._folder),
            name=self._profile.name,
            timezone=self._profile.timezone,
        )
        return prepare(superuser, identity)

    async def introduce(self, database: "Database") -> Person:
        from lms_tui.db.person import whoami

        person = await whoami(database)
        refuse_another(
            person,
            self._profile,
            "The server on this machine belongs to another profile.",
            "Set LMS_TUI_HOME to the folder that this profile's server is in.",
        )
        return person

    async def settle(self, database: "Database", person: Person, cache: Cache, announce: Announce) -> tuple[str, ...]:
        """What this library has and its database lost goes back there; then come the shipped courses."""
        back: tuple[str, ...] = ()
        if not cache.read_only:
            from lms_tui.library import restoring

            back = await restoring.bring_back(database, person, cache, announce)
        await self._stock(database, person, announce)
        return back

    async def _stock(self, database: "Database", person: Person, announce: Announce) -> None:
        """Brings the shipped courses in, where this server has not had these versions of them."""
        mark = self._folder / "stocked"
        wanted = await in_background(lambda: f"{person.epoch} {_digest()}")
        if _content(mark) == wanted.encode():
            return
        announce("Bringing in the first courses.")
        from lms_tui.library import importing

        for path in _shipped():
            read = await in_background(partial(importing.read, path, "native"))
            await importing.store(database, person, read.course)
        with contextlib.suppress(OSError):  # they are brought in again at the next start
            private_file.put(mark, wanted.encode())

    def release(self) -> None:
        """Lets the server go; it stops soon after its last holder."""
        if self._handle is not None:
            self._handle.release()


def _content(mark: Path) -> bytes:
    try:
        return mark.read_bytes()
    except OSError:
        return b""


def _shipped() -> list[Path]:
    """The folders of the courses, the tour last: what came last is listed first, and fetched first."""
    courses = Path(str(resources.files("lms_tui") / "courses"))
    return sorted((path for path in courses.iterdir() if path.is_dir()), key=lambda path: (path.name == "tour", path.name))


def _digest() -> str:
    """What the shipped courses are, as a hash of their files."""
    digest = hashlib.sha256()
    for course in _shipped():
        for file in sorted(path for path in course.rglob("*") if path.is_file()):
            digest.update(f"{course.name}/{file.relative_to(course)}\0".encode() + file.read_bytes())
    return digest.hexdigest()
