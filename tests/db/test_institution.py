"""A school's database, made by a superuser, and by a role of a managed server that is none."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from psycopg import sql

from lms_tui.db import institution, migrate, roles
from lms_tui.db.connection import Database
from lms_tui.db.embedded.server import Server
from lms_tui.db.person import whoami
from lms_tui.db.target import Target
from lms_tui.model.errors import BadInput, NotFound, Refused
from lms_tui.model.person import Role
from tests.db import system


@pytest.fixture(params=["embedded", "system"])
def own_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """A server without any role of lms-tui, for each test: roles are the whole server's."""
    if request.param == "embedded":
        with Server.ensure(tmp_path) as handle:
            yield handle.target
        Server.stop(tmp_path)
        return
    programs = system.programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here, so the embedded one is the only witness")
    with system.running(programs) as target:
        yield target


@pytest.fixture
def admin(own_server: Target) -> Target:
    """A superuser who names a database that is not there."""
    return replace(own_server, dbname="t" + secrets.token_hex(8))


@pytest.fixture
def manager(own_server: Target) -> Target:
    """A role with CREATEROLE and CREATEDB, as managed servers give, on a server without roles of lms-tui."""
    name, password = "m" + secrets.token_hex(8), secrets.token_hex(16)
    with migrate.connect(own_server) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
        )
    return replace(own_server, user=name, password=password, dbname="t" + secrets.token_hex(8))


def invited(
    admin: Target, name: str, role: Role | None = None, *, again: bool = False, school: str = "A school", new: bool = False
) -> Target:
    login = institution.add_person(admin, school, name, role, "Europe/Berlin", again=again, new_institution=new)
    return replace(admin, user=login.role_name, password=login.password)


async def introduced(target: Target) -> tuple[str, Role, str]:
    database = Database(target)
    try:
        person = await whoami(database)
    finally:
        await database.close()
    return person.name, person.role, person.institution


async def test_it_is_made_once_and_found_again(admin: Target) -> None:
    assert institution.prepare(admin) == ()
    first = invited(admin, "Ada")
    assert institution.prepare(admin) == ()
    assert await introduced(first) == ("Ada", Role.ADMIN, "A school")
    assert await introduced(invited(admin, "Ben")) == ("Ben", Role.STUDENT, "A school")
    with pytest.raises(BadInput, match="no institution “Another”") as refused:
        invited(admin, "Cleo", Role.INSTRUCTOR, school="Another")
    assert "There is “A school”." in refused.value.hint
    cleo = invited(admin, "Cleo", Role.INSTRUCTOR, school="Another", new=True)
    assert await introduced(cleo) == ("Cleo", Role.INSTRUCTOR, "Another")
    assert await introduced(invited(admin, "Dan", school="Another")) == ("Dan", Role.STUDENT, "Another")
    assert institution.state(admin)[0] == migrate.head()


async def test_the_same_name_twice_is_asked_about(admin: Target) -> None:
    institution.prepare(admin)
    first = invited(admin, "Ada")
    with pytest.raises(BadInput, match="there already"):
        invited(admin, "Ada")
    again = invited(admin, "Ada", again=True)
    assert again.user == first.user
    assert await introduced(again) == ("Ada", Role.ADMIN, "A school")
    with pytest.raises(Refused):
        await introduced(first)


def test_a_database_of_somebody_elses_is_left_alone(own_server: Target) -> None:
    name = "t" + secrets.token_hex(8)
    with migrate.connect(own_server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with pytest.raises(BadInput, match="belongs to postgres"):
        institution.prepare(replace(own_server, dbname=name))
    with pytest.raises(NotFound):
        institution.upgrade(replace(own_server, dbname=name))
    assert institution.state(replace(own_server, dbname=name))[0] is None


async def test_a_managed_server_without_a_superuser(manager: Target) -> None:
    [note] = institution.prepare(manager)
    assert "Large objects" in note
    institution.prepare(manager)
    person = invited(manager, "Ada")
    assert await introduced(person) == ("Ada", Role.ADMIN, "A school")
    assert await introduced(invited(manager, "Ada", Role.STUDENT, again=True)) == ("Ada", Role.STUDENT, "A school")
    assert await introduced(invited(manager, "Ben")) == ("Ben", Role.STUDENT, "A school")
    migrate.downgrade(manager, "0007")
    institution.upgrade(manager)
    assert institution.state(manager)[0] == migrate.head()


def test_who_may_make_no_roles_is_told_so(own_server: Target) -> None:
    name = "m" + secrets.token_hex(8)
    with migrate.connect(own_server) as connection:
        roles.ensure_groups(connection)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(name)))
    nobody = replace(own_server, user=name, password="x", dbname="t" + secrets.token_hex(8))
    with pytest.raises(Refused, match="may not") as caught:
        institution.prepare(nobody)
    assert "CREATEROLE" in caught.value.hint


async def test_a_person_enters_no_temporary_table_and_no_other_role(admin: Target) -> None:
    institution.prepare(admin)
    with migrate.connect(invited(admin, "Ada", Role.STUDENT)) as connection:
        for forbidden in ("CREATE TEMP TABLE t (n int)", "SET ROLE lms_owner", "CREATE ROLE x", "SELECT lo_create(0)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
