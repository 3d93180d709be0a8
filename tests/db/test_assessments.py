"""Assessments: who may begin and hand in when, and what counts."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from lms_tui.model.question import AnswerKey, Kind, Question
from lms_tui.model.wire import Cursor
from tests.db.courses import question_ids, section_id, small_course
from tests.db.sitting import MINUTE, OTHER_DEVICE, sitting
from tests.db.world import World


async def test_an_attempt_that_was_begun_and_handed_in_is_graded_by_the_next_call(world: World) -> None:
    exam = await sitting(world, attempts=2, time_limit_seconds=1200, pass_mark=60)
    start = exam.start(-10)
    told = await exam.student.sends(start, cursor=Cursor())
    [row] = told.attempts
    assert (row.id, row.standing, row.started_at, row.at, row.received_at, row.score) == (start.id, "started", start.at, None, None, None)
    handed = exam.hand_in(start, -1, essay={"text": "mine", "points": 5})
    told = await exam.student.sends(handed, cursor=Cursor(epoch=told.epoch, version=told.version))
    [row] = told.attempts
    assert (row.id, row.standing, row.at, row.score) == (start.id, "waiting", handed.at, None)
    [progress] = told.sections
    assert (progress.score, progress.completed_at, progress.questions, progress.attempts) == (None, None, {}, 1)
    told = await exam.student.sends(cursor=Cursor(epoch=told.epoch, version=told.version))
    [row] = told.attempts
    assert (row.standing, row.score) == ("graded", Decimal(100)), "nobody marks themself in an assessment"
    [progress] = told.sections
    assert (progress.score, progress.completed_at) == (Decimal(100), handed.at)
    assert [course.done for course in told.courses] == [1]
    assert [(day.date, day.completed) for day in told.days] == [(f"{handed.at:%Y-%m-%d}", 1)]
    assert (await exam.student.sends(cursor=Cursor(epoch=told.epoch, version=told.version))).attempts == ()


async def test_the_limit_is_used_up_by_beginnings_in_the_order_of_arrival(world: World) -> None:
    exam = await sitting(world, attempts=2)
    first, second, third = exam.start(-30), exam.start(-20), exam.start(-50)
    await exam.sends(second)
    await exam.sends(first, device=OTHER_DEVICE)
    await exam.sends(third, exam.hand_in(third, -40), device=OTHER_DEVICE)
    await exam.sends(exam.hand_in(first, -1, "no"))
    assert await exam.standings(first, second, third) == ["graded", "started", "over_limit"]
    row = (await exam.attempts())[third.id]
    assert (row.at, row.score) == (exam.now - 40 * MINUTE, None)
    assert (await exam.exam()).score == 0


async def test_an_answer_without_a_beginning_is_one_of_the_attempts(world: World) -> None:
    exam = await sitting(world, attempts=1)
    handed = exam.hand_in(None, -5)
    started = exam.start(-3)
    assert await exam.sends(started, handed) == ["applied"] * 2
    assert await exam.standings(handed, started) == ["graded", "over_limit"]
    assert (await exam.attempts())[handed.id].started_at is None


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_attempt_is_handed_in_once(world: World, at_once: bool) -> None:
    exam = await sitting(world, attempts=3)
    start = exam.start(-10)
    first, second = exam.hand_in(start, -5, "no"), exam.hand_in(start, -7)
    batches = [(start, second, first)] if at_once else [(start, first), (second,)]
    for batch in batches:
        await exam.sends(*batch)
    assert await exam.standings(start, second) == ["graded", "over_limit"]
    attempts = await exam.attempts()
    assert (attempts[start.id].at, attempts[start.id].score, attempts[second.id].score) == (first.at, Decimal(0), None)
    another = exam.start(-1)
    await exam.sends(another)
    assert await exam.standings(another) == ["started"], "the second set used up nothing"


async def test_before_it_opens_nothing_counts_and_nothing_is_used_up(world: World) -> None:
    now = datetime.now(UTC)
    exam = await sitting(world, attempts=1, opens=now - 10 * MINUTE)
    early, too_early, fine = exam.start(-13), exam.hand_in(None, -14), exam.start(-11.9)
    await exam.sends(early, exam.hand_in(early, -5), too_early, fine, exam.hand_in(fine, -1))
    assert await exam.standings(early, too_early, fine) == ["early", "early", "graded"]


async def test_a_hand_in_is_early_only_where_its_beginning_was(world: World) -> None:
    """A forged time gives no attempt back, and no time to think."""
    exam = await sitting(world, attempts=1, time_limit_seconds=600, connection="required", opens=datetime.now(UTC) - 30 * MINUTE)
    start, again = exam.start(0), exam.start(0.5)
    await exam.sends(start)
    await exam.sends(exam.hand_in(start, -60))
    await exam.sends(again)
    assert await exam.standings(start, again) == ["graded", "over_limit"]


async def test_what_arrives_after_closing_is_late_whenever_it_was_done(world: World) -> None:
    exam = await sitting(world, closes=datetime.now(UTC) + 60 * MINUTE)
    fine, late = exam.start(-30), exam.start(-20)
    await exam.sends(fine, exam.hand_in(fine, -25), late)
    exam.as_owner("UPDATE lms.sections SET closes_at = %s WHERE section_id = %s", exam.now - MINUTE, section_id(exam.course, "exam"))
    alone = exam.hand_in(None, -10)
    await exam.sends(exam.hand_in(late, -15), alone)
    assert await exam.standings(fine, late, alone) == ["graded", "late", "late"]


async def test_a_time_limit_of_years_stops_no_batch(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=2**31 - 2)
    start = exam.start(-9)
    reply = await exam.student.sends(start, exam.hand_in(start, -1))
    assert [verdict.outcome for verdict in reply.verdicts] == ["applied"] * 2
    assert await exam.standings(start) == ["graded"]


async def test_the_time_limit_is_counted_by_the_device_and_has_a_minute_of_grace(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600)
    starts = [exam.start(-30), exam.start(-29)]
    fine, late = exam.hand_in(starts[0], -19), exam.hand_in(starts[1], -18 + 1 / 60)
    await exam.sends(*starts, late, fine)
    assert await exam.standings(*starts) == ["graded", "late"]
    assert (await exam.exam()).completed_at == fine.at


async def test_where_a_connection_is_needed_the_clock_is_the_databases(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600, connection="required")
    backdated, slow = exam.start(-1), exam.start(-1)
    await exam.sends(backdated, slow)
    started = (await exam.attempts())[slow.id].started_at
    assert started is not None
    assert started >= exam.now
    exam.as_owner("UPDATE lms.attempts SET started_at = started_at - interval '12 minutes' WHERE attempt_id = %s", slow.id)
    await exam.sends(exam.hand_in(backdated, 0), exam.hand_in(slow, -0.5))
    assert await exam.standings(backdated, slow) == ["graded", "late"]


async def test_where_a_connection_is_needed_a_queued_beginning_buys_no_time(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600, connection="required")
    queued = exam.start(-15)
    await exam.sends(queued)
    assert (await exam.attempts())[queued.id].started_at == queued.at
    together = exam.start(-1)
    await exam.sends(exam.hand_in(queued, -14), together, exam.hand_in(together, 0))
    assert await exam.standings(queued, together) == ["late", "late"]


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 600}, {"connection": "required"}])
async def test_where_time_or_a_connection_counts_an_answer_without_a_beginning_is_kept_and_not_graded(
    world: World, rules: dict[str, Any]
) -> None:
    exam = await sitting(world, attempts=1, **rules)
    alone, start, another = exam.hand_in(None, -3), exam.start(-2), exam.hand_in(None, -1)
    assert await exam.sends(alone) == ["applied"]
    assert await exam.sends(start, another) == ["applied"] * 2, "what was done before beginnings were known uses up nothing"
    assert await exam.standings(alone, start, another) == ["late", "started", "late"]
    await exam.sends(exam.hand_in(start, 0))
    attempts = await exam.attempts()
    assert [(attempts[one.id].score, attempts[one.id].at) for one in (alone, another)] == [(None, alone.at), (None, another.at)]
    assert len([row for row in attempts.values() if row.standing == "started"]) == 0


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 600}, {"connection": "required"}])
async def test_an_answer_names_an_attempt_that_was_begun_there(world: World, rules: dict[str, Any]) -> None:
    exam = await sitting(world, **rules)
    unknown, elsewhere = exam.start(-5), exam.event("attempt_started", -5, "quiz")
    assert await exam.sends(exam.hand_in(unknown, -1), elsewhere) == ["rejected:not_started", "applied"]
    assert await exam.sends(exam.hand_in(elsewhere, -1)) == ["rejected:not_started"]
    assert await exam.attempts() == {}


async def test_an_attempt_that_nothing_began_is_refused(world: World) -> None:
    exam = await sitting(world)
    alone = exam.hand_in(None, -5)
    assert await exam.sends(alone, exam.hand_in(alone, -4)) == ["applied", "rejected:not_started"]
    assert await exam.sends(exam.hand_in(alone, -4)) == ["rejected:not_started"]
    shapes: tuple[object, ...] = (1, "no id", [], {})
    for wrong in shapes:
        odd = exam.hand_in(None, -3)
        assert await exam.sends(replace(odd, body=odd.body | {"attempt": wrong})) == ["rejected:bad_event"]
    null = exam.hand_in(None, -2)
    assert await exam.sends(replace(null, body=null.body | {"attempt": None})) == ["applied"]


async def test_a_refused_answer_counts_once_its_beginning_is_there(world: World) -> None:
    exam = await sitting(world, time_limit_seconds=600)
    start = exam.start(-5)
    handed = exam.hand_in(start, -1)
    assert await exam.sends(handed) == ["rejected:not_started"]
    assert await exam.sends(start, handed) == ["applied"] * 2
    assert await exam.sends(start, handed) == ["duplicate"] * 2
    assert await exam.standings(start) == ["graded"]


async def test_an_essay_alone_is_graded_without_a_score_and_completes(world: World) -> None:
    essay = Question(key="secret", kind=Kind.SELF_MARKED, prompt="Explain.", points=Decimal(5))
    course = small_course()
    first, second = course.lessons
    only = tuple(
        replace(one, questions=(essay,), keys={"secret": AnswerKey(model_answer="So.")}) if one.slug == "exam" else one
        for one in second.sections
    )
    exam = await sitting(world, replace(course, lessons=(first, replace(second, sections=only))), pass_mark=50)
    start = exam.start(-5)
    handed = exam.hand_in(start, -1)
    essays = {question_ids(exam.course, "exam")["secret"]: {"text": "x", "points": 5}}
    await exam.sends(start, replace(handed, body=handed.body | {"responses": essays}))
    row = (await exam.attempts())[start.id]
    assert (row.standing, row.score) == ("graded", None)
    progress = await exam.exam()
    assert (progress.score, progress.completed_at) == (None, handed.at)


async def test_what_is_begun_elsewhere_is_no_attempt(world: World) -> None:
    exam = await sitting(world)
    assert await exam.sends(exam.event("attempt_started", -5, "quiz"), exam.event("attempt_started", -4, "intro")) == ["applied"] * 2
    assert await exam.attempts() == {}
