"""A cache with a course, and the twin of the database behind a channel that can fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, HeldClock, make_course
from tests.cache.twin import Twin
from tests.db.conftest import any_server, empty_database, migrated, world
from tests.sync.channel import FaultyChannel

__all__ = ["any_server", "empty_database", "migrated", "world"]


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def cache(tmp_path: Path, clock: HeldClock) -> Iterator[Cache]:
    opened = Cache.open(tmp_path / "profile", PERSON, clock=clock)
    course, keys = make_course()
    opened.content.put(course, content_version=1, keys=keys)
    yield opened
    opened.close()


@pytest.fixture
def twin(clock: HeldClock) -> Twin:
    return Twin(clock, [make_course()])


@pytest.fixture
def channel(twin: Twin) -> FaultyChannel:
    return FaultyChannel(twin)
