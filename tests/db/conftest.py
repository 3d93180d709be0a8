"""A migrated database for each test process, and an institution in it for each test."""

import secrets
from collections.abc import AsyncIterator, Callable

import pytest
from msgspec.structs import replace

from lms_tui.db import migrate, roles
from lms_tui.db.target import Target
from tests.db.world import World


@pytest.fixture(scope="session")
def empty_database(server: Target) -> Callable[[], Target]:
    """Makes an empty database with the group roles beside it; the server goes with all of them."""

    def make() -> Target:
        name = "t" + secrets.token_hex(8)
        with migrate.connect(server) as connection:
            roles.ensure_groups(connection)
            roles.ensure_database(connection, name)
        return replace(server, dbname=name)

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
