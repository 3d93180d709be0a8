"""The cache and the engine against a real PostgreSQL: whatever is lost, everything is counted once."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lms_tui.cache.store import Cache
from lms_tui.db.content import practice_keys
from lms_tui.db.sync import sync
from lms_tui.model.course import Course
from lms_tui.model.events import EventKind
from lms_tui.model.person import Person, Role
from lms_tui.model.progress import SectionState
from lms_tui.model.wire import SyncReply, SyncRequest
from lms_tui.sync.loop import Engine
from lms_tui.sync.report import SyncState
from tests.db.courses import question_ids, section_id, small_course
from tests.db.world import Someone, World, read_course


class Channel:
    """The person's own connection; ``meddle`` is called with each reply before it is handed on."""

    def __init__(self, someone: Someone) -> None:
        self._someone = someone
        self.person: Person = someone.me
        self.before: Callable[[SyncRequest], None] = lambda request: None
        self.meddle: Callable[[SyncReply], None] = lambda reply: None

    async def connect(self) -> "Channel":
        return self

    async def sync(self, request: SyncRequest) -> SyncReply:
        self.before(request)
        reply = await sync(self._someone.database, self.person, request)
        self.meddle(reply)
        return reply


class Scene:
    """A learner of a personal institution with the small course, and folders for their devices."""

    def __init__(self, world: World, someone: Someone, course: Course, folder: Path) -> None:
        self.world = world
        self.someone = someone
        self.course = course
        self.course_id = str(course.id)
        self.folder = folder

    @contextmanager
    def device(self, name: str = "laptop") -> Iterator[Cache]:
        with closing(Cache.open(self.folder / name, self.someone.me)) as cache:
            yield cache

    async def download(self, cache: Cache) -> None:
        course, version, published, _ = await read_course(self.someone.database, self.someone.me, self.course_id)
        keys = await practice_keys(self.someone.database, self.someone.me, self.course_id)
        cache.content.put(course, content_version=version, published=published, keys=keys)

    def study(self, cache: Cache, times: int = 1) -> None:
        """Enrols; then, so many times: 20 s of the text, its completion, and both answers of the quiz, the second one right."""
        text, quiz = section_id(self.course, "intro"), section_id(self.course, "quiz")
        ids = question_ids(self.course, "quiz")
        answers = {"responses": {ids["one"]: 1, ids["two"]: "4"}, "hints": {}}
        cache.outbox.record([cache.event(EventKind.ENROLLED, course=self.course_id)])
        for _ in range(times):
            cache.outbox.record(
                [
                    cache.event(EventKind.TIME, course=self.course_id, section=text, body={"seconds": 20}),
                    cache.event(EventKind.COMPLETED, course=self.course_id, section=text),
                    cache.event(EventKind.ANSWERED, course=self.course_id, section=quiz, body=answers),
                ]
            )

    async def truth(self) -> dict[str, tuple[object, ...]]:
        """Seconds, whether it is done, attempts and score of each section, as the database has them."""
        reply = await self.someone.progress()
        return {row.section: (row.active_seconds, row.completed_at is not None, row.attempts, row.score) for row in reply.sections}


def figures(cache: Cache, course: str) -> dict[str, tuple[object, ...]]:
    """The same of what the screens show."""

    def of(state: SectionState) -> tuple[object, ...]:
        return state.active_seconds, state.completed_at is not None, state.attempts, state.score

    return {section: of(state) for section, state in cache.progress.course(course).sections.items()}


@pytest.fixture
async def scene(world: World, tmp_path: Path) -> Scene:
    personal = world.add_institution(personal=True)
    someone = await world.add_person(Role.INSTRUCTOR, personal, timezone="Europe/Berlin")
    return Scene(world, someone, await someone.imports(small_course()), tmp_path)


def engine(cache: Cache, channel: Channel) -> Engine:
    return Engine(cache, channel.connect, jitter=lambda seconds: seconds)


async def learn(scene: Scene, cache: Cache, channel: Channel) -> None:
    """Enrols and downloads, so that practice keys are here."""
    cache.outbox.record([cache.event(EventKind.ENROLLED, course=scene.course_id)])
    await engine(cache, channel).run_once()
    await scene.download(cache)


