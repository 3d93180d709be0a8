"""What the database lets nobody do, tried as psql would with the person's own password."""

import psycopg
import pytest
from psycopg import sql

from lms_tui.model.course import Course
from lms_tui.model.person import Role
from tests.db.courses import Recorder, question_ids, small_course
from tests.db.world import Someone, World

# Known by everybody in every institution, so that no institution comes first: who a login is, the epoch, the migrations.
REFERENCE = {"login_map", "meta", "alembic_version"}
PERSONAL = (
    "users", "sync_head", "learning_events", "event_rejects", "enrollments", "attempts", "section_progress", "lesson_progress",
    "course_progress", "daily_activity", "places",
)  # fmt: skip
CONTENT = ("courses", "course_tags", "lessons", "sections", "section_contents", "questions")
CLOSED = ("login_map", "answer_keys", "search_entries", "meta", "alembic_version")


class School:
    """An institution with a draft, a published course, a teacher, and two learners who both worked; and a teacher elsewhere."""

    teacher: Someone
    ann: Someone
    ben: Someone
    stranger: Someone
    course: Course
    draft: Course


@pytest.fixture
async def school(world: World) -> School:
    school = School()
    school.teacher = await world.add_person(Role.INSTRUCTOR)
    school.course = await school.teacher.imports(small_course())
    with school.teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (world.institution, school.course.id))
    school.draft = await school.teacher.imports(small_course("draft"))
    school.ann, school.ben = await world.add_person(), await world.add_person(name="Ben")
    school.stranger = await world.add_person(Role.ADMIN, world.add_institution())
    for person in (school.ann, school.ben):
        device = Recorder(school.course)
        await person.sends(
            device.event("enrolled"),
            device.event("time", "intro", seconds=60),
            device.event("position", "intro", block="b", quote="q", ratio=0.5),
            device.answer("quiz", one=2),
            device.event("completed", "quiz"),
        )
    return school


def refused(connection: psycopg.Connection, statement: str, *parameters: object) -> None:
    """The statement is refused for want of a right, and not for another reason."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode(), parameters)


def counts(person: Someone, table: str) -> int:
    with person.psql() as connection:
        row = connection.execute(sql.SQL("SELECT count(*) FROM lms.{}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


async def test_every_table_is_guarded_and_has_the_institution_first_in_its_keys(world: World) -> None:
    with world.psql() as connection:
        tables = connection.execute(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, pg_get_userbyid(c.relowner),
              (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner_all')
            FROM pg_class c WHERE c.relnamespace = 'lms'::regnamespace AND c.relkind IN ('r', 'p')
            """
        ).fetchall()
        assert len(tables) > 30
        assert {name for name, *rest in tables if rest != [True, "lms_owner", 1]} == set()
        keys = connection.execute(
            """
            SELECT c.relname, k.conname, a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
            WHERE c.relnamespace = 'lms'::regnamespace AND k.contype IN ('p', 'u', 'f', 'x')
            UNION ALL
            SELECT t.relname, c.relname, a.attname FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] WHERE t.relnamespace = 'lms'::regnamespace
            """
        ).fetchall()
        assert len(keys) > 60
        others = {(table, key) for table, key, column in keys if column != "institution_id" and table not in REFERENCE}
        assert others == {("search_entries", "search_entries_words")}, "a GIN index, in which the institution is one of the words"


async def test_the_schema_has_nothing_that_a_distributed_engine_refuses(world: World) -> None:
    with world.psql() as connection:
        in_policies = connection.execute("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy").fetchall()
        assert not [text for (text,) in in_policies if "select" in text.lower()]
        for nothing in (
            "SELECT FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT FROM pg_type WHERE typtype = 'e' AND typnamespace = 'lms'::regnamespace",
            "SELECT FROM pg_class WHERE relkind IN ('S', 'm', 'v') AND relnamespace = 'lms'::regnamespace",
        ):
            assert connection.execute(nothing.encode()).fetchall() == []


