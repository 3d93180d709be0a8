"""What the person sees before a reply is what the database says after it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_tui.cache.store import Cache
from lms_tui.model.catalog import Filters
from lms_tui.model.events import Event, EventKind
from lms_tui.model.progress import RollUp
from lms_tui.model.wire import SyncRequest
from tests.cache.sample import PERSON, TIDES_S1, HeldClock, answered, completed, enrolled, ident, make_course, spent
from tests.cache.twin import Twin

TIDES = ident("tides")


def exchange(cache: Cache, twin: Twin, limit: int = 250) -> None:
    """Sends what waits and takes the reply in."""
    request = SyncRequest(
        device=cache.device_id, sent_at=cache.clock.now(), events=cache.outbox.pending(limit), cursor=cache.mirror.cursor()
    )
    cache.mirror.acknowledge(request, twin.reply(request))


def seen(cache: Cache) -> object:
    """Everything that screens show of progress."""
    days = cache.progress.days()
    for day in days:
        assert cache.progress.active_seconds(date.fromisoformat(day.date)) == day.active_seconds
    return cache.progress.course(TIDES), days, cache.progress.totals(), cache.progress.standings([TIDES])[TIDES].roll_up


_actions = st.one_of(
    st.tuples(st.just("time"), st.integers(1, 4), st.integers(0, 300)),
    st.tuples(st.just("completed"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("answered"), st.integers(1, 2), st.integers(0, 8)),
    st.tuples(st.just("opened"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just("hours"), st.integers(1, 30), st.just(0)),
)


def do(cache: Cache, clock: HeldClock, action: tuple[str, int, int]) -> Event | None:
    kind, which, value = action
    section = ident(f"tides/{1 + which % 2}/s{1 + which // 3}")
    if kind == "hours":
        clock.forward(hours=which)
        return None
    if kind == "answered":
        return answered(cache, which, {number: option for number, option in ((1, value % 3), (2, value // 3)) if option})
    if kind == "time":
        return spent(cache, section, value)
    return completed(cache, section) if kind == "completed" else cache.event(EventKind.OPENED, course=TIDES, section=section)


@settings(max_examples=60, deadline=None)
@given(st.lists(_actions, max_size=25), st.lists(_actions, max_size=12), st.integers(1, 6))
def test_the_numbers_do_not_move_when_the_database_takes_the_events(
    first: list[tuple[str, int, int]], then: list[tuple[str, int, int]], limit: int
) -> None:
    with TemporaryDirectory() as folder:
        clock = HeldClock()
        cache = Cache.open(Path(folder), PERSON, clock=clock)
        course, keys = make_course()
        twin = Twin(clock, [(course, keys)])
        cache.content.put(course, content_version=1, keys=keys)
        cache.outbox.record([enrolled(cache)])
        for actions in (first, then):
            for action in actions:
                event = do(cache, clock, action)
                if event is not None:
                    cache.outbox.record([event])
            before = seen(cache)
            while cache.outbox.counts().pending:
                exchange(cache, twin, limit)
                assert seen(cache) == before
        assert cache.progress.course(TIDES).course == twin.roll_up(TIDES)
        assert cache.progress.course(TIDES).sections == twin.states
        cache.close()


def test_a_quiz_is_graded_here_with_the_practice_keys(with_course: Cache) -> None:
    with_course.outbox.record([answered(with_course, 1, {1: 2, 2: 1})])

    state = with_course.progress.section(ident("tides/1/quiz"))

    assert state.score == Decimal("33.33")
    assert state.completed_at is not None
    assert {key: one.points for key, one in state.questions.items()} == {ident("tides/1/q1"): 1, ident("tides/1/q2"): 0}


def test_without_keys_an_answer_is_only_an_access(cache: Cache) -> None:
    course, _ = make_course()
    cache.content.put(course, content_version=1)
    cache.outbox.record([answered(cache, 1, {1: 2, 2: 2})])

    state = cache.progress.section(ident("tides/1/quiz"))

    assert (state.score, state.completed_at, state.last_accessed_at) == (None, None, cache.clock.now())


def test_a_section_that_vanished_keeps_its_time_and_leaves_the_shares(with_course: Cache, clock: HeldClock) -> None:
    course, keys = make_course()
    twin = Twin(clock, [(course, keys)])
    with_course.outbox.record([enrolled(with_course), spent(with_course, TIDES_S1, 120), completed(with_course, TIDES_S1)])
    exchange(with_course, twin)
    shorter, keys = make_course(lessons=1, sections=3)
    kept = tuple(section for section in shorter.lessons[0].sections if section.id != TIDES_S1)
    lesson = type(shorter.lessons[0])(slug="l1", title="Lesson 1", sections=kept, id=shorter.lessons[0].id)
    with_course.content.put(type(course)(slug="tides", title="Tides", lessons=(lesson,), id=TIDES), content_version=2, keys=keys)
    with_course.outbox.record([spent(with_course, ident("tides/1/s2"), 30)])

    seen = with_course.progress.course(TIDES)

    assert (seen.course.done, seen.course.total, seen.course.active_seconds) == (0, 2, 150)
    assert seen.sections[TIDES_S1].completed_at is not None


def test_a_course_that_is_not_downloaded_shows_what_the_database_says_and_the_waiting_time(cache: Cache, clock: HeldClock) -> None:
    twin = Twin(clock, [make_course()])
    cache.outbox.record([enrolled(cache), completed(cache, TIDES_S1)])
    exchange(cache, twin)
    clock.forward(minutes=1)
    cache.outbox.record([spent(cache, TIDES_S1, 40)])

    standing = cache.progress.standings()[TIDES]

    assert standing.enrolled
    assert (standing.roll_up.done, standing.roll_up.total, standing.roll_up.active_seconds) == (1, 6, 40)
    assert standing.roll_up.last_accessed_at == clock.now()


def test_days_are_the_learners_own(with_course: Cache, clock: HeldClock) -> None:
    clock.forward(hours=11, minutes=30)  # 23:30 UTC on the 5th is half past midnight on the 6th in Berlin
    with_course.outbox.record([spent(with_course, TIDES_S1, 60), completed(with_course, TIDES_S1), answered(with_course, 1, {1: 1})])

    (day,) = with_course.progress.days()

    assert (day.date, day.active_seconds, day.completed, day.answered) == ("2026-01-06", 60, 1, 1)
    assert with_course.progress.active_seconds(date(2026, 1, 6)) == 60
    assert with_course.progress.active_seconds(date(2026, 1, 5)) == 0


def test_a_day_has_no_more_than_its_seconds(with_course: Cache) -> None:
    with_course.outbox.record([spent(with_course, TIDES_S1, 300) for _ in range(300)])

    assert with_course.progress.days()[0].active_seconds == 86400
    assert with_course.progress.active_seconds(date(2026, 1, 5)) == 86400
    assert with_course.progress.active_seconds(date(2026, 1, 6)) == 0
    assert with_course.progress.section(TIDES_S1).active_seconds == 90000


def test_the_last_word_on_enrolment_is_the_waiting_one(with_course: Cache, clock: HeldClock) -> None:
    twin = Twin(clock, [make_course()])
    with_course.outbox.record([enrolled(with_course)])
    exchange(with_course, twin)
    assert with_course.progress.course(TIDES).enrolled
    with_course.outbox.record([with_course.event(EventKind.LEFT, course=TIDES)])

    assert not with_course.progress.course(TIDES).enrolled
    assert with_course.content.courses(Filters(mine=True)).items == ()


def test_refused_events_are_not_counted(with_course: Cache, clock: HeldClock) -> None:
    twin = Twin(clock, [make_course()])
    with_course.outbox.record([spent(with_course, TIDES_S1, 30)])
    exchange(with_course, twin)

    assert with_course.progress.course(TIDES).course == RollUp(total=6)
    (problem,) = with_course.outbox.problems()
    assert (problem.code, problem.detail) == ("not_enrolled", "You do not take this course.")


def test_a_read_of_65_sections_and_1000_waiting_events_takes_milliseconds(cache: Cache, clock: HeldClock) -> None:
    course, keys = make_course(lessons=5, sections=13)
    cache.content.put(course, content_version=1, keys=keys)
    events = [spent(cache, str(course.lessons[n % 5].sections[n % 12].id), 15) for n in range(700)]
    events += [answered(cache, 1 + n % 5, {1: 1 + n % 2, 2: 2}) for n in range(300)]
    cache.outbox.record(events)
    cache.progress.course(TIDES)

    took = []
    for _ in range(5):
        started = thread_time()
        cache.progress.course(TIDES)
        took.append(thread_time() - started)

    assert min(took) < 0.04  # ten times what it takes on a slow machine


def test_a_restored_database_is_believed_and_nothing_is_counted_twice(with_course: Cache, clock: HeldClock) -> None:
    twin = Twin(clock, [make_course()])
    with_course.outbox.record([enrolled(with_course), *(spent(with_course, TIDES_S1, 10) for _ in range(3))])
    exchange(with_course, twin)

    def ask() -> int:
        request = SyncRequest(device=with_course.device_id, sent_at=clock.now(), cursor=with_course.mirror.cursor())
        with_course.mirror.acknowledge(request, twin.reply(request))
        return with_course.progress.section(TIDES_S1).active_seconds

    twin.epoch = "restored with everything"
    assert ask() == 30
    assert with_course.outbox.counts().pending == 4
    exchange(with_course, twin)
    assert with_course.progress.section(TIDES_S1).active_seconds == 30

    twin.forget()
    twin.epoch = "restored with nothing"
    assert ask() == 0
    exchange(with_course, twin)
    assert with_course.progress.section(TIDES_S1).active_seconds == 30