async def test_the_numbers_do_not_move_when_the_database_takes_the_events(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        scene.study(cache, 3)
        before = figures(cache, scene.course_id), cache.progress.days(), cache.progress.totals()
        rolled = cache.progress.course(scene.course_id)

        report = await engine(cache, channel).run_once()

        assert (report.state, report.applied, report.rejected, report.pending) == (SyncState.IDLE, 10, 0, 0), cache.outbox.problems()
        assert (figures(cache, scene.course_id), cache.progress.days(), cache.progress.totals()) == before
        assert figures(cache, scene.course_id) == await scene.truth()
        after = cache.progress.course(scene.course_id)
        assert (after.course.done, after.course.total, after.course.percent, after.course.active_seconds, after.course.score) == (
            rolled.course.done,
            rolled.course.total,
            rolled.course.percent,
            rolled.course.active_seconds,
            rolled.course.score,
        )
        assert after.lessons.keys() == rolled.lessons.keys()


async def test_a_lost_reply_is_a_duplicate_the_second_time(scene: Scene) -> None:
    channel = Channel(scene.someone)

    def lose(reply: SyncReply) -> None:
        if reply.verdicts:
            channel.meddle = lambda reply: None
            raise ConnectionResetError("reset")

    with scene.device() as cache:
        scene.study(cache, 2)
        channel.meddle = lose
        first = await engine(cache, channel).run_once()
        second = await engine(cache, channel).run_once()

        assert (first.state, first.pending) == (SyncState.OFFLINE, 7)
        assert (second.state, second.duplicate, second.applied, second.pending) == (SyncState.IDLE, 7, 0, 0)
        assert (await scene.truth())[section_id(scene.course, "intro")] == (40, True, 0, None)
        assert figures(cache, scene.course_id) == await scene.truth()


async def test_a_terminated_connection_costs_nothing(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device() as cache:
        scene.study(cache, 150)
        running = engine(cache, channel)
        await running.run_once()
        scene.study(cache, 150)
        kills = iter(range(6))

        def terminate(request: SyncRequest) -> None:
            if request.events and next(kills, None) is not None:
                with scene.world.psql() as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (scene.someone.target.user,)
                    )

        channel.before = terminate
        states = [(await running.run_once()).state for _ in range(8)]

        assert SyncState.OFFLINE in states
        assert states[-1] is SyncState.IDLE
        assert cache.outbox.counts().queued == 0
        assert (await scene.truth())[section_id(scene.course, "intro")][0] == 300 * 20
        assert figures(cache, scene.course_id) == await scene.truth()


async def test_a_kill_of_the_backend_in_the_middle_of_a_call(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device() as cache:
        scene.study(cache, 80)
        with scene.world.psql() as blocker:
            blocker.autocommit = False
            blocker.execute("LOCK TABLE lms.section_progress IN ACCESS EXCLUSIVE MODE")
            pushing = asyncio.create_task(engine(cache, channel).run_once())
            while True:
                with scene.world.psql() as watcher:
                    killed = watcher.execute(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'",
                        (scene.someone.target.user,),
                    ).fetchone()
                if killed and killed[0]:
                    break
                await asyncio.sleep(0)
            blocker.rollback()
        first = await pushing
        second = await engine(cache, channel).run_once()

        assert (first.state, first.pending) == (SyncState.OFFLINE, 241)
        assert (second.state, second.pending) == (SyncState.IDLE, 0)
        assert (await scene.truth())[section_id(scene.course, "intro")][0] == 80 * 20


async def test_two_devices_see_the_sum_of_both(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device("laptop") as laptop, scene.device("desktop") as desktop:
        scene.study(laptop, 2)
        scene.study(desktop, 3)
        await engine(laptop, channel).run_once()
        await engine(desktop, channel).run_once()
        await engine(laptop, channel).run_once()

        assert figures(laptop, scene.course_id) == figures(desktop, scene.course_id) == await scene.truth()
        assert (await scene.truth())[section_id(scene.course, "intro")][0] == 100


_WRITTEN_BY_SYNC = (
    "attempts", "places", "learning_events", "section_progress", "lesson_progress", "course_progress", "daily_activity", "enrollments",
    "sync_head",
)  # fmt: skip


def restore(scene: Scene, epoch: str, *, empty: bool) -> str:
    """Gives the database another epoch, and takes this institution back to before any event. Gives the epoch before."""
    with scene.world.psql() as owner:
        for table in _WRITTEN_BY_SYNC if empty else ():
            owner.execute(f"DELETE FROM lms.{table} WHERE institution_id = %s".encode(), (scene.someone.me.institution_id,))
        before = owner.execute("SELECT value FROM lms.meta WHERE key = 'sync_epoch'").fetchone()
        owner.execute("UPDATE lms.meta SET value = %s WHERE key = 'sync_epoch'", (epoch,))
    assert before is not None
    return str(before[0])


async def test_a_database_that_was_restored_gets_what_it_lost(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device() as cache:
        scene.study(cache, 4)
        await engine(cache, channel).run_once()
        truth = await scene.truth()
        epoch = restore(scene, "restored", empty=True)
        try:
            report = await engine(cache, channel).run_once()

            assert (report.state, report.applied, report.pending) == (SyncState.IDLE, 13, 0)
            assert await scene.truth() == truth == figures(cache, scene.course_id)
            assert cache.mirror.cursor().epoch == "restored"
        finally:
            restore(scene, epoch, empty=False)


async def test_an_older_copy_is_noticed_when_its_version_has_caught_up(scene: Scene) -> None:
    channel = Channel(scene.someone)
    with scene.device() as cache, scene.device("desktop") as desktop:
        scene.study(cache, 4)
        await engine(cache, channel).run_once()
        truth, cursor = await scene.truth(), cache.mirror.cursor()
        restore(scene, await epoch_of(scene), empty=True)
        version = 0
        while version <= cursor.version:
            scene.study(desktop)
            await engine(desktop, channel).run_once()
            version = desktop.mirror.cursor().version
        assert (await scene.truth()) != truth

        report = await engine(cache, channel).run_once()

        assert (report.state, report.applied, report.pending) == (SyncState.IDLE, 13, 0)
        assert await scene.truth() == figures(cache, scene.course_id)
        assert (await engine(cache, channel).run_once()).sent == 0
        await engine(desktop, channel).run_once()
        assert figures(desktop, scene.course_id) == figures(cache, scene.course_id)


async def epoch_of(scene: Scene) -> str:
    return (await scene.someone.progress()).epoch


async def test_a_refused_event_blocks_nobody_and_can_be_tried_again(scene: Scene) -> None:
    channel = Channel(scene.someone)
    text = section_id(scene.course, "intro")
    with scene.device() as cache:
        cache.outbox.record([cache.event(EventKind.TIME, course=scene.course_id, section=text, body={"seconds": 7})])
        scene.study(cache, 1)
        report = await engine(cache, channel).run_once()
        (problem,) = cache.outbox.problems()

        assert (report.applied, report.rejected, problem.code) == (4, 1, "not_enrolled")
        cache.outbox.retry()
        assert (await engine(cache, channel).run_once()).pending == 0


async def test_what_jsonb_refuses_arrives_cleaned(scene: Scene) -> None:
    channel = Channel(scene.someone)
    quiz, ids = section_id(scene.course, "quiz"), question_ids(scene.course, "quiz")
    with scene.device() as cache:
        body = {"responses": {ids["two"]: "4\0\ud800"}, "hints": {}}
        cache.outbox.record([cache.event(EventKind.ENROLLED, course=scene.course_id)])
        cache.outbox.record([cache.event(EventKind.ANSWERED, course=scene.course_id, section=quiz, body=body)])

        assert (await engine(cache, channel).run_once()).applied == 2


async def test_many_events_drain_in_few_calls(scene: Scene) -> None:
    channel = Channel(scene.someone)
    sizes: list[int] = []
    with scene.device() as cache:
        scene.study(cache, 400)
        channel.before = lambda request: sizes.append(len(request.events))
        report = await engine(cache, channel).run_once()

        assert (report.applied, report.pending) == (1201, 0)
        assert len(sizes) <= 5
        assert figures(cache, scene.course_id)[section_id(scene.course, "intro")] == (8_000, True, 0, None)