async def test_every_function_of_the_owners_is_pinned_and_open_to_named_roles_only(world: World) -> None:
    with world.psql() as connection:
        functions = connection.execute(
            """
            SELECT p.proname, p.prosecdef, coalesce(p.proconfig::text, ''), has_function_privilege('public', p.oid, 'EXECUTE'),
              has_function_privilege('lms_learner', p.oid, 'EXECUTE'), pg_get_userbyid(p.proowner)
            FROM pg_proc p WHERE p.pronamespace = 'lms'::regnamespace
            """
        ).fetchall()
    assert {owner for *_, owner in functions} == {"lms_owner"}
    assert [name for name, _, _, public, _, _ in functions if public] == []
    assert [name for name, definer, path, *_ in functions if definer and "search_path=pg_catalog, pg_temp" not in path] == []
    assert {name for name, *_, learner, _ in functions if learner} == {
        "my_institution", "my_user", "whoami", "sync", "enrol", "leave", "set_timezone", "practice_keys", "search",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["ann", "teacher"])
async def test_nobody_writes_a_table(school: School, who: str) -> None:
    person: Someone = getattr(school, who)
    with person.psql() as connection:
        for table in (*PERSONAL, *CONTENT, *CLOSED, "institutions"):
            refused(connection, f"INSERT INTO lms.{table} DEFAULT VALUES")
            refused(connection, f"DELETE FROM lms.{table}")
            refused(connection, f"TRUNCATE lms.{table}")
        refused(connection, "UPDATE lms.section_progress SET completed_at = now()")
        refused(connection, "UPDATE lms.course_progress SET percent = 100")
        refused(connection, "UPDATE lms.attempts SET score = 100")
        refused(connection, "UPDATE lms.users SET role = 'ADMIN'")
        refused(connection, "SELECT FROM lms.section_progress FOR UPDATE")
        refused(connection, "COPY lms.section_progress FROM STDIN")
        refused(connection, "CREATE TABLE lms.mine (a int)")
        refused(connection, "CREATE TABLE public.mine (a int)")
        refused(connection, "CREATE SCHEMA mine")
        refused(connection, "CREATE TEMP TABLE login_map (login_role name)")
        refused(connection, "SELECT lo_create(0)")
        refused(connection, "ALTER TABLE lms.section_progress DISABLE ROW LEVEL SECURITY")


async def test_a_learner_sees_their_own_rows_and_what_is_published(school: School) -> None:
    for table in PERSONAL:
        with school.ann.psql() as connection:
            users = connection.execute(sql.SQL("SELECT DISTINCT user_id::text FROM lms.{}").format(sql.Identifier(table))).fetchall()
        assert users == [(school.ann.me.user_id,)], table
        assert counts(school.stranger, table) == (1 if table == "users" else 0)
    for table in CONTENT:
        assert counts(school.teacher, table) == 2 * counts(school.ann, table) > 0, table
        assert counts(school.stranger, table) == 0
    for person in (school.ann, school.stranger):
        assert counts(person, "institutions") == 1


@pytest.mark.parametrize("who", ["ann", "teacher", "stranger"])
async def test_keys_logins_and_partitions_are_closed(school: School, who: str) -> None:
    person: Someone = getattr(school, who)
    with person.psql() as connection:
        partitions = connection.execute("SELECT inhrelid::regclass::text FROM pg_inherits").fetchall()
        names = [name for (name,) in partitions if "event" in name and "pkey" not in name and "idx" not in name]
        assert len(names) > 10
        for table in (*(f"lms.{name}" for name in CLOSED), *names):
            refused(connection, f"SELECT FROM {table}")
        refused(connection, "SELECT lms.grade('single', '{}', '{}', '1')")
        refused(connection, "SELECT lms.rescore(NULL, NULL, NULL)")
        refused(connection, "SELECT lms.apply_events(NULL, NULL)")
        refused(connection, "SELECT lms.caller(NULL)")


