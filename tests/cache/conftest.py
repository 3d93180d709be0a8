"""A cache file of its own for each test, and a clock that only moves when told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, HeldClock, make_course


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def cache(folder: Path, clock: HeldClock) -> Iterator[Cache]:
    opened = Cache.open(folder, PERSON, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def with_course(cache: Cache) -> Cache:
    course, keys = make_course()
    cache.content.put(course, content_version=1, keys=keys)
    return cache
