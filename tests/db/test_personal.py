"""The personal library's database, made ready again and again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from lms_tui.db import migrate, personal
from lms_tui.db.connection import Database
from lms_tui.db.embedded.server import Server
from lms_tui.db.person import whoami
from lms_tui.db.target import Target
from lms_tui.model.errors import Refused, Unavailable
from lms_tui.model.person import Role


def identity() -> personal.Identity:
    return personal.Identity(institution_id=str(uuid4()), user_id=str(uuid4()), password=uuid4().hex, name="Ada", timezone="Europe/Berlin")


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("personal")
    handle = Server.ensure(folder)
    try:
        yield handle.target
    finally:
        handle.release()
        Server.stop(folder)


async def test_it_is_made_once_and_found_again(own_server: Target) -> None:
    me = identity()
    target = personal.prepare(own_server, me)
    database = Database(target)
    person = await whoami(database)
    assert (person.institution_id, person.user_id, person.name, person.timezone) == (me.institution_id, me.user_id, "Ada", "Europe/Berlin")
    assert (person.role, person.institution) == (Role.INSTRUCTOR, "Personal library")
    await database.close()
    assert personal.prepare(own_server, me) == target
    assert migrate.current(replace(own_server, dbname="lms")) == migrate.head()


def test_the_login_reaches_no_other_database(own_server: Target) -> None:
    target = personal.prepare(own_server, identity())
    for name in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            migrate.connect(replace(target, dbname=name))


async def test_a_lost_password_is_set_anew(own_server: Target) -> None:
    me = identity()
    personal.prepare(own_server, me)
    target = personal.prepare(own_server, replace(me, password="another"))
    database = Database(target)
    assert (await whoami(database)).user_id == me.user_id
    await database.close()
    database = Database(replace(target, password="wrong"))
    with pytest.raises((Refused, Unavailable)):
        await whoami(database)
    await database.close()


def test_an_older_schema_is_upgraded(own_server: Target) -> None:
    me = identity()
    personal.prepare(own_server, me)
    inside = replace(own_server, dbname="lms")
    migrate.downgrade(inside, "0007")
    personal.prepare(own_server, me)
    assert migrate.current(inside) == migrate.head()


def test_two_apps_make_it_ready_at_once(tmp_path: Path) -> None:
    handle = Server.ensure(tmp_path)
    try:
        me = identity()
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(lambda _: personal.prepare(handle.target, me), range(2))
        assert first == second
    finally:
        handle.release()
        Server.stop(tmp_path)


def test_another_persons_library_is_refused(own_server: Target) -> None:
    me = identity()
    personal.prepare(own_server, me)
    with pytest.raises(Refused):
        personal.prepare(own_server, replace(me, institution_id=str(uuid4())))
    assert me.password not in repr(me)
