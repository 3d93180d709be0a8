"""Migrations: up, down and up again, twice at once, and after a kill at any point."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from msgspec.structs import replace

from lms_tui.db import migrate, roles
from lms_tui.db.target import Target
from lms_tui.model.errors import Unavailable, UpgradeNeeded
from lms_tui.model.person import Role
from tests.test_imports import imported

SHAPE = """
  SELECT coalesce(array_agg(x ORDER BY x), '{}') FROM (
    SELECT c.relkind::text || ' ' || c.relname || ' ' || coalesce(c.relacl::text, '') AS x FROM pg_class c
    WHERE c.relnamespace = 'lms'::regnamespace
    UNION ALL SELECT p.oid::regprocedure::text || ' ' || md5(p.prosrc) || coalesce(p.proacl::text, '')
      || coalesce(p.proconfig::text, '') FROM pg_proc p
    WHERE p.pronamespace = 'lms'::regnamespace
    UNION ALL SELECT a.attrelid::regclass || '.' || a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'lms'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
    AND NOT a.attisdropped
    UNION ALL SELECT p.polname || ' ' || p.polrelid::regclass::text || ' ' || pg_get_expr(p.polqual, p.polrelid) FROM pg_policy p
  ) s
"""


def shape(target: Target) -> list[str]:
    """The names, grants, settings and policies of all that is in the schema."""
    with migrate.connect(target) as connection:
        row = connection.execute(SHAPE.encode()).fetchone()
    assert row is not None
    return list(row[0])


def test_up_down_and_up_again_gives_the_same_schema(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    assert migrate.current(target) is None
    migrate.upgrade(target)
    assert migrate.current(target) == migrate.head()
    whole = shape(target)
    migrate.upgrade(target)
    assert shape(target) == whole
    migrate.downgrade(target, "base")
    assert all("alembic_version" in name for name in shape(target))
    migrate.upgrade(target)
    assert shape(target) == whole


def test_each_revision_can_be_undone_alone(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    on_the_way: dict[str, list[str]] = {}
    for revision in sorted(path.name[:4] for path in (migrate.folder() / "versions").glob("????_*.py")):
        migrate.upgrade(target, revision)
        on_the_way[revision] = shape(target)
    while (now := migrate.current(target)) not in (None, "0001"):
        migrate.downgrade(target, "-1")
        at_rest = shape(target)
        assert at_rest == on_the_way[str(migrate.current(target))]
        migrate.upgrade(target, str(now))
        assert shape(target) == on_the_way[str(now)]
        migrate.downgrade(target, "-1")
        assert shape(target) == at_rest
    migrate.upgrade(target)
    assert shape(target) == on_the_way[migrate.head()]


def test_every_function_of_a_script_can_be_made_again_alone() -> None:
    for path in sorted((migrate.folder() / "sql").glob("????_*.sql")):
        script = path.read_text("utf-8")
        for name in re.findall(r"^CREATE (?:OR REPLACE )?FUNCTION lms\.(\w+)\(", script, re.MULTILINE):
            statement = migrate.function_of(script, name)
            assert statement.startswith(f"CREATE OR REPLACE FUNCTION lms.{name}(")
            assert "\nCREATE " not in statement, name
            assert statement.endswith(";"), name
    with pytest.raises(KeyError):
        migrate.function_of("CREATE FUNCTION lms.other() RETURN 1;", "another")


def test_two_upgrades_at_once_wait_for_one_another(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, (target, target)))
    assert migrate.current(target) == migrate.head()


def test_an_upgrade_cut_off_in_the_middle_can_be_run_again(empty_database: Callable[[], Target], monkeypatch: pytest.MonkeyPatch) -> None:
    target = empty_database()
    script = migrate.run_script

    def killed(name: str) -> None:
        script(name)
        if name.startswith("0004"):
            with migrate.connect(target) as connection:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
                connection.execute(others, (target.dbname,))

    monkeypatch.setattr(migrate, "run_script", killed)
    with pytest.raises(Unavailable):
        migrate.upgrade(target)
    monkeypatch.undo()
    assert migrate.current(target) == "0003"
    migrate.upgrade(target)
    assert migrate.current(target) == migrate.head()


def test_the_newest_revision_is_told_without_alembic(empty_database: Callable[[], Target]) -> None:
    assert imported("from lms_tui.db import migrate\nmigrate.head()", ("alembic",)) == []
    assert migrate.head() >= "0008"


def test_a_newer_schema_is_left_as_it_is(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    migrate.upgrade(target)
    with migrate.connect(target) as connection:
        connection.execute("UPDATE lms.alembic_version SET version_num = '9999'")
    whole = shape(target)
    with pytest.raises(UpgradeNeeded):
        migrate.upgrade(target)
    assert (migrate.current(target), shape(target)) == ("9999", whole)


def test_an_upgrade_of_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = Target(host="127.0.0.1", port=1, dbname="lms", user="nobody", password="")
    for work in (migrate.current, migrate.upgrade):
        with pytest.raises(Unavailable):
            work(nowhere)


def test_months_of_events_are_made_ahead_and_rows_move_into_them(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    migrate.upgrade(target)
    with migrate.connect(target) as connection:
        connection.execute(
            """
            INSERT INTO lms.learning_events
              (institution_id, user_id, event_id, kind, course_id, occurred_at, effective_at, received_at, device_id)
            SELECT gen_random_uuid(), gen_random_uuid(), id, 'note', gen_random_uuid(), now(), now(), now(), gen_random_uuid()
            FROM unnest(ARRAY[lms.uuid7_floor('2035-05-05Z'), lms.uuid7_floor('9999-01-01Z'), lms.uuid7_floor('1999-01-01Z'),
              lms.uuid7()]) id
            """
        )
        assert connection.execute("SELECT lms.ensure_event_months('2035-07-01') > 12").fetchone() == (True,)
        assert connection.execute("SELECT lms.ensure_event_months('2035-07-01')").fetchone() == (0,)
        where = "SELECT tableoid::regclass::text FROM lms.learning_events ORDER BY event_id"
        found = [name for (name,) in connection.execute(where).fetchall()]
        assert found[0] == "lms.learning_events_before"
        assert found[2:] == ["lms.learning_events_203505", "lms.learning_events_after"]
        open_ones = connection.execute(
            """
            SELECT count(*) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
            WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """
        )
        assert open_ones.fetchone() == (0,)


def test_roles_and_a_person_can_be_made_twice(migrated: Target) -> None:
    user = str(uuid4())
    login = roles.Login(
        institution_id=str(uuid4()),
        user_id=user,
        name="A",
        role=Role.STUDENT,
        timezone="Nowhere/At_All",
        password="first",
        role_name=roles.role_name(user),
    )
    with migrate.connect(migrated) as connection:
        roles.ensure_groups(connection)
        roles.ensure_groups(connection)
        roles.ensure_institution(connection, login.institution_id, "A", personal=False)
        for password, role in (("first", Role.INSTRUCTOR), ("second", Role.STUDENT)):
            roles.ensure_person(connection, replace(login, password=password, role=role))
            row = connection.execute("SELECT timezone, role FROM lms.users WHERE user_id = %s", (user,)).fetchone()
            assert row == ("UTC", role)
            may = connection.execute("SELECT pg_has_role(%s, 'lms_instructor', 'MEMBER')", (login.role_name,)).fetchone()
            assert may == (role is Role.INSTRUCTOR,)
        stored = connection.execute("SELECT rolpassword, rolconnlimit FROM pg_authid WHERE rolname = %s", (login.role_name,)).fetchone()
    assert stored is not None
    assert stored[0].startswith("SCRAM-SHA-256$")
    assert stored[1] == 10
    assert "first" not in repr(login) + repr(replace(migrated, password="first"))
