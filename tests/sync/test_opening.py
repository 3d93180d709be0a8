"""An assessment that opens after its course was fetched, from a real PostgreSQL into the cache."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from lms_tui.cache.store import Cache
from lms_tui.library import fetching
from lms_tui.library.entries import Entries
from tests.cache.sample import HeldClock
from tests.db.courses import section_id
from tests.db.sitting import sitting
from tests.db.world import World

OPENS = timedelta(hours=1)


async def test_questions_come_when_the_assessment_has_opened(world: World, tmp_path: Path) -> None:
    exam = await sitting(world, attempts=1, opens=datetime.now(UTC) + OPENS)
    course, section = str(exam.course.id), section_id(exam.course, "exam")
    clock = HeldClock()
    clock.forward(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    cache = Cache.open(tmp_path, exam.student.me, clock=clock)
    try:
        assert await fetching.course(exam.student.database, cache, course)
        opened = cache.content.section(section)
        assert (opened.content.question_count, opened.section.questions) == (2, ())
        assert cache.content.wanting([course]) == ()
        assert not await fetching.course(exam.student.database, cache, course)
        entries = Entries(cache, lambda: UTC, enrols=True)
        assert entries.of(section).sentence.startswith("It opens ")

        clock.forward(seconds=OPENS.total_seconds() + 60)
        entry = entries.of(section)
        assert not entry.may_start
        assert entry.sentence == "It is open; its questions come as soon as the database can be reached."
        assert cache.content.wanting([course]) == (course,)
        await fetching.course(exam.student.database, cache, course)  # by the database's clock it is not open
        assert not entries.of(section).may_start
        exam.as_owner("UPDATE lms.questions SET opens_at = now() WHERE opens_at IS NOT NULL")
        assert await fetching.course(exam.student.database, cache, course)
        opened = cache.content.section(section)
        assert (opened.content.question_count, len(opened.section.questions)) == (2, 2)
        assert cache.content.wanting([course]) == ()
        assert entries.of(section).may_start
    finally:
        cache.close()
