"""What waits to be graded, and what an edit of the course changes of it."""

from datetime import UTC, datetime
from decimal import Decimal

from msgspec.structs import replace
from psycopg.types.json import Jsonb

from lms_tui.model.wire import Cursor
from tests.db.courses import question_ids, section_id, small_course
from tests.db.sitting import sitting, with_rules
from tests.db.world import World


async def test_keys_of_another_edit_grade_what_waits_and_leave_what_is_graded(world: World) -> None:
    exam = await sitting(world)
    graded = exam.hand_in(None, -5, "Waldemar")
    await exam.sends(graded)
    await exam.attempts()
    waits = exam.hand_in(None, -3, "Waldemar")
    await exam.sends(waits)
    another = "UPDATE lms.answer_keys SET answer_key = %s WHERE institution_id = %s AND question_id = %s"
    exam.as_owner(another, Jsonb({"answers": [{"text": "no"}]}), world.institution, question_ids(exam.course, "exam")["secret"])
    assert [row.score for row in (await exam.attempts()).values()] == [Decimal(100), Decimal(0)]


BREAK = "UPDATE lms.answer_keys SET answer_key = %s WHERE institution_id = %s AND question_id = %s"
BROKEN = Jsonb({"answers": [{"pattern": "("}]})


async def test_what_cannot_be_graded_waits_and_holds_nothing_up(world: World) -> None:
    exam = await sitting(world)
    secret = question_ids(exam.course, "exam")["secret"]
    exam.as_owner(BREAK, BROKEN, world.institution, secret)
    handed = exam.hand_in(None, -5)
    await exam.sends(handed)
    assert await exam.sends(exam.event("opened", -4, "intro")) == ["applied"]
    assert await exam.standings(handed) == ["waiting"]
    version = (await exam.student.progress()).version
    assert (await exam.student.progress()).version == version, "nothing changed, and no device is told anything anew"
    exam.as_owner(BREAK, Jsonb({"answers": [{"pattern": "wal.*"}]}), world.institution, secret)
    exam.as_owner("UPDATE lms.attempts SET tried_at = tried_at - interval '11 minutes' WHERE attempt_id = %s", handed.id)
    assert await exam.standings(handed) == ["graded"]
    assert (await exam.exam()).score == 100


async def test_many_that_cannot_be_graded_let_others_pass(world: World) -> None:
    exam = await sitting(world)
    broken = [exam.hand_in(None, -5) for _ in range(251)]
    exam.as_owner(BREAK, BROKEN, world.institution, question_ids(exam.course, "exam")["secret"])
    await exam.sends(*broken)
    await exam.attempts()
    fine = exam.hand_in(None, -4)
    essay = {question_ids(exam.course, "exam")["essay"]: {"text": "x"}}
    await exam.sends(replace(fine, body={"responses": essay}))
    await exam.attempts()
    exam.as_owner("UPDATE lms.attempts SET tried_at = tried_at - interval '11 minutes' WHERE user_id = %s", exam.student.me.user_id)
    assert await exam.standings(fine, broken[0], broken[-1]) == ["graded", "waiting", "waiting"]


async def test_very_many_attempts_are_graded_some_at_a_time(world: World) -> None:
    exam = await sitting(world)
    handed = [exam.hand_in(None, -5, "no") for _ in range(300)]
    await exam.sends(*handed)
    counts: list[int] = []
    for _ in range(2):
        reply = await exam.student.sends(cursor=Cursor())
        counts.append(sum(row.standing == "graded" for row in reply.attempts))
    assert counts == [250, 300]


async def test_an_import_keeps_the_rules_in_columns(world: World) -> None:
    opens, closes = datetime(2026, 12, 1, 7, 0, tzinfo=UTC), datetime(2026, 12, 6, 22, 59, 59, tzinfo=UTC)
    exam = await sitting(world, opens=opens, closes=closes, time_limit_seconds=1200, connection="required")
    query = "SELECT opens_at, closes_at, time_limit_seconds, needs_connection FROM lms.sections WHERE section_id = %s"
    with exam.student.psql() as connection:
        assert connection.execute(query, (section_id(exam.course, "exam"),)).fetchone() == (opens, closes, 1200, True)
        assert connection.execute(query, (section_id(exam.course, "quiz"),)).fetchone() == (None, None, None, False)
    found = next(one for lesson in exam.course.lessons for one in lesson.sections if one.slug == "exam")
    assert (found.rules.opens, found.rules.closes, found.rules.connection) == (opens, closes, "required")
    again = await exam.teacher.imports(with_rules(small_course(), attempts=1))
    with exam.student.psql() as connection:
        assert connection.execute(query, (section_id(again, "exam"),)).fetchone() == (None, None, None, False)
