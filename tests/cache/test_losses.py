"""A file that is deleted, truncated or garbled: said, with what to do that is true of this folder."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lms_tui.cache.backup import back_up, copies
from lms_tui.cache.failures import Damaged, WorkLost
from lms_tui.cache.losses import newest_copy
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, TIDES_S1, HeldClock, completed, spent

ROOT = Path(__file__).resolve().parents[2]


def test_a_file_deleted_under_an_open_cache_is_said_and_what_was_in_it_is_copied(cache: Cache, folder: Path, clock: HeldClock) -> None:
    cache.outbox.record([completed(cache, TIDES_S1)])
    clock.forward(days=2)
    (folder / "cache.db").unlink()

    with pytest.raises(WorkLost, match="deleted or replaced") as caught:
        cache.outbox.record([completed(cache, TIDES_S1)])
    with pytest.raises(WorkLost):
        cache.back_up_daily()

    assert not (folder / "cache.db").exists()
    [copy] = copies(folder)
    assert str(copy) in caught.value.hint
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


def test_what_was_copied_so_can_take_the_files_place(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
        (folder / "cache.db").unlink()
        with pytest.raises(WorkLost):
            cache.outbox.record([completed(cache, TIDES_S1)])
    [copy] = copies(folder)
    shutil.move(copy, folder / "cache.db")

    with closing(Cache.open(folder, PERSON, clock=clock)) as again:
        assert again.outbox.counts().pending == 1


def test_a_file_replaced_under_an_open_cache_takes_no_work(cache: Cache, folder: Path) -> None:
    (folder / "other").touch()
    (folder / "other").replace(folder / "cache.db")

    with pytest.raises(WorkLost, match="deleted or replaced"):
        cache.outbox.record([completed(cache, TIDES_S1)])
    assert (folder / "cache.db").stat().st_size == 0


def test_no_file_and_no_copy_is_made_of_nothing(cache: Cache, folder: Path, clock: HeldClock) -> None:
    cache.outbox.record([completed(cache, TIDES_S1)])
    good = cache.back_up_daily()
    (folder / "cache.db").unlink()
    with pytest.raises(sqlite3.Error):
        back_up(folder / "cache.db", clock.now())
    assert not (folder / "cache.db").exists()

    (folder / "cache.db").touch()
    for _ in range(4):
        clock.forward(days=1)
        with pytest.raises(sqlite3.Error):
            back_up(folder / "cache.db", clock.now())
    assert [*(folder / "backups").iterdir()] == [good]


def test_an_empty_copy_is_not_recommended(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
        good = cache.back_up_daily()
    (folder / "backups" / "cache-99990101T000000000000Z.db").touch()
    (folder / "backups" / "cache-99990102T000000000000Z.db").write_bytes(b"garbage" * 1000)
    (folder / "cache.db").unlink()

    assert newest_copy(folder) == good
    with pytest.raises(WorkLost) as caught:
        Cache.open(folder, PERSON, clock=clock)
    assert str(good) in caught.value.hint
    assert "9999" not in caught.value.hint


def garbled(folder: Path, how: str) -> None:
    path = folder / "cache.db"
    content = path.read_bytes()
    match how:
        case "garbage":
            path.write_bytes(b"garbage" * 1000)
        case "truncated in its header":
            path.write_bytes(content[:50])
        case "truncated":
            path.write_bytes(content[: len(content) // 2 // 4096 * 4096])
        case "another program's":
            path.unlink()
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("CREATE TABLE theirs(one)")
        case "an empty database":
            path.unlink()
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("VACUUM")


HOWS = ["garbage", "truncated in its header", "truncated", "another program's", "an empty database"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("with_copy", [False, True])
def test_a_garbled_file_is_told_with_the_copies_that_there_are(folder: Path, clock: HeldClock, how: str, with_copy: bool) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([spent(cache, TIDES_S1, 7) for _ in range(50)])
        copy = cache.back_up_daily() if with_copy else None
    garbled(folder, how)

    with pytest.raises((Damaged, WorkLost)) as caught, closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.pending()

    assert str(folder / "cache.db") in caught.value.message
    if copy is None:
        assert "There is no copy" in caught.value.hint
        assert "backups" not in caught.value.hint
    else:
        assert f"move {copy} to {folder / 'cache.db'}" in caught.value.hint
    assert "cache.made" in caught.value.hint

    (folder / "cache.db").unlink()  # what the hint says works
    if copy is None:
        (folder / "cache.made").unlink()
    else:
        shutil.move(copy, folder / "cache.db")
    with closing(Cache.open(folder, PERSON, clock=clock)) as again:
        assert again.outbox.counts().pending == (50 if with_copy else 0)


_RECORDS_AND_IS_KILLED = """
import os, sys
from pathlib import Path
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, HeldClock, TIDES_S1, completed
cache = Cache.open(Path(sys.argv[1]), PERSON, clock=HeldClock())
for _ in range(int(sys.argv[2])):
    cache.outbox.record([completed(cache, TIDES_S1)])
os._exit(9)
"""


def record_and_be_killed(folder: Path, events: int) -> None:
    done = subprocess.run([sys.executable, "-c", _RECORDS_AND_IS_KILLED, folder, str(events)], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 9


def test_a_log_that_was_removed_while_it_held_work_is_said(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
    record_and_be_killed(folder, 2)
    (folder / "cache.db-wal").rename(folder / "away")

    with pytest.raises(WorkLost, match="last 2 things"):
        Cache.open(folder, PERSON, clock=clock)
    with pytest.raises(WorkLost, match="last 2 things") as caught:
        Cache.open(folder, PERSON, clock=clock)
    assert "cache.last" in caught.value.hint

    (folder / "away").rename(folder / "cache.db-wal")  # both ways that it names work
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert cache.outbox.counts().pending == 3
    record_and_be_killed(folder, 1)
    (folder / "cache.db-wal").unlink()
    with pytest.raises(WorkLost, match="The last thing"):
        Cache.open(folder, PERSON, clock=clock)
    (folder / "cache.last").unlink()
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert cache.outbox.counts().pending == 3
        cache.outbox.record([completed(cache, TIDES_S1)])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"1 2 3", b"9" * 5000])
def test_an_odd_file_of_the_newest_number_is_no_loss(folder: Path, clock: HeldClock, content: bytes) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
    (folder / "cache.last").write_bytes(content)

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
    assert (folder / "cache.last").read_bytes().split() == [b"%020d" % (folder / "cache.db").stat().st_ino, b"%020d" % 2]


def test_a_fresh_start_has_lost_nothing(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
    (folder / "cache.made").unlink()
    (folder / "cache.db").write_bytes(b"")  # a new file may well have the inode of the one before

    Cache.open(folder, PERSON, clock=clock).close()
    Cache.open(folder, PERSON, clock=clock).close()


def test_at_rest_the_log_holds_nothing(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])

    assert not (folder / "cache.db-wal").exists()


def test_a_copy_that_takes_the_files_place_is_no_lost_log(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
        copy = cache.back_up_daily()
        cache.outbox.record([completed(cache, TIDES_S1)])
    assert copy is not None
    shutil.move(copy, folder / "cache.db")

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert cache.outbox.counts().pending == 1
