"""A migrated database for each test process, and an institution in it for each test."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from msgspec.structs import replace

from lms_tui.db import migrate, roles
from lms_tui.db.target import Target
from tests.db import system
from tests.db.world import World


@pytest.fixture(scope="session", params=["embedded", "system"])
def any_server(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The superuser of each PostgreSQL that the schema has to run on: the embedded one, and the one that the system has."""
    if request.param == "embedded":
        yield request.getfixturevalue("server")
        return
    programs = system.programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here: pg_config and postgres are not found, so the embedded one is the only witness")
    if not 15 <= system.version(programs) <= 18:
        pytest.skip(f"PostgreSQL {system.version(programs)} is installed here, and 15 to 18 are promised")
    with system.running(programs) as target:
        yield target


@pytest.fixture(scope="session")
def empty_database(any_server: Target) -> Callable[[], Target]:
    """Makes an empty database with the group roles beside it; the server goes with all of them."""

    def make() -> Target:
        name = "t" + secrets.token_hex(8)
        with migrate.connect(any_server) as connection:
            roles.ensure_groups(connection)
            roles.ensure_database(connection, name)
        return replace(any_server, dbname=name)

    return make


@pytest.fixture(scope="session")
def migrated(empty_database: Callable[[], Target]) -> Target:
    """The superuser in a migrated database, one for each test process: a test has an institution of its own in it."""
    target = empty_database()
    migrate.upgrade(target)
    with migrate.connect(target) as connection:
        roles.secure_database(connection)
    return target


@pytest.fixture
async def world(migrated: Target) -> AsyncIterator[World]:
    """A new institution; ``add_person`` gives people who can connect."""
    world = World(migrated)
    try:
        yield world
    finally:
        await world.close()
