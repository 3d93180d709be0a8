"""What one person cannot take of the server, or hold up in it, so that others go without."""

from collections.abc import Callable

import pytest

from lms_tui.db import migrate, turn
from lms_tui.db.target import Target
from lms_tui.model.errors import Unavailable
from tests.db.test_walls import refused
from tests.db.world import World


async def test_people_take_no_lock_that_the_whole_server_shares(world: World) -> None:
    with world.psql() as connection:
        row = connection.execute(
            "SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc p WHERE p.proname ~ 'advisory' AND p.proname !~ 'unlock'"
        ).fetchone()
    assert row is not None
    assert len(row[0]) == 16
    person = await world.add_person()
    with person.psql() as connection:
        for function in row[0]:
            name, _, types = function.rstrip(")").partition("(")
            refused(connection, f"SELECT {name}({', '.join('1::' + kind for kind in types.split(','))})")
        refused(connection, "SELECT count(pg_advisory_lock(i)) FROM generate_series(1, 10000000) i")


async def test_people_write_nothing_but_what_the_functions_write(world: World) -> None:
    person = await world.add_person()
    with person.psql() as connection:
        refused(connection, "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))")
        refused(connection, "SELECT pg_export_snapshot()")
        refused(connection, "SELECT lo_from_bytea(0, 'x')")


async def test_people_fill_no_disk_with_temporary_files(world: World) -> None:
    person = await world.add_person()
    with person.psql() as connection:
        assert connection.execute("SHOW temp_file_limit").fetchone() == ("1GB",)
        refused(connection, "SET temp_file_limit = -1")
        refused(connection, "ALTER ROLE CURRENT_USER SET temp_file_limit = -1")
        refused(connection, "ALTER ROLE CURRENT_USER RESET temp_file_limit")
        connection.execute("ALTER ROLE CURRENT_USER RESET ALL")
    with person.psql() as connection:
        assert connection.execute("SHOW temp_file_limit").fetchone() == ("1GB",)


def test_who_holds_an_upgrade_up_is_named(empty_database: Callable[[], Target], monkeypatch: pytest.MonkeyPatch) -> None:
    target = empty_database()
    monkeypatch.setattr(turn, "PATIENCE", "50ms")
    with migrate.connect(target) as holder:
        holder.execute("SELECT pg_advisory_lock(7311946206)")
        with pytest.raises(Unavailable) as caught:
            migrate.upgrade(target)
        assert f"process {holder.info.backend_pid} of the server, logged in as {target.user}" in caught.value.message
        assert f"pg_terminate_backend({holder.info.backend_pid})" in caught.value.hint
    migrate.upgrade(target)
    assert migrate.current(target) == migrate.head()
