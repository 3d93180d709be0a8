"""An assessment from a device to a real PostgreSQL and back: what the cache shows on the way, and what it never holds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lms_tui.cache.attempts import Attempt
from lms_tui.cache.store import Cache
from lms_tui.model.course import Course, Rules
from lms_tui.model.events import Event, EventKind
from lms_tui.model.person import Role
from tests.db.courses import question_ids, section_id, small_course
from tests.db.sitting import with_rules
from tests.db.world import World
from tests.sync.test_real_database import Channel, Scene, engine, figures, learn

MINE = (
    "attempts", "section_progress", "lesson_progress", "course_progress", "daily_activity", "learning_events", "enrollments", "sync_head",
)  # fmt: skip
SECRET = "Waldemar"  # the canary: it is in the keys of the exam alone


async def scene_of(world: World, folder: Path, course: Course | None = None) -> Scene:
    """A student of a school, in its published course."""
    teacher, student = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    made = await teacher.imports(course or small_course())
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, made.id))
    return Scene(world, student, made, folder)


def start(scene: Scene, cache: Cache) -> Event:
    [event] = cache.outbox.record([cache.event(EventKind.ATTEMPT_STARTED, course=scene.course_id, section=exam(scene))])
    return event


def hand_in(scene: Scene, cache: Cache, attempt: Event | None, typed: str = "no") -> Event:
    body = {"responses": {question_ids(scene.course, "exam")["secret"]: typed}, "hints": {}} | ({"attempt": attempt.id} if attempt else {})
    [event] = cache.outbox.record([cache.event(EventKind.ANSWERED, course=scene.course_id, section=exam(scene), body=body)])
    return event


def exam(scene: Scene) -> str:
    return section_id(scene.course, "exam")


def standings(attempts: tuple[Attempt, ...]) -> list[str | None]:
    return [attempt.row.standing if attempt.row else None for attempt in attempts]


def files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def shown(scene: Scene, cache: Cache) -> tuple[object, ...]:
    """All that the screens say of progress."""
    progress = cache.progress
    return figures(cache, scene.course_id), progress.days(), progress.totals(), progress.course(scene.course_id).course


async def test_what_is_done_offline_is_seen_at_once_and_graded_in_one_run(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path)
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        attempt = start(scene, cache)
        [begun] = cache.attempts.of(exam(scene))
        assert begun == Attempt(id=attempt.id, begun_at=attempt.at)
        assert not begun.answered
        handed = hand_in(scene, cache, attempt)
        [queued] = cache.attempts.of(exam(scene))
        assert queued == Attempt(id=attempt.id, begun_at=attempt.at, handed_in_at=handed.at)
        before = figures(cache, scene.course_id)
        assert before[exam(scene)] == (0, False, 1, None), "only the database completes and scores an assessment"
        assert cache.progress.course(scene.course_id).course.done == 0

        report = await engine(cache, channel).run_once()

        assert (report.applied, report.pending) == (2, 0)
        [graded] = cache.attempts.of(exam(scene))
        assert graded.row is not None
        assert (graded.handed_in_at, graded.row.standing, graded.row.score, graded.row.at) == (None, "graded", Decimal(0), handed.at)
        assert figures(cache, scene.course_id)[exam(scene)] == (0, True, 1, Decimal(0))
        assert not cache.attempts.waiting()


async def test_nothing_moves_when_the_database_takes_the_answers_and_before_it_grades_them(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path)
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        hand_in(scene, cache, start(scene, cache))
        before = shown(scene, cache)
        calls = 0

        def stop_before_grading(request: object) -> None:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise ConnectionResetError

        channel.before = stop_before_grading
        await engine(cache, channel).run_once()
        assert cache.attempts.waiting()
        assert shown(scene, cache) == before
        channel.before = lambda request: None
        await engine(cache, channel).run_once()
        assert not cache.attempts.waiting()
        assert standings(cache.attempts.of(exam(scene))) == ["graded"]


async def test_another_device_hears_of_attempts_and_scores(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path)
    channel = Channel(scene.someone)
    with scene.device() as laptop, scene.device("desktop") as desktop:
        await learn(scene, laptop, channel)
        attempt = start(scene, laptop)
        await engine(laptop, channel).run_once()
        await engine(desktop, channel).run_once()
        [seen] = desktop.attempts.of(exam(scene))
        assert seen.row is not None
        assert (seen.id, seen.begun_at, seen.row.standing, seen.row.started_at) == (attempt.id, None, "started", attempt.at)
        hand_in(scene, desktop, attempt)
        await engine(desktop, channel).run_once()
        await engine(laptop, channel).run_once()
        assert [one.row for one in laptop.attempts.of(exam(scene))] == [one.row for one in desktop.attempts.of(exam(scene))]


async def test_a_database_that_went_back_gets_its_attempts_again(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path)
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        hand_in(scene, cache, start(scene, cache))
        running = engine(cache, channel)
        await running.run_once()
        before = [one.id for one in cache.attempts.of(exam(scene))]
        with scene.world.psql() as connection:
            mine = (scene.someone.me.institution_id, scene.someone.me.user_id)
            for table in MINE:
                connection.execute(f"DELETE FROM lms.{table} WHERE institution_id = %s AND user_id = %s".encode(), mine)
        await running.run_once()
        await running.run_once()
        again = cache.attempts.of(exam(scene))
        assert [one.id for one in again] == before
        assert standings(again) == ["graded"]
        assert figures(cache, scene.course_id) == await scene.truth()


async def test_no_key_of_an_assessment_is_ever_on_the_device(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path)
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        hand_in(scene, cache, start(scene, cache))
        await engine(cache, channel).run_once()
        await scene.download(cache)
        cache.back_up_daily()
    assert not files_with(tmp_path, SECRET)
    assert files_with(tmp_path, "Explain."), "what is asked is there"


async def test_where_a_connection_is_needed_the_beginning_goes_first(world: World, tmp_path: Path) -> None:
    scene = await scene_of(world, tmp_path, with_rules(small_course(), time_limit_seconds=600, connection="required"))
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        running = engine(cache, channel)
        together = start(scene, cache)
        hand_in(scene, cache, together)
        await running.run_once()
        apart = start(scene, cache)
        await running.run_once()
        hand_in(scene, cache, apart)
        await running.run_once()
        assert standings(cache.attempts.of(exam(scene))) == ["late", "graded"]


@pytest.mark.parametrize("rules", [Rules(opens=datetime.now(UTC) + timedelta(hours=1)), Rules(attempts=1)])
async def test_what_does_not_count_is_kept_and_said(world: World, tmp_path: Path, rules: Rules) -> None:
    scene = await scene_of(world, tmp_path, with_rules(small_course(), opens=rules.opens, attempts=rules.attempts))
    channel = Channel(scene.someone)
    with scene.device() as cache:
        await learn(scene, cache, channel)
        hand_in(scene, cache, start(scene, cache))
        hand_in(scene, cache, None)
        report = await engine(cache, channel).run_once()
        assert report.rejected == 0
        assert standings(cache.attempts.of(exam(scene))) == (["early", "early"] if rules.opens else ["graded", "over_limit"])
