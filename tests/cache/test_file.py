"""The file itself: private, never made anew over a loss, and honest about what it cannot do."""

import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from lms_tui.cache.backup import copies, salvage
from lms_tui.cache.failures import Damaged, DiskFull, InUse, ReadOnly, WorkLost
from lms_tui.cache.file import open_file, repair
from lms_tui.cache.migrate import version_of
from lms_tui.cache.schema import APPLICATION_ID, MIGRATIONS
from lms_tui.cache.store import Cache
from lms_tui.model.errors import StorageFailed
from lms_tui.model.person import Person
from tests.cache.sample import PERSON, TIDES_S1, HeldClock, completed, ident, make_course, spent

ROOT = Path(__file__).resolve().parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_it(with_course: Cache, folder: Path) -> None:
    with_course.outbox.record([spent(with_course, TIDES_S1, 1)])

    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir() if mode(path) != 0o600} == {}
    assert {"cache.db", "cache.db-wal", "cache.db-shm"} <= {path.name for path in folder.iterdir()}


def test_the_pragmas_are_what_was_asked_for(cache: Cache) -> None:
    with cache._doors.working() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "secure_delete")}
        assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert version_of(connection) == len(MIGRATIONS)
    with cache._doors.writing_content() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
    with cache._doors.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM outbox")


@pytest.mark.parametrize("what", ["gone", "empty"])
def test_a_loss_is_said_and_not_covered_by_a_fresh_start(folder: Path, clock: HeldClock, what: str) -> None:
    Cache.open(folder, PERSON, clock=clock).close()
    (folder / "cache.db").unlink()
    if what == "empty":
        (folder / "cache.db").touch()

    with pytest.raises(WorkLost, match=what):
        Cache.open(folder, PERSON, clock=clock)
    with pytest.raises(WorkLost, match=what) as caught:
        Cache.open(folder, PERSON, clock=clock)
    assert "cache.made" in caught.value.hint
    assert not (folder / "cache.db").exists() or (folder / "cache.db").stat().st_size == 0


