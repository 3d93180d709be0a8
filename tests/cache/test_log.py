"""The write-ahead log of the cache file stays short, whether or not anything syncs."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from lms_tui.cache import doors
from lms_tui.cache.failures import WorkLost
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, make_course
from tests.conftest import ROOT

_LONG = 200_000


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "LONGEST_LOG_BYTES", _LONG)


def fetch(cache: Cache, times: int = 60) -> int:
    """Fetches a course again and again; gives the longest that the log was."""
    course, keys = make_course()
    log = cache._doors.path.with_name("cache.db-wal")
    longest = 0
    for version in range(1, times + 1):
        cache.content.put(replace(course, body="tide " * 8000), content_version=version, keys=keys)
        longest = max(longest, log.stat().st_size)
    return longest


def test_it_does_not_grow_where_nobody_leads(folder: Path) -> None:
    with closing(Cache.open(folder, PERSON)) as cache, closing(Cache.open(folder)) as other:
        assert fetch(cache) < 3 * _LONG
        assert not cache.leader.held
        assert other.lead(), "the place of the leader is free"


def test_another_one_that_leads_is_left_to_it(folder: Path) -> None:
    with closing(Cache.open(folder, PERSON)) as cache, closing(Cache.open(folder)) as other:
        assert other.lead()
        assert fetch(cache) > 3 * _LONG


_FETCHES_AND_IS_KILLED = """
import os, sys
from pathlib import Path
from lms_tui.cache import doors
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, TIDES_S1, spent
from tests.cache.test_log import fetch
doors.LONGEST_LOG_BYTES = int(sys.argv[2])
cache = Cache.open(Path(sys.argv[1]), PERSON)
cache.outbox.record([spent(cache, TIDES_S1, 7)])
fetch(cache)
cache.outbox.record([spent(cache, TIDES_S1, 7)])
os._exit(9)
"""


def test_a_lost_log_is_noticed_still(folder: Path) -> None:
    command = [sys.executable, "-c", _FETCHES_AND_IS_KILLED, str(folder), str(_LONG)]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 9
    (folder / "cache.db-wal").unlink()
    with pytest.raises(WorkLost, match="The last thing that you did here is not in"):
        Cache.open(folder, PERSON)