async def test_nobody_becomes_another(school: School) -> None:
    with school.ann.psql() as connection:
        ben = school.ben.target.user
        assert connection.execute("SELECT lms.my_user(%s), lms.my_institution(%s)", (ben, ben)).fetchone() == (None, None)
        mine = connection.execute("SELECT lms.my_user(session_user)::text, lms.my_user('postgres')").fetchone()
        assert mine == (school.ann.me.user_id, None)
        for role in ("lms_owner", ben, "lms_instructor", "postgres"):
            refused(connection, f"SET ROLE {role}")
            refused(connection, f"SET SESSION AUTHORIZATION {role}")
        refused(connection, f"GRANT lms_instructor TO {school.ann.target.user}")
        refused(connection, "ALTER ROLE lms_owner LOGIN")
        connection.execute("SET search_path = pg_temp, lms, public")
        connection.execute("SELECT set_config('app.user_id', %s, false)", (school.ben.me.user_id,))
        assert connection.execute("SELECT DISTINCT user_id::text FROM lms.section_progress").fetchall() == [(school.ann.me.user_id,)]
        connection.execute("SET ROLE lms_learner")
        assert connection.execute("SELECT count(*) FROM lms.section_progress").fetchone() == (0,)


async def test_only_an_instructor_imports_and_publishes_and_only_at_home(school: School, world: World) -> None:
    with school.ann.psql() as connection:
        refused(connection, "SELECT lms.import_course(%s, '{}')", world.institution)
        refused(connection, "SELECT lms.publish_course(%s, %s)", world.institution, school.draft.id)
    with school.stranger.psql() as connection:
        refused(connection, "SELECT lms.import_course(%s, '{}')", world.institution)
        refused(connection, "SELECT lms.publish_course(%s, %s)", world.institution, school.draft.id)
        refused(connection, "SELECT lms.practice_keys(%s, %s)", world.institution, school.course.id)
        with pytest.raises(psycopg.errors.NoDataFound):
            connection.execute("SELECT lms.publish_course(%s, %s)", (school.stranger.me.institution_id, school.draft.id))


async def test_keys_are_for_those_who_take_the_course_and_never_of_an_assessment(school: School, world: World) -> None:
    newcomer = await world.add_person()
    with newcomer.psql() as connection:
        refused(connection, "SELECT lms.practice_keys(%s, %s)", world.institution, school.course.id)
    for person in (school.ann, school.teacher):
        with person.psql() as connection:
            row = connection.execute("SELECT lms.practice_keys(%s, %s)", (world.institution, school.course.id)).fetchone()
        assert row is not None
        assert row[0].keys() == set(question_ids(school.course, "quiz").values())
        assert "Waldemar" not in str(row)


async def test_a_draft_cannot_be_taken_by_a_learner(school: School) -> None:
    verdicts = (await school.ann.sends(Recorder(school.draft).event("enrolled"))).verdicts
    assert [(verdict.outcome, verdict.code) for verdict in verdicts] == [("rejected", "unknown_item")]
    assert [verdict.outcome for verdict in (await school.teacher.sends(Recorder(school.draft).event("enrolled"))).verdicts] == ["applied"]


async def test_a_login_that_is_nobodys_gets_nothing(school: School, world: World) -> None:
    with world.psql() as connection:
        connection.execute("DELETE FROM lms.login_map WHERE login_role = %s", (school.ben.target.user,))
    with school.ben.psql() as connection:
        assert connection.execute("SELECT lms.whoami()").fetchone() == (None,)
        refused(connection, "SELECT lms.enrol(%s, %s)", world.institution, school.course.id)
        for table in (*PERSONAL, *CONTENT):
            assert connection.execute(sql.SQL("SELECT count(*) FROM lms.{}").format(sql.Identifier(table))).fetchone() == (0,)
