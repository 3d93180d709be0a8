"""The library: reads from the cache, records into it, and keeps it and the database together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, tzinfo
from enum import Enum, auto
from pathlib import Path

from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.library import following, syncing
from lms_tui.library import settings as settings_file
from lms_tui.library.assessing import Assessing
from lms_tui.library.backend import Backend
from lms_tui.library.entries import Entries
from lms_tui.library.overdue import overdue
from lms_tui.library.profile import PERSONAL, load
from lms_tui.library.reading import Reading
from lms_tui.library.recording import Recording
from lms_tui.library.timing import StudyTime
from lms_tui.model.catalog import EVERYTHING, Filters
from lms_tui.model.errors import BadInput, LmsError
from lms_tui.model.person import Person, Role
from lms_tui.model.question import Grade, Response
from lms_tui.model.search import SearchQuery
from lms_tui.views.administration import DatabaseState
from lms_tui.views.assessing import AttemptNode, Entry, receipt
from lms_tui.views.health import Health
from lms_tui.views.importing import ImportReport
from lms_tui.views.nodes import CourseList, CourseNode, Outline, Place, SectionNode, Status, SyncReport
from lms_tui.views.practice import worth_sending
from lms_tui.views.searching import Results
from lms_tui.views.syncing import Download, Problem, SyncOverview, unsent_words


class Change(Enum):
    """What a listener is told has changed, so that it reads it again."""

    STATUS = auto()
    CONTENT = auto()
    PROGRESS = auto()


class Library(Reading):
    """One person's library. Reads are synchronous and quick; what writes or goes to the database is awaited.

    ``listener`` is called on the event loop's thread after something changed.
    """

    def __init__(self, cache: Cache, person: Person, backend: Backend) -> None:
        super().__init__(cache, self.today, Entries(cache, lambda: self.zone, backend.personal), personal=backend.personal)
        self.person = person
        self.listener: Callable[[Change], None] | None = None
        self._recording = Recording(cache, enrols=backend.personal)
        self._backend = backend
        self._assessing = Assessing(cache, self._entries, self._recording, self.sync)
        self.study_time = StudyTime(backend.folder)
        self._settings_turn = asyncio.Lock()
        self.settings = settings_file.load(backend.folder)
        backend.listener = self._tell_backend

    @classmethod
    def open(cls, profile: str = PERSONAL, *, offline: bool = False) -> "Library":
        """The library of a profile, from its cache file alone. Raises ``NotFound`` and ``StorageFailed``."""
        folder, kept = load(profile)
        cache = Cache.open(folder, kept.person)
        return cls(cache, cache.person or kept.person, Backend(cache, folder, kept, offline=offline))

    def status(self) -> Status:
        """The truth about the database and the outbox."""
        return self._backend.status()

    @property
    def may_import(self) -> bool:
        """Whether this person may bring courses in, as far as is known here."""
        return self.person.role is not Role.STUDENT

    @property
    def settings_path(self) -> Path:
        """The file of the settings, which a person may edit."""
        return settings_file.path(self._backend.folder)

    @property
    def settings_unreadable(self) -> bool:
        """Whether there is such a file, and nothing can be made of it."""
        return settings_file.is_unreadable(self._backend.folder)

    async def keep_theme(self, theme: str) -> None:
        """Colours for the next start. Raises ``StorageFailed``; they hold until the end all the same."""
        self.settings = replace(self.settings, theme=theme)
        async with self._settings_turn:  # whichever comes last is what is kept
            await asyncio.to_thread(self._save_theme)

    def _save_theme(self) -> None:
        kept = settings_file.load(self._backend.folder)  # a person may have written keys into it meanwhile
        settings_file.save(self._backend.folder, replace(kept, theme=self.settings.theme))

    async def enrol(self, course: str) -> CourseNode:
        """Takes a course."""
        course_id = self._cache.content.find(course).course
        await self._recording.enrol(course_id)
        self._recorded(now=True)
        return self.course(course_id)

    async def leave(self, course: str) -> CourseNode:
        """Leaves a course; what was done in it is kept."""
        course_id = self._cache.content.find(course).course
        await self._recording.leave(course_id)
        self._recorded(now=True)
        return self.course(course_id)

    async def opened(self, section_id: str) -> None:
        """Records that a section was opened."""
        await self._recording.opened(section_id)
        self._recorded()

    async def fetch_questions(self, section_id: str) -> None:
        """Asks for the questions of an ASSESSMENT that has opened since its course was fetched. Where that cannot be, it is left."""
        with suppress(LmsError):
            await self._backend.fetch_course(section_id)

    async def spent(self, section_id: str, seconds: int) -> None:
        """Records active seconds."""
        await self._recording.spent(section_id, seconds)
        self._recorded()

    async def done(self, refs: Sequence[str], seconds: int = 0) -> tuple[SectionNode, ...]:
        """Records that sections are done, all or none, sharing out the seconds among them."""
        section_ids = [self._section_of(ref) for ref in dict.fromkeys(refs)]
        await self._recording.done(section_ids, seconds)
        self._recorded(now=True)
        return tuple(self.page(section_id).section for section_id in section_ids)

    def _section_of(self, ref: str) -> str:
        section_id = self._cache.content.find(ref).section
        if section_id is None:
            raise BadInput(f"“{ref}” is not a section, and only sections can be done.", "lms-tui course COURSE lists the sections.")
        return section_id

    async def answer(
        self, section_id: str, responses: Mapping[str, Response], hints: Mapping[str, int] | None = None
    ) -> dict[str, Grade | None]:
        """Records an answered set, and grades it where the key is here; None where the database grades it later.

        Of an ASSESSMENT, hands in the attempt under way, or one that begins now. Raises ``BadInput`` as ``check`` does.
        """
        if self._assessing.is_one(section_id):
            grades = await self._assessing.hand_in(section_id, responses, hints)
        else:
            grades = await self._recording.answer(section_id, responses, hints)
        self._recorded(now=True)
        return grades

    async def hand_in_overdue(self, shown: Collection[str] = ()) -> AsyncIterator[str]:
        """Hands in what is answered of attempts whose time is up, and gives the titles of their assessments.

        Those of sections that are ``shown`` hand themselves in. Where one cannot be handed in, its ``LmsError`` comes after the others.
        """
        failure: LmsError | None = None
        for section_id in overdue(self._cache, self._entries):
            if section_id in shown:
                continue
            try:
                page = self.page(section_id)
                responses = worth_sending(page.questions, self.drafts(section_id))
                if responses:
                    await self.answer(section_id, responses)
                    yield page.section.title
            except LmsError as error:
                failure = failure or error
        if failure is not None:
            raise failure

    def check(self, section_id: str, responses: Mapping[str, Response]) -> None:
        """Raises ``BadInput`` for a question that the section does not have, and for a response of another shape than it takes."""
        self._recording.checked(section_id, responses)

    def receipt(self, attempt: AttemptNode, entry: Entry) -> str:
        """What the person is told of an attempt that was handed in."""
        return receipt(attempt, entry, self.zone, self.now())

    async def start_attempt(self, section_id: str) -> AttemptNode:
        """Begins an attempt at an ASSESSMENT, or goes on with the one under way.

        Raises ``BadInput`` where none may begin, and ``Unavailable`` where a connection is needed and there is none.
        """
        attempt = await self._assessing.start(section_id)
        self._recorded(now=True)
        return attempt

    async def save_place(self, section_id: str, place: Place) -> None:
        """Keeps where the person is in a section."""
        await self._recording.save_place(section_id, place)

    async def left_at(self, section_id: str, place: Place) -> None:
        """Records where the person left a section."""
        await self._recording.left_at(section_id, place)
        self._recorded()

    async def save_draft(self, section_id: str, question_id: str, response: Response) -> None:
        """Keeps an answer that is not checked yet."""
        await self._recording.save_draft(section_id, question_id, response)

    async def connect(self) -> None:
        """Reaches the database, starting the personal server where it is that. Raises ``Unavailable`` and ``Refused``."""
        await self._backend.connect()

    async def sync(self) -> SyncReport:
        """Sends what is queued and fetches what is new, once."""
        return await self._backend.sync()

    def queue(self) -> SyncOverview:
        """What is queued, put off and refused, and the last runs."""
        return syncing.overview(self._cache, self.status())

    def unsent(self) -> str:
        """What becomes of what was recorded and is not sent, in a sentence; empty where there is nothing."""
        status = self.status()
        return unsent_words(status.queued, status.state, following.leader(self._cache), self.now())

    def problems(self) -> tuple[Problem, ...]:
        """What the database refused, the worst first."""
        return syncing.problems(self._cache)

    async def retry(self, event_ids: Sequence[str] | None = None) -> int:
        """Sends refused events again, these or all; all that was put off goes with all. Gives how many."""
        count = await asyncio.to_thread(self._cache.outbox.retry, event_ids)
        self._recorded(now=True)
        return count

    async def export_problems(self, path: Path | None = None) -> Path:
        """Writes what was refused into a new file, by default one in the profile's folder. Raises ``BadInput`` and ``StorageFailed``."""
        return await asyncio.to_thread(syncing.export, self._cache, self._backend.folder, path)

    def downloads(self) -> tuple[Download, ...]:
        """The courses that are kept here, and those that the person removed."""
        return syncing.downloads(self._cache)

    async def download(self, refs: Sequence[str]) -> tuple[Download, ...]:
        """Fetches courses, taken or not, where the database has a newer version than is here. Raises ``NotFound`` and ``Unavailable``."""
        for ref in refs:
            await self._backend.fetch_course(ref)
        self._tell(Change.CONTENT)
        return syncing.downloads(self._cache, [self._cache.content.find(ref).course for ref in refs])

    async def remove(self, refs: Sequence[str]) -> tuple[Download, ...]:
        """Removes courses from this machine. Progress, drafts and what is queued stay. Raises ``NotFound``."""
        removed = await asyncio.to_thread(syncing.remove, self._cache, refs)
        self._tell(Change.CONTENT)
        return removed

    async def refresh_catalog(self, filters: Filters = EVERYTHING) -> CourseList:
        """A page of the catalogue as the database has it now."""
        return await self._backend.catalog(filters)

    async def search_database(self, query: SearchQuery) -> Results:
        """What is found in the database. Raises ``BadInput``, ``Unavailable``, ``Refused``."""
        return await self._backend.search(query)

    async def refresh(self) -> None:
        """Fetches what is new of the courses that are kept here, which in a personal library are all."""
        await self._backend.refresh()

    async def refresh_course(self, ref: str) -> Outline:
        """The course that a ref is in, fetched where the database has a newer version than the cache."""
        await self._backend.fetch_course(ref)
        return self.outline(ref)

    async def import_path(self, path: Path, format: str | None = None) -> ImportReport:
        """Brings a course in. Raises ``BadInput`` where it cannot be read, ``Refused`` where this person may not."""
        return await self._backend.import_path(path, format)

    async def publish(self, course: str) -> CourseNode:
        """Shows a draft to the institution. Raises ``NotFound``, ``Refused``."""
        return self.course(await self._backend.publish(course))

    async def database_state(self) -> DatabaseState:
        """The schema of this profile's database; a personal one is upgraded on the way. Raises ``Unavailable``, ``Refused``."""
        return await self._backend.database_state()

    async def health(self) -> Health:
        """What works on this machine."""
        return await self._backend.health()

    def stop_server(self) -> bool:
        """Stops the personal server; False where none was running."""
        return self._backend.stop_server()

    async def run(self) -> None:
        """Keeps the cache and the database together until it is cancelled."""
        await self._backend.run()

    async def close(self) -> None:
        """Closes the database's connections and the file. What is queued stays queued."""
        await self._backend.close()
        await asyncio.to_thread(self._cache.close)

    @property
    def zone(self) -> tzinfo:
        """Where the person is."""
        return self._cache.zone

    def now(self) -> datetime:
        """The time where the person is."""
        return self._cache.now()

    def today(self) -> date:
        """The date where the person is."""
        return self.now().date()

    def _recorded(self, now: bool = False) -> None:
        self._backend.nudge(now)
        self._tell(Change.PROGRESS)

    def _tell_backend(self, change: str) -> None:
        self._tell(Change[change.upper()])

    def _tell(self, change: Change) -> None:
        if self.listener is not None:
            self.listener(change)
