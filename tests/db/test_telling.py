"""Nothing that the owner's functions work with reaches the one who calls them, whatever a session is set to."""

import re
from collections.abc import Callable

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from tests.db.courses import question_ids, small_course
from tests.db.sitting import sitting, with_rules
from tests.db.world import DEVICE, World

# They read no more than who the caller is, and every policy calls them for each row that it looks at: a setting more would be
# paid for with each of them.
OPEN = {"my_institution", "my_user"}
SILENT = {"client_min_messages=error", "debug_print_parse=off", "debug_print_plan=off", "debug_print_rewritten=off"}
TALKATIVE = """
  SELECT name FROM pg_settings WHERE context = 'user' AND vartype = 'bool'
  AND (name ~ '^(debug|trace|log)_' OR name = 'plpgsql.print_strict_params')
"""


def listening(connection: psycopg.Connection) -> Callable[[], bytes]:
    """Sets everything that makes a server talk. Gives what it says from then on, with the constants of plans read out."""
    said: list[str] = []
    connection.execute("DO 'BEGIN END'")  # the language's own settings are there once it is loaded
    settings = [name for (name,) in connection.execute(TALKATIVE).fetchall()]
    assert {"debug_print_parse", "debug_print_plan", "debug_print_rewritten", "trace_sort"} <= set(settings)
    for name in settings:
        connection.execute("SELECT set_config(%s, 'on', false)", (name,))
    connection.execute("SET debug_pretty_print = off")  # which parts signs from their numbers
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.execute("SET log_parameter_max_length_on_error = -1")
    connection.execute("SET client_min_messages = debug5")
    connection.add_notice_handler(
        lambda notice: said.append("\n".join(filter(None, (notice.message_primary, notice.message_detail, notice.context))))
    )

    def heard() -> bytes:
        text = "\n".join(said)
        constants = re.findall(r":constvalue \d+ \[ ([-0-9 ]+) \]", " ".join(text.split()))
        return text.encode() + b"".join(bytes(int(number) & 255 for number in constant.split()) for constant in constants)

    return heard


async def test_every_function_of_the_owners_is_silent(world: World) -> None:
    with world.psql() as connection:
        functions = connection.execute(
            "SELECT proname, coalesce(proconfig, '{}') FROM pg_proc WHERE pronamespace = 'lms'::regnamespace AND prosecdef"
        ).fetchall()
    assert len(functions) > 10
    assert {name for name, configuration in functions if not set(configuration) >= SILENT} == OPEN


async def test_a_learner_hears_no_key_while_their_attempt_is_graded(world: World) -> None:
    exam = await sitting(world, attempts=2)
    await exam.sends(exam.hand_in(None, -5, "junk"))
    with exam.student.psql() as connection:
        heard = listening(connection)
        connection.execute("SELECT 'it is ' || 'said'")
        assert b"it is said" in heard(), "a test that hears nothing proves nothing"
        sync = "SELECT lms.sync(%s, %s, 1, 'test', now(), '[]', '{}')"
        row = connection.execute(sync, (exam.student.me.institution_id, DEVICE)).fetchone()
        assert row is not None
        assert [attempt["standing"] for attempt in row[0]["attempts"]] == ["graded"]
        connection.execute("SELECT lms.practice_keys(%s, %s)", (exam.student.me.institution_id, exam.course.id))
        connection.execute("SELECT lms.search(%s, '{Name}', '{}', false, NULL, NULL, NULL, true, 10)", (exam.student.me.institution_id,))
        connection.execute("SELECT count(*) FROM lms.questions")
    assert b"Waldemar" not in heard()


async def test_an_instructor_hears_no_answer_while_it_is_graded_anew(world: World) -> None:
    exam = await sitting(world, attempts=2)
    await exam.sends(exam.hand_in(None, -5, "my own words"))
    await exam.attempts()
    secret = question_ids(exam.course, "exam")["secret"]
    exam.as_owner("DELETE FROM lms.answer_keys WHERE question_id = %s", secret)
    document = msgspec.json.encode(with_rules(small_course(), attempts=2)).decode()
    with exam.teacher.psql() as connection:
        heard = listening(connection)
        row = connection.execute("SELECT lms.import_course(%s, %s)", (exam.teacher.me.institution_id, document)).fetchone()
        assert row is not None
        assert row[0]["changed"]
    assert b"my own words" not in heard()


async def test_an_error_tells_nothing_of_what_it_was_about(world: World) -> None:
    exam = await sitting(world, attempts=2)
    broken = "UPDATE lms.answer_keys SET answer_key = %s WHERE question_id = %s"
    quiz = question_ids(exam.course, "quiz")["two"]
    exam.as_owner(broken, Jsonb({"answers": [{"pattern": "(Waldemar"}]}), quiz)
    with exam.student.psql() as connection:
        heard = listening(connection)
        event = msgspec.to_builtins(exam.event("answered", -5, "quiz", responses={quiz: "4"}))
        sync = "SELECT lms.sync(%s, %s, 1, 'test', now(), %s, '{}')"
        try:
            connection.execute(sync, (exam.student.me.institution_id, DEVICE, Jsonb([event])))
            told = ""
        except psycopg.Error as error:
            diagnosis = error.diag
            told = f"{error} {diagnosis.message_detail} {diagnosis.context} {diagnosis.internal_query}"
    assert "Waldemar" not in told
    assert b"Waldemar" not in heard()
