"""The server never runs as root, and runs for whoever it is: by name, without a name, and where namespaces are forbidden."""

import ctypes
import json
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from lms_tui.db.embedded.server import Server
from tests.db.embedded.seen import ROOT, Seen, ask

_NAMELESS = 54321
_NEW_USER, _NEW_MOUNT = 0x10000000, 0x20000  # of unshare(2)
_BIND, _PRIVATE = 0x1000, 0x40000 | 0x4000  # of mount(2)
_USE = """
import json, os, sys
from pathlib import Path
import psycopg
from lms_tui.db.embedded.server import Server
from lms_tui.model.errors import Unavailable
found = []
try:
    for _ in range(2):
        with Server.ensure(Path(sys.argv[1])) as handle:
            t = handle.target
            with psycopg.connect(host=t.host, port=t.port, dbname=t.dbname, user=t.user, password=t.password, autocommit=True) as link:
                link.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
                link.execute("INSERT INTO kept VALUES (1)")
                found.append(link.execute("SELECT count(*) FROM kept").fetchone()[0])
                owner = os.stat(f"/proc/{link.info.backend_pid}").st_uid
        Server.stop(Path(sys.argv[1]))
    print(json.dumps({"counts": found, "owner": owner, "files": [str(each) for each in Path(sys.argv[1]).iterdir()]}))
except Unavailable as error:
    print(json.dumps({"error": error.message, "hint": error.hint}))
"""

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # children make system calls only
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="lms-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _use(folder: Path, prepare: Callable[[], None] | None = None) -> dict[str, object]:
    """Uses a server twice in a process of its own and tells what it found."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.run(
        [sys.executable, "-c", _USE, folder],
        cwd="/",
        env=environment,
        preexec_fn=prepare,
        capture_output=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr.decode()
    found: dict[str, object] = json.loads(process.stdout)
    return found


@root_only
def test_as_root_the_files_stay_roots_and_the_server_has_no_privilege(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
        status = Path(f"/proc/{seen.postmaster()}/status").read_text()
        assert "CapEff:\t0000000000000000" in status
        if seen.data.is_relative_to(seen.folder):
            assert {file.stat().st_uid for file in seen.data.rglob("*")} == {0}


@root_only
@pytest.mark.parametrize("uid", [pwd.getpwnam("nobody").pw_uid, _NAMELESS])
def test_as_an_ordinary_user(outside: Path, uid: int) -> None:
    home = outside / "home"
    home.mkdir(mode=0o700)
    os.chown(home, uid, uid)
    found = _use(home / "data" / "server", partial(_become, uid, outside))
    if uid == _NAMELESS and "error" in found:
        assert "has no name on this system" in str(found["error"])
        pytest.skip("ordinary users may not make namespaces here")
    assert found.get("counts") == [1, 2], found
    assert found["owner"] == uid


@root_only
def test_where_namespaces_are_forbidden_root_uses_nobody(outside: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    folder = outside / "server"
    found = _use(folder, partial(_forbid_namespaces, outside))
    if "cannot be started as user id" in str(found.get("error")):
        pytest.skip("the programs cannot be read by nobody")
    assert found.get("counts") == [1, 2], found
    assert found["owner"] == nobody
    assert not list(folder.glob("cluster-*"))
    made = list((outside / "lib" / "lms-tui").iterdir())
    assert [(each.stat().st_uid, each.stat().st_mode & 0o777) for each in made] == [(0, 0o711)]
    assert {file.stat().st_uid for file in made[0].rglob("data/*")} == {nobody}

    assert _use(folder, partial(_hide_var, outside)).get("counts") == [3, 4], "what nobody made stays nobody's"


@root_only
def test_where_namespaces_are_forbidden_later_nothing_is_begun_anew(outside: Path) -> None:
    folder = outside / "server"
    found = _use(folder, partial(_hide_var, outside))
    if not list(folder.glob("cluster-*")):
        pytest.skip("root may not make namespaces here")
    assert found.get("counts") == [1, 2], found
    refused = _use(folder, partial(_forbid_namespaces, outside))
    assert "may not make user namespaces" in str(refused.get("error"))


def _become(uid: int, outside: Path) -> None:
    """Becomes another user, after opening the way to Python and this tree for this process alone, should it be closed."""
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.unshare(_NEW_MOUNT))
    _must(libc.mount(None, b"/", None, _PRIVATE, None))
    needed = sorted({Path(sys.base_prefix), Path(sys.prefix), ROOT})  # what is in another comes after it
    closed = {parent for path in needed for parent in path.parents if not parent.stat().st_mode & 0o001}
    for top in [each for each in closed if closed.isdisjoint(each.parents)]:
        behind = [path for path in needed if path.is_relative_to(top)]
        for number, path in enumerate(behind):
            (outside / str(number)).mkdir(exist_ok=True)
            _must(libc.mount(os.fsencode(path), os.fsencode(outside / str(number)), None, _BIND, None))
        _must(libc.mount(b"tmpfs", os.fsencode(top), b"tmpfs", 0, b"mode=755"))
        for number, path in enumerate(behind):
            path.mkdir(parents=True, exist_ok=True)
            _must(libc.mount(os.fsencode(outside / str(number)), os.fsencode(path), None, _BIND, None))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _hide_var(outside: Path) -> None:
    """Puts a folder of ours where /var/lib is, for this process and its children alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.unshare(_NEW_MOUNT))
    _must(libc.mount(None, b"/", None, _PRIVATE, None))
    (outside / "lib").mkdir(exist_ok=True)
    _must(libc.mount(os.fsencode(outside / "lib"), b"/var/lib", None, _BIND, None))


def _forbid_namespaces(outside: Path) -> None:
    """The same in a user namespace with all ids, in which no further one may be made."""
    parent = os.getpid()
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.read(ready[0], 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{parent}/{name}").write_text("0 0 65536")
        os.write(go[1], b".")
        os._exit(0)
    _must(ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER))
    os.write(ready[1], b".")
    os.read(go[0], 1)
    os.waitpid(child, 0)
    _hide_var(outside)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def test_programs_that_cannot_be_run_are_told(tmp_path: Path) -> None:
    from lms_tui.db.embedded.privilege import Guest
    from lms_tui.model.errors import Unavailable

    with pytest.raises(Unavailable, match=f"cannot be started as user id {os.geteuid()}"):
        Guest(os.geteuid(), os.getegid(), tmp_path).start([tmp_path / "postgres"], folder=tmp_path, output=subprocess.DEVNULL, keep=())
