"""Several processes on one file, and processes that die at any moment."""

import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from lms_tui.cache.clock import SystemClock
from lms_tui.cache.store import Cache
from tests.cache.sample import PERSON, TIDES_S1, TIDES_S2, completed, enrolled, ident, make_course, spent

ROOT = Path(__file__).resolve().parents[2]

_WRITER = """
import sys
from pathlib import Path
from lms_tui.cache.store import Cache
from tests.cache.sample import TIDES_S1, TIDES_S2, completed, spent
cache = Cache.open(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    events = cache.outbox.record([spent(cache, TIDES_S1, 10), completed(cache, TIDES_S2)] if n % 5 == 0 else [spent(cache, TIDES_S1, 10)])
    print(*(event.id for event in events), flush=True)
cache.close()
"""

_LEADER = """
import sys
from pathlib import Path
from lms_tui.cache.store import Cache
cache = Cache.open(Path(sys.argv[1]))
print(cache.lead(), flush=True)
sys.stdin.read()
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def prepare(folder: Path) -> None:
    course, keys = make_course()
    with closing(Cache.open(folder, PERSON)) as cache:
        cache.content.put(course, content_version=1, keys=keys)
        cache.outbox.record([enrolled(cache)])


def test_what_was_said_to_be_recorded_survives_kills_at_random_moments(folder: Path) -> None:
    prepare(folder)
    moments = random.Random(20260105)
    said: list[str] = []
    for _ in range(12):
        writer = start(_WRITER, folder, 10_000)
        assert writer.stdout is not None
        for _ in range(moments.randrange(1, 40)):
            said += writer.stdout.readline().split()
        for _ in range(moments.randrange(0, 20_000)):  # a moment between two lines: within a transaction, or between two
            pass
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        said += [word for line in rest.splitlines(keepends=True) if line.endswith("\n") for word in line.split()]

    with closing(Cache.open(folder, PERSON)) as cache:
        kept = [event for event in cache.outbox.pending(limit=100_000, max_bytes=1 << 40) if event.kind != "enrolled"]
        ids = [event.id for event in kept]
        assert len(ids) == len(set(ids))
        assert set(said) <= set(ids)
        assert len(said) > 100
        assert [event.seq for event in kept] == sorted(event.seq for event in kept)
        # The progress that is shown is a recount of what is there.
        assert cache.progress.section(TIDES_S1).active_seconds == sum(event.body.get("seconds", 0) for event in kept)
        firsts = [event.at for event in kept if event.kind == "completed"]
        assert cache.progress.section(TIDES_S2).completed_at == min(firsts, default=None)
        # Both events of a pair are there, or none.
        assert len([event for event in kept if event.kind == "completed"]) == len([e for e in kept if e.section == TIDES_S2])
        assert cache.check() == ()


def test_two_processes_record_at_once_and_neither_hears_of_a_lock(folder: Path) -> None:
    prepare(folder)
    writers = [start(_WRITER, folder, 500) for _ in range(2)]
    results = [writer.communicate(timeout=150) for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0], results
    said = [word for out, _ in results for word in out.split()]
    with closing(Cache.open(folder, PERSON)) as cache:
        kept = {event.id for event in cache.outbox.pending(limit=10_000, max_bytes=1 << 40)}
    assert len(said) == 1200
    assert set(said) <= kept
    assert len(kept) == 1201


def test_many_processes_make_the_file_at_once(folder: Path) -> None:
    writers = [start(_WRITER, folder, 3) for _ in range(4)]
    results = [writer.communicate(timeout=100) for writer in writers]

    assert [writer.returncode for writer in writers] == [0] * 4, results
    with closing(Cache.open(folder)) as cache:
        assert cache.outbox.counts().pending == 4 * 4


def test_one_process_leads_and_another_takes_over_when_it_dies(folder: Path) -> None:
    prepare(folder)
    leader = start(_LEADER, folder)
    assert leader.stdout is not None
    assert leader.stdout.readline() == "True\n"
    with closing(Cache.open(folder, PERSON)) as cache:
        assert not cache.lead()
        cache.outbox.record([completed(cache, TIDES_S1)])
        leader.send_signal(signal.SIGKILL)
        leader.communicate()

        assert cache.lead()
        assert cache.lead()


def test_a_kill_while_a_course_is_put_leaves_the_old_version_or_the_new_one(folder: Path) -> None:
    prepare(folder)
    script = """
import sys
from pathlib import Path
from lms_tui.cache.store import Cache
from tests.cache.sample import make_course
cache = Cache.open(Path(sys.argv[1]))
course, keys = make_course(lessons=30, sections=30)
print("ready", flush=True)
for version in range(2, 1000):
    cache.content.put(course if version % 2 else make_course()[0], content_version=version, keys=keys)
    print(version, flush=True)
"""
    moments = random.Random(7)
    for _ in range(4):
        writer = start(script, folder)
        assert writer.stdout is not None
        for _ in range(moments.randrange(1, 6)):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        with closing(Cache.open(folder, PERSON)) as cache:
            version = cache.content.version(ident("tides"))
            outline = cache.content.outline(ident("tides"))
            sections = sum(len(lesson.sections) for lesson in outline.lessons)
            assert sections == (900 if version % 2 and version > 1 else 6)
            assert outline.listed.course.section_count == sections
            assert cache.outbox.counts().pending == 1


def test_threads_write_through_one_door(with_course: Cache) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: with_course.outbox.record([spent(with_course, TIDES_S1, 1)])[0].seq, range(100)))

    assert sorted(kept) == list(range(1, 101))
    assert with_course.progress.section(TIDES_S1).active_seconds == 100


def test_the_systems_clock() -> None:
    clock = SystemClock()

    assert clock.boot == clock.boot != ""
    assert clock.mono_ms() <= clock.mono_ms()
    assert clock.now().utcoffset() is not None
