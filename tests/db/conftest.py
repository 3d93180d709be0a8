"""Freshly migrated databases: clones of one template for each test process."""

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
def template(empty_database: Callable[[], Target]) -> str:
    """The name of a migrated database without anybody in it."""
    target = empty_database()
    migrate.upgrade(target)
    return target.dbname


@pytest.fixture
async def world(server: Target, template: str) -> AsyncIterator[World]:
    """A freshly migrated database with an institution; ``add_person`` gives people who can connect."""
    world = World(server, template)
    try:
        yield world
    finally:
        await world.close()