def test_after_a_loss_the_newest_copy_can_take_its_place(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
        copy = cache.back_up_daily()
    assert copy is not None
    (folder / "cache.db").unlink()
    with pytest.raises(WorkLost) as caught:
        Cache.open(folder, PERSON, clock=clock)
    assert str(copy) in caught.value.hint
    shutil.move(copy, folder / "cache.db")

    with closing(Cache.open(folder, PERSON, clock=clock)) as again:
        assert again.outbox.counts().pending == 1
        assert again.content.courses().items == ()


def test_a_kill_before_the_first_tables_is_a_first_start(folder: Path, clock: HeldClock) -> None:
    folder.mkdir(mode=0o700)
    (folder / "cache.db").touch(mode=0o600)

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert cache.outbox.counts().pending == 0


def test_a_newer_file_is_shown_and_not_written(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
    with closing(sqlite3.connect(folder / "cache.db")) as connection:
        connection.execute("PRAGMA user_version = 99")

    with closing(Cache.open(folder, PERSON, clock=clock)) as old:
        assert "newer lms-tui" in old.read_only
        assert old.outbox.counts().pending == 1
        assert not old.lead()
        with pytest.raises(ReadOnly, match="newer"):
            old.outbox.record([completed(old, TIDES_S1)])


def test_a_migration_keeps_a_copy_and_happens_whole_or_not_at_all(folder: Path, clock: HeldClock) -> None:
    course, keys = make_course()
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.content.put(course, content_version=1, keys=keys)
        cache.outbox.record([completed(cache, TIDES_S1)])
    broken = (*MIGRATIONS, "CREATE TABLE extra(one INTEGER);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(StorageFailed, match="nowhere"):
        open_file(folder, clock.now(), broken)
    with closing(sqlite3.connect(folder / "cache.db")) as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").fetchone() == (0,)

    clock.forward(seconds=1)
    open_file(folder, clock.now(), (*MIGRATIONS, "CREATE TABLE extra(one INTEGER);"))

    with closing(sqlite3.connect(folder / "cache.db")) as connection:
        assert version_of(connection) == len(MIGRATIONS) + 1
    with closing(sqlite3.connect(copies(folder)[-1])) as copy:
        assert version_of(copy) == len(MIGRATIONS)
        assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'section'").fetchone() == (0,)
        assert mode(copies(folder)[-1]) == 0o600


def test_content_of_another_shape_is_made_anew(folder: Path, clock: HeldClock) -> None:
    course, keys = make_course()
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.content.put(course, content_version=1, keys=keys)
        cache.outbox.record([completed(cache, TIDES_S1)])
        with cache._doors.working() as connection:
            connection.execute("UPDATE kept SET value = '0' WHERE name = 'content_number'")

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert cache.content.courses().items == ()
        assert cache.outbox.counts().pending == 1
        assert cache.dropped.all() == {course.id}, "what was downloaded is fetched again"


def test_daily_copies_are_made_while_something_waits_and_three_are_kept(cache: Cache, folder: Path, clock: HeldClock) -> None:
    assert cache.back_up_daily() is None
    cache.outbox.record([completed(cache, TIDES_S1)])
    made = []
    for _ in range(10):
        made.append(cache.back_up_daily())
        clock.forward(hours=12, minutes=1)

    assert [one is not None for one in made] == [True, False] * 5
    assert copies(folder) == [one for one in made if one][-3:]


def test_a_file_that_is_no_database_is_left_alone(folder: Path, clock: HeldClock) -> None:
    Cache.open(folder, PERSON, clock=clock).close()
    (folder / "cache.db").write_bytes(b"not a database" * 1000)

    with pytest.raises(Damaged):
        Cache.open(folder, PERSON, clock=clock)
    assert (folder / "cache.db").read_bytes().startswith(b"not a database")


def test_the_file_of_another_person_is_refused(folder: Path, clock: HeldClock) -> None:
    Cache.open(folder, PERSON, clock=clock).close()
    other = Person(institution_id=PERSON.institution_id, user_id=ident("ben"), name="Ben")

    with pytest.raises(StorageFailed, match="work of Ana"):
        Cache.open(folder, other, clock=clock)
    with closing(Cache.open(folder, clock=clock)) as cache:
        assert cache.person == PERSON


def test_a_copied_folder_is_another_device_with_the_same_events(folder: Path, clock: HeldClock, tmp_path: Path) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        cache.outbox.record([completed(cache, TIDES_S1)])
        first, sent = cache.device_id, cache.outbox.pending()
    shutil.copytree(folder, tmp_path / "copy")

    with closing(Cache.open(tmp_path / "copy", PERSON, clock=clock)) as copy:
        assert copy.cloned_at == clock.now()
        assert copy.device_id != first
        assert copy.outbox.pending() == sent
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        assert (cache.cloned_at, cache.device_id) == (None, first)
    clock.forward(days=1)
    with closing(Cache.open(tmp_path / "copy", PERSON, clock=clock)) as copy:
        assert copy.cloned_at == clock.now() - timedelta(days=1)


def fill(cache: Cache, events: int) -> None:
    course, keys = make_course(lessons=10, sections=20)
    cache.content.put(course, content_version=1, keys=keys)
    for _ in range(events // 50):
        cache.outbox.record([spent(cache, TIDES_S1, 7) for _ in range(50)])


def pages_of(path: Path, tables: tuple[str, ...]) -> list[int]:
    """The pages of tables, by SQLite's own account where this build has it."""
    with closing(sqlite3.connect(path)) as connection:
        marks = ", ".join("?" * len(tables))
        try:
            return [row[0] for row in connection.execute(f"SELECT pageno FROM dbstat WHERE name IN ({marks})", tables)]
        except sqlite3.OperationalError:
            roots = connection.execute(f"SELECT rootpage FROM sqlite_schema WHERE tbl_name IN ({marks}) AND rootpage > 1", tables)
            return [row[0] for row in roots]


def destroy(path: Path, pages: list[int]) -> None:
    noise = random.Random(1)
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(noise.randbytes(4096))


@pytest.mark.parametrize("table", ["course", "section", "question", "practice_key"])
def test_damaged_content_is_dropped_and_can_be_fetched_again(folder: Path, clock: HeldClock, table: str) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        fill(cache, 100)
    destroy(folder / "cache.db", pages_of(folder / "cache.db", (table,)))

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        course, keys = make_course()
        cache.content.put(course, content_version=2, keys=keys)
        assert cache.content.version(ident("tides")) == 2
        assert cache.content.section(TIDES_S1).section.body == "Words."
        assert cache.content.keys(ident("tides")) == keys
        assert cache.outbox.counts().pending == 100
        assert cache.check() == ()


def test_of_a_damaged_outbox_every_readable_event_is_kept(folder: Path, clock: HeldClock) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        fill(cache, 2000)
    path = folder / "cache.db"
    pages = pages_of(path, ("outbox",))
    destroy(path, random.Random(2).sample(pages[1:], 1))

    result = repair(folder, clock.now())

    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        kept = cache.outbox.counts().pending
        assert kept >= 1900
        assert result.unreadable >= 2000 - kept > 0
        assert cache.check() == ()
        assert cache.outbox.record([spent(cache, TIDES_S1, 7)])[0].seq == 2001
    assert result.damaged.exists()


def test_a_healthy_file_is_salvaged_whole(folder: Path, clock: HeldClock, tmp_path: Path) -> None:
    with closing(Cache.open(folder, PERSON, clock=clock)) as cache:
        fill(cache, 100)

    _, unreadable = salvage(folder / "cache.db", tmp_path / "new.db")

    assert unreadable == 0
    with closing(sqlite3.connect(tmp_path / "new.db")) as copy:
        assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (100,)
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            copy.execute("UPDATE outbox SET body = '{}'")


def test_a_file_in_use_is_not_repaired(cache: Cache, folder: Path, clock: HeldClock) -> None:
    assert cache.lead()

    with pytest.raises(InUse):
        repair(folder, clock.now())


def test_a_full_disk_refuses_the_action_and_keeps_what_was(with_course: Cache) -> None:
    with_course.outbox.record([spent(with_course, TIDES_S1, 7)])
    with with_course._doors.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with_course._doors._work.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DiskFull, match="disk is full"):
        with_course.outbox.record([spent(with_course, TIDES_S1, 7) for _ in range(200)])

    assert with_course.outbox.counts().pending == 1
    assert with_course.progress.section(TIDES_S1).active_seconds == 7


_IN_A_SMALL_DISK = """
import os, subprocess, sys
from pathlib import Path
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "none", sys.argv[1]], check=True)
from lms_tui.cache.failures import DiskFull
from lms_tui.cache.store import Cache
from lms_tui.model.wire import Outcome, SyncReply, SyncRequest, Verdict
from tests.cache.sample import PERSON, HeldClock, TIDES_S1, spent
cache = Cache.open(Path(sys.argv[1]) / "profile", PERSON, clock=HeldClock())
kept = []
try:
    while True:
        kept += cache.outbox.record([spent(cache, TIDES_S1, 7) for _ in range(50)])
except DiskFull:
    pass
assert cache.outbox.counts().pending == len(kept) > 0
request = SyncRequest(device=cache.device_id, sent_at=cache.clock.now(), events=tuple(kept))
verdicts = tuple(Verdict(event.id, Outcome.APPLIED) for event in kept)
cache.mirror.acknowledge(request, SyncReply(now=cache.clock.now(), epoch="e", version=1, verdicts=verdicts))
assert cache.outbox.counts().pending == 0
assert not (Path(sys.argv[1]) / "profile" / "ballast.bin").exists()
print("acknowledged", len(kept))
"""

_IN_A_READ_ONLY_FOLDER = """
import subprocess, sys
from pathlib import Path
subprocess.run(["mount", "--bind", sys.argv[1], sys.argv[1]], check=True)
subprocess.run(["mount", "-o", "remount,bind,ro", sys.argv[1]], check=True)
from lms_tui.cache.failures import ReadOnly
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, HeldClock, TIDES_S1, spent
cache = Cache.open(Path(sys.argv[1]) / "profile", PERSON, clock=HeldClock())
assert "cannot be written" in cache.read_only, cache.read_only
assert cache.content.section(TIDES_S1).section.title == "Section 1"
assert cache.outbox.counts().pending == 1
try:
    cache.outbox.record([spent(cache, TIDES_S1, 7)])
except ReadOnly as error:
    print("refused:", error.message)
try:
    Cache.open(Path(sys.argv[1]) / "nothing", PERSON, clock=HeldClock())
except Exception as error:
    print(type(error).__name__)
"""

_ON_A_DISK_THAT_IS_FULL_BEFORE = """
import os, subprocess, sys
from pathlib import Path
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", sys.argv[1]], check=True)
from lms_tui.cache.failures import DiskFull, ReadOnly
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, HeldClock, TIDES_S1, make_course, spent
profile = Path(sys.argv[1]) / "profile"
if os.fork() == 0:
    cache = Cache.open(profile, PERSON, clock=HeldClock())
    course, keys = make_course()
    cache.content.put(course, content_version=1, keys=keys)
    cache.outbox.record([spent(cache, TIDES_S1, 7)])
    if sys.argv[2] == "closed":
        cache.close()
    os._exit(0)
os.wait()
(profile / "cache.db-shm").unlink(missing_ok=True)  # its room is taken, too
filler = Path(sys.argv[1]) / "filler"
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
again = Cache.open(profile, PERSON, clock=HeldClock())
assert "disk is full" in again.read_only, again.read_only
assert again.content.section(TIDES_S1).section.title == "Section 1"
assert again.outbox.counts().pending == 1
try:
    again.outbox.record([spent(again, TIDES_S1, 7)])
except ReadOnly as error:
    assert "disk is full" in error.message
try:
    Cache.open(Path(sys.argv[1]) / "another", PERSON, clock=HeldClock())
except DiskFull:
    print("full")
assert (profile / "ballast.bin").stat().st_size == 256 * 1024
again.close()
filler.unlink()
cache = Cache.open(profile, PERSON, clock=HeldClock())
assert cache.read_only == ""
cache.outbox.record([spent(cache, TIDES_S1, 7)])
print("pending", cache.outbox.counts().pending)
"""


def in_a_namespace(script: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Runs a script where it may mount; skips where the system lets nobody."""
    tool = shutil.which("unshare")
    if sys.platform != "linux" or tool is None or subprocess.run([tool, "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs Linux's unshare with user namespaces")
    return subprocess.run(
        [tool, "-rm", sys.executable, "-c", script, str(folder), *more], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_on_a_full_disk_acknowledgements_still_work(tmp_path: Path) -> None:
    result = in_a_namespace(_IN_A_SMALL_DISK, tmp_path)

    assert result.stdout.startswith("acknowledged"), result.stderr


@pytest.mark.parametrize("left", ["closed", "killed"])
def test_a_disk_that_is_full_before_the_start_is_read_from(tmp_path: Path, left: str) -> None:
    result = in_a_namespace(_ON_A_DISK_THAT_IS_FULL_BEFORE, tmp_path, left)

    assert result.stdout.splitlines() == ["full", "pending 2"], result.stderr + result.stdout


def test_in_a_read_only_folder_it_is_read_and_nothing_is_pretended(tmp_path: Path, clock: HeldClock) -> None:
    with closing(Cache.open(tmp_path / "profile", PERSON, clock=clock)) as cache:
        course, keys = make_course()
        cache.content.put(course, content_version=1, keys=keys)
        cache.outbox.record([spent(cache, TIDES_S1, 7)])

    result = in_a_namespace(_IN_A_READ_ONLY_FOLDER, tmp_path)

    assert result.stdout.startswith("refused: "), result.stderr
    assert result.stdout.splitlines()[1] == "StorageFailed", result.stdout


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, clock: HeldClock) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageFailed, match="could not be used"):
        Cache.open(tmp_path / "file" / "profile", PERSON, clock=clock)


def test_backups_are_as_of_one_moment(cache: Cache, clock: HeldClock) -> None:
    cache.outbox.record([completed(cache, TIDES_S1)])
    clock.forward(days=1)
    first = cache.back_up_daily()
    cache.outbox.record([completed(cache, TIDES_S1)])

    assert first is not None
    with closing(sqlite3.connect(first)) as copy:
        assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


def test_a_copy_of_a_clock_that_was_ahead_does_not_end_the_daily_copies(cache: Cache, clock: HeldClock) -> None:
    cache.outbox.record([completed(cache, TIDES_S1)])
    clock.forward(days=400)
    ahead = cache.back_up_daily()
    clock.forward(days=-400)

    assert ahead is not None
    made = [cache.back_up_daily()]
    for _ in range(4):
        assert cache.back_up_daily() is None
        clock.forward(days=1, seconds=1)
        made.append(cache.back_up_daily())
    assert None not in made
    assert [path for path in made if path is not None and path.exists()] == made[-3:]
