"""What the database refuses is told, kept, sent again when it can be counted, and then counted once."""

import stat
from pathlib import Path

import msgspec

from lms_tui.cache.store import Cache
from lms_tui.library import Library
from lms_tui.library.backend import Backend
from lms_tui.library.profile import load
from lms_tui.model.events import EventKind
from tests.db.courses import section_id
from tests.sync.test_real_database import Channel, Scene, engine, figures, scene

__all__ = ["scene"]  # a fixture


def library_of(scene: Scene, cache: Cache) -> Library:
    """What the screens see of a cache file."""
    folder, profile = load("personal")
    return Library(cache, scene.someone.me, Backend(cache, folder, profile, offline=True))


def revoke(scene: Scene) -> None:
    """The institution takes the person out of the course, as of an hour ago."""
    with scene.world.psql() as owner:
        changed = owner.execute(
            "UPDATE lms.enrollments SET active = false, state_at = now() - interval '1 hour' WHERE user_id = %s",
            (scene.someone.me.user_id,),
        )
        assert changed.rowcount == 1


async def test_work_of_a_revoked_enrolment_is_told_and_counts_once_when_the_person_is_back(scene: Scene, tmp_path: Path) -> None:
    channel, text = Channel(scene.someone), section_id(scene.course, "intro")
    with scene.device() as cache:
        cache.outbox.record([cache.event(EventKind.ENROLLED, course=scene.course_id)])
        await engine(cache, channel).run_once()
        await scene.download(cache)
        revoke(scene)
        cache.outbox.record(
            [
                cache.event(EventKind.TIME, course=scene.course_id, section=text, body={"seconds": 120}),
                cache.event(EventKind.COMPLETED, course=scene.course_id, section=text),
            ]
        )
        report = await engine(cache, channel).run_once()
        assert (report.applied, report.rejected, report.pending) == (0, 2, 0)

        library = library_of(scene, cache)
        done, time = library.problems()
        assert (done.what, done.section, done.code) == (f"Finished “{done.course} > {done.section}”", "Intro", "not_enrolled")
        assert time.what.startswith("2 min in “")
        assert "You were not enrolled" in done.happened
        assert "Enrol in the course again" in done.next_step
        view = library.queue()
        assert (view.queued, view.needs_you, view.runs[0].said) == (0, 2, "2 sent, 0 counted, 2 refused")
        file = await library.export_problems(tmp_path / "mine.json")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert {one["event"]["id"] for one in msgspec.json.decode(file.read_bytes())["events"]} == {done.id, time.id}

        await library.enrol(scene.course_id)
        assert await library.retry() == 2
        report = await engine(cache, channel).run_once()
        assert (report.applied, report.rejected, report.pending) == (3, 0, 0)
        assert library.problems() == ()
        truth = await scene.truth()
        assert truth[text] == (120, True, 0, None)

        await library.retry([done.id, time.id])
        assert (await engine(cache, channel).run_once()).sent == 0
        assert await scene.truth() == truth == figures(cache, scene.course_id)


async def test_work_of_a_removed_course_is_sent_and_shown_when_the_course_is_back(scene: Scene) -> None:
    channel, text = Channel(scene.someone), section_id(scene.course, "intro")
    with scene.device() as cache:
        await scene.download(cache)
        scene.study(cache, 1)
        library = library_of(scene, cache)
        cache.places.save_draft(text, "question", "a draft")
        [gone] = await library.remove([scene.course.slug])
        assert (gone.content_version, gone.course.available_offline, library.queue().queued) == (0, False, 4)
        assert library.study().active_seconds == 20

        assert (await engine(cache, channel).run_once()).applied == 4
        assert (await scene.truth())[text] == (20, True, 0, None)
        await scene.download(cache)
        assert figures(cache, scene.course_id) == await scene.truth()
        assert library.drafts(text) == {"question": "a draft"}
