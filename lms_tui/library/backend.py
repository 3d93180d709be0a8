"""The database behind the cache: reached, kept in step with, and honestly reported on."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from lms_tui import __version__, paths
from lms_tui.cache.store import Cache
from lms_tui.library import following
from lms_tui.library.background import in_background
from lms_tui.library.profile import PersonalProfile, Profile
from lms_tui.library.reaching import Way, way_of
from lms_tui.model.catalog import EVERYTHING, Filters
from lms_tui.model.errors import LmsError, LoginRefused, NotFound, Refused, Unavailable
from lms_tui.model.person import Person
from lms_tui.model.search import SearchQuery
from lms_tui.model.wire import SyncReply, SyncRequest
from lms_tui.views.administration import DatabaseState
from lms_tui.views.health import Health
from lms_tui.views.importing import ImportReport
from lms_tui.views.nodes import CourseList, Status, SyncReport
from lms_tui.views.searching import Results

if TYPE_CHECKING:
    from lms_tui.db.connection import Database
    from lms_tui.sync.loop import Engine

T = TypeVar("T")
State = Literal["starting", "online", "offline", "refused"]

_LOOK_FOR_IDLENESS_SECONDS = 15.0
_LOOK_AT_THE_LEADER_SECONDS = 5.0
_LOOK_FOR_REQUESTS_SECONDS = 0.25
_KNOCK_SECONDS = 1.0
_OFFLINE_ON_PURPOSE = "You asked to stay offline."


class Backend:
    """The way from one profile's cache to its database. ``listener`` is told ``status``, ``content`` or ``progress``."""

    def __init__(self, cache: Cache, folder: Path, profile: Profile, *, offline: bool) -> None:
        self.listener: Callable[[str], None] | None = None
        self._cache = cache
        self.folder = folder
        self._profile = profile
        self._offline = offline
        self._state: State = "offline" if offline else "starting"
        self._since: datetime = cache.clock.now()
        self._reason = _OFFLINE_ON_PURPOSE if offline else ""
        self._way: Way | None = None
        self._database: Database | None = None
        self._engine: Engine | None = None
        self._connecting = asyncio.Lock()
        self._pulled = asyncio.Event()

    @property
    def personal(self) -> bool:
        """Whether this is the library on this machine, in which opening a course takes it."""
        return isinstance(self._profile, PersonalProfile)

    # --- what is true

    def status(self) -> Status:
        """The state of the contact, and of the outbox."""
        counts = self._cache.outbox.counts()
        person = self._cache.person or self._profile.person
        return Status(
            state=self._state,
            since=self._since,
            queued=counts.pending + counts.deferred,
            needs_you=counts.rejected,
            person=person.name,
            place=person.institution,
            reason=self._reason,
            last_sync_at=self._cache.ledger.last_success(),
            oldest_queued_at=counts.oldest_at,
        )

    def _announce(self, words: str) -> None:
        """What is being done at a start; once there has been a contact, the status is about contacts."""
        if self._state == "starting":
            self._become("starting", words)

    def _become(self, state: State, reason: str = "") -> None:
        if (state, reason) != (self._state, self._reason):
            self._since = self._cache.clock.now() if state != self._state else self._since
            self._state, self._reason = state, reason
            self._tell("status")

    def _tell(self, change: str) -> None:
        if self.listener is not None:
            self.listener(change)

    # --- reaching it

    async def connect(self) -> None:
        """Reaches the database. Raises ``Unavailable`` and ``Refused``; what they say is then in the status."""
        await self._connected()

    async def _connected(self) -> "Database":
        if self._offline:
            raise Unavailable(_OFFLINE_ON_PURPOSE, "Leave --offline away to reach the database.")
        async with self._connecting:
            if self._database is None:
                self._database = await self._watched(self._reach())
            return self._database

    async def _reach(self) -> "Database":
        way = self._way = self._way or way_of(self._profile, self.folder)
        database = await way.reach(self._announce)
        try:
            person = await way.introduce(database)
            back = await way.settle(database, person, self._cache, self._announce)
            await asyncio.to_thread(self._remember, person, back)
        except BaseException:
            await database.close()
            raise
        return database

    def _remember(self, person: Person, back: Sequence[str]) -> None:
        known = self._cache.person
        if known is not None and known.epoch not in ("", person.epoch):
            self._cache.content.drop_all()  # another database, or an older state of it: its courses may have other ids
        else:
            for course_id in back:  # its versions are counted anew
                self._cache.content.remove(course_id)
        self._cache.remember(person)

    async def _watched(self, contact: Awaitable[T]) -> T:
        """The result of a contact; its outcome is the status: online means that the last contact worked."""
        try:
            result = await contact
        except Unavailable as error:
            await self._lost()
            self._become("offline", error.message)
            if self._engine is not None:
                self._engine.lost()
            raise
        except Refused as error:
            if isinstance(error, LoginRefused):
                await self._lost()  # a new login may have changed the password that is kept
            self._become("refused", error.message)
            raise
        self._become("online")
        return result

    async def _lost(self) -> None:
        """A database that did not answer is reached anew the next time; the personal server may have to be started."""
        database, self._database = self._database, None
        if database is not None:
            await database.close()

    # --- keeping in step

    async def sync(self) -> SyncReport:
        """One run of the engine: everything queued is sent, everything new is fetched. Where another lms-tui does that, it is asked to."""
        if self._offline:
            return SyncReport(state="offline", reason=_OFFLINE_ON_PURPOSE, pending=self._cache.outbox.counts().queued)
        engine = await self._with_engine()
        run = await engine.run_once()
        if run.state == "other_leader":
            report = await following.sent_by_another(self._cache)
            if report is not None:
                self._tell("progress")
                return report
            run = await engine.run_once()
        self._tell("progress")
        return SyncReport(
            state=following.state_of(run.state),
            sent=run.sent,
            applied=run.applied,
            duplicate=run.duplicate,
            rejected=run.rejected,
            deferred=run.deferred,
            pending=run.pending,
            reason=run.reason,
        )

    async def run(self) -> None:
        """The loop behind the app, until it is cancelled: the engine, and fetching what the engine hears of."""
        if self._offline:
            await asyncio.Event().wait()
        engine = await self._with_engine()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(engine.run())
            tasks.create_task(self._fetch_what_is_new())
            tasks.create_task(self._rest_when_idle())
            tasks.create_task(self._follow_the_leader(engine))
            tasks.create_task(self._hear_others(engine))
            tasks.create_task(self._notice_that_it_is_back(engine))

    async def _rest_when_idle(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_FOR_IDLENESS_SECONDS)
            if self._database is not None:
                await self._database.rest()

    async def _follow_the_leader(self, engine: "Engine") -> None:
        """Where another window syncs this profile, what that one finds is the truth here, too."""
        seen: object = None
        while True:
            if engine.state == "other_leader":
                [run, *_] = self._cache.ledger.runs(1) or (None,)
                now = run, self._cache.outbox.counts()
                if run is not None and now != seen:
                    self._become(_contact(run.outcome), run.reason)
                    self._tell("content")
                seen = now
            await asyncio.sleep(_LOOK_AT_THE_LEADER_SECONDS)

    async def _hear_others(self, engine: "Engine") -> None:
        """Where this window syncs, others may ask it to do it now."""
        while True:
            if self._cache.leader.asked():
                engine.nudge(now=True)
            await asyncio.sleep(_LOOK_FOR_REQUESTS_SECONDS)

    async def _notice_that_it_is_back(self, engine: "Engine") -> None:
        """A server on this machine that answers again ends the wait for it, as a change of the network would."""
        gone = False
        while True:
            await asyncio.sleep(_KNOCK_SECONDS)
            waits = self._way is not None and engine.state == "offline"
            answers = waits and self._way is not None and await asyncio.to_thread(self._way.answers)
            if gone and answers:
                engine.nudge(now=True)
            gone = waits and not answers

    async def _fetch_what_is_new(self) -> None:
        seen: datetime | None = None
        while True:
            await self._pulled.wait()
            self._pulled.clear()
            last = self._engine.pulled_at if self._engine else None
            if last is None or last == seen or self._state != "online":
                continue
            seen = last
            try:
                await self.refresh()
            except LmsError:  # the status says it, and the next run of the engine leads here again
                continue

    async def refresh(self) -> None:
        """The first page of the catalogue, and the content of the courses that are to be read without the database."""
        from lms_tui.library import fetching

        dropped = self._cache.dropped.all()
        for course_id in await self.ask(lambda database: fetching.wanted(database, self._cache, everything=self.personal)):
            with contextlib.suppress(NotFound):  # it went out of the catalogue meanwhile
                await self.fetch_course(course_id)
        await asyncio.to_thread(self._cache.dropped.forget, dropped)
        self._tell("content")

    async def _with_engine(self) -> "Engine":
        if self._engine is None:
            module = await in_background(_import_engine)
            if self._engine is None:  # another caller may have been quicker
                self._engine = module(
                    self._cache, self._channel, client=__version__, on_status=self._engine_says, on_progress=self._progress_came
                )
        return self._engine

    def _engine_says(self) -> None:
        """What stops the engine stops the contact; that the contact works is known from the contact itself."""
        if self._engine is not None and self._engine.reason and self._engine.state != "other_leader":
            self._become(_contact(self._engine.state), self._engine.reason)
        self._tell("status")
        self._pulled.set()

    def _progress_came(self) -> None:
        self._tell("progress")
        self._pulled.set()

    async def _channel(self) -> "_Channel":
        await self.connect()
        return _Channel(self, self._cache.person or self._profile.person)

    async def ask(self, question: Callable[["Database"], Awaitable[T]]) -> T:
        """The answer of the database to one question."""

        async def asked() -> T:
            return await question(await self._connected())

        return await self._watched(asked())

    def nudge(self, now: bool) -> None:
        """Something was recorded: the engine sends it soon, or at once."""
        if self._engine is not None:
            self._engine.nudge(now=now)
            if now and self._engine.state == "other_leader":
                self._cache.leader.ask()

    # --- content

    async def catalog(self, filters: Filters = EVERYTHING) -> CourseList:
        """A page of the catalogue, kept in the cache as well."""
        from lms_tui.library import fetching

        return await self.ask(lambda database: fetching.catalog(database, self._cache, filters))

    async def search(self, query: SearchQuery) -> Results:
        """What is found in the database."""
        from lms_tui.library import searching

        return await self.ask(lambda database: searching.in_database(database, self._cache, query))

    async def fetch_course(self, ref: str) -> None:
        """The course that a ref is in, into the cache, unless that has the same version."""
        from lms_tui.library import fetching

        if await self.ask(lambda database: fetching.course(database, self._cache, self._course_name(ref))):
            self._tell("content")

    def _course_name(self, ref: str) -> str:
        try:
            return self._cache.content.find(ref).course
        except NotFound:
            return ref.split("/", 1)[0]

    async def import_path(self, path: Path, format: str | None) -> ImportReport:
        """Reads a course folder and brings it into the database, and from there into the cache."""
        from lms_tui.library import importing

        read = await in_background(lambda: importing.read(path, format))
        report = await self.ask(lambda database: importing.bring_in(database, self._cache, read))
        await self.fetch_course(report.id)
        return report

    async def publish(self, ref: str) -> str:
        """Shows a draft to the institution, and gives the course's id."""
        await self.fetch_course(ref)
        from lms_tui.library import importing

        course = self._cache.content.find(self._course_name(ref)).course
        await self.ask(lambda database: importing.publish(database, self._cache, course))
        await self.fetch_course(course)
        return course

    # --- the rest

    async def database_state(self) -> DatabaseState:
        """The schema of the database."""
        from lms_tui.library import health

        return await self.ask(health.database_state)

    async def health(self) -> Health:
        """What works on this machine."""
        from lms_tui.library import health

        return await health.examine(self._cache, self.folder, way_of(self._profile, self.folder).place, self.connect, self.status)

    def stop_server(self) -> bool:
        """Stops the personal server, whoever holds it; False where none was running."""
        from lms_tui.db.embedded.server import Server

        return Server.stop(paths.data_folder() / "server")

    async def close(self) -> None:
        """Closes the connections and lets the server go."""
        await self._lost()
        if self._way is not None:
            await in_background(self._way.release)


def _contact(outcome: str) -> State:
    state = following.state_of(outcome)
    return "online" if state == "idle" else state


def _import_engine() -> "type[Engine]":
    from lms_tui.sync.loop import Engine

    return Engine


class _Channel:
    """What the engine speaks through, as the person that the database introduced."""

    def __init__(self, backend: Backend, person: Person) -> None:
        self._backend = backend
        self.person = person

    async def sync(self, request: SyncRequest) -> SyncReply:
        from lms_tui.db.sync import sync

        return await self._backend.ask(lambda database: sync(database, self.person, request))
