"""An assessment that opens after its course was fetched, from a real PostgreSQL into the cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lms_tui.cache.store import Cache
from lms_tui.library import fetching
from lms_tui.library.entries import Entries
from lms_tui.library.recording import Recording
from tests.cache.sample import HeldClock
from tests.db.courses import section_id, small_course
from tests.db.sitting import sitting, with_rules
from tests.db.world import Someone, World

OPENS = timedelta(hours=1)


@contextmanager
def cache_of(person: Someone, folder: Path) -> Iterator[tuple[Cache, HeldClock]]:
    """A cache of a person's, and its clock, which stands at what time it is."""
    clock = HeldClock()
    clock.forward(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    cache = Cache.open(folder, person.me, clock=clock)
    try:
        yield cache, clock
    finally:
        cache.close()


async def test_questions_come_when_the_assessment_has_opened(world: World, tmp_path: Path) -> None:
    exam = await sitting(world, attempts=1, opens=datetime.now(UTC) + OPENS)
    course, section = str(exam.course.id), section_id(exam.course, "exam")
    with cache_of(exam.student, tmp_path) as (cache, clock):
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


async def test_an_edit_of_the_opening_takes_no_questions_from_an_attempt_under_way(world: World, tmp_path: Path) -> None:
    exam = await sitting(world, attempts=1)
    course, section = str(exam.course.id), section_id(exam.course, "exam")
    with cache_of(exam.student, tmp_path) as (cache, clock):
        await fetching.course(exam.student.database, cache, course)
        entries, recording = Entries(cache, lambda: UTC, enrols=True), Recording(cache, enrols=True)
        await recording.start_attempt(section, ())
        read = cache.content.section(section).section.questions
        edited = with_rules(small_course(), attempts=1, opens=datetime.now(UTC) + OPENS)
        await exam.teacher.imports(edited)

        for _ in range(2):
            assert await fetching.course(exam.student.database, cache, course)
            opened = cache.content.section(section)
            assert (opened.content.question_count, opened.section.questions) == (2, read)
            cache.content.put(cache.content.whole(course), content_version=1)  # an older one: it is fetched once more
        assert entries.of(section).sentence.startswith("Enter goes on with the attempt")
        assert recording.checked(section, {"secret": "Waldemar"})

        await fetching.course(exam.student.database, cache, course)
        assert cache.content.wanting([course]) == ()
        clock.forward(seconds=OPENS.total_seconds() + 60)
        assert cache.content.wanting([course]) == (course,), "they may have been edited, too"
        exam.as_owner("UPDATE lms.questions SET opens_at = now() WHERE opens_at IS NOT NULL")
        assert await fetching.course(exam.student.database, cache, course)
        assert cache.content.wanting([course]) == ()
        assert cache.content.section(section).section.questions == read
