"""A server is there while somebody holds it, one for all, and goes with the last."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from lms_tui.db.embedded.layout import Address, Layout, password_file
from lms_tui.db.embedded.server import Server, _target
from lms_tui.db.target import Target
from lms_tui.model.errors import Unavailable
from tests.db.embedded.seen import Seen, ask, connect, first_line, hold, until


def test_two_holders_share_a_server_that_goes_with_the_last(seen: Seen) -> None:
    first = Server.ensure(seen.folder)
    second = Server.ensure(seen.folder)
    assert first.target == second.target
    started = ask(first.target, "SELECT pg_postmaster_start_time()::text")

    first.release()
    first.release()
    assert ask(second.target, "SELECT pg_postmaster_start_time()::text") == started

    second.release()
    until(lambda: not seen.runs() and not seen.is_supervised(), "the server and its launcher end")


def test_the_next_command_finds_the_server_still_warm(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        started = ask(handle.target, "SELECT pg_postmaster_start_time()::text")
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT pg_postmaster_start_time()::text") == started


def test_what_was_written_is_there_after_a_stop(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle, connect(handle.target) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ÄÖ' AS word")
    assert Server.stop(seen.folder)
    assert not seen.runs()
    assert not Server.stop(seen.folder)
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT lower(word) FROM kept") == "äö"


def test_stop_ends_a_held_server_and_its_holder_may_have_it_again(seen: Seen) -> None:
    with Server.ensure(seen.folder):
        assert Server.stop(seen.folder)
        assert not seen.runs()
        with Server.ensure(seen.folder) as again:
            assert ask(again.target, "SELECT 1") == 1


def test_many_at_once_get_one_server(seen: Seen) -> None:
    processes = [hold(seen.folder) for _ in range(4)]
    assert len({first_line(process) for process in processes}) == 1
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
    for process in processes:
        process.communicate()
        assert process.returncode == 0


def test_threads_that_come_and_go_always_get_a_living_server(seen: Seen) -> None:
    def visit(_: int) -> object:
        with Server.ensure(seen.folder) as handle:
            return ask(handle.target, "SELECT 1")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(visit, range(16))) == [1] * 16


def test_one_who_comes_while_it_stops_gets_a_new_one(seen: Seen) -> None:
    for _ in range(2):
        with Server.ensure(seen.folder):
            pass
        until(lambda: not (Path(_address(seen)) / ".s.PGSQL.5432").exists(), "the server begins to stop")
        with Server.ensure(seen.folder) as handle:
            assert ask(handle.target, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["with a space", "quo'te\"s $HOME `id` \\", "comma,ünïcode", "long" * 50 + "/" + "path" * 50])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "server"
    with Server.ensure(folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
    assert Server.stop(folder)
    with Server.ensure(folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
    Server.stop(folder)


def test_only_who_knows_the_password_comes_in(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        known = handle.target
        wrong = Target(host=known.host, port=known.port, dbname=known.dbname, user=known.user, password="guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(wrong)
        assert known.password not in repr(known)
        assert ask(known, "SHOW listen_addresses") == ""
        assert ask(known, "SHOW password_encryption") == "scram-sha-256"
        assert ask(known, "SHOW fsync") == "on"
        assert ask(known, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'template1'") == "bC.UTF-8"


def test_nobody_else_may_enter_and_the_password_is_nowhere_else(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle:
        password = handle.target.password
        for folder in (seen.folder, seen.data, Path(handle.target.host)):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        processes = [entry for entry in Path("/proc").glob("[0-9]*") if _shown(entry / "cmdline").find(os.fsencode(seen.folder)) >= 0]
        assert all(password.encode() not in _shown(entry / name) for entry in processes for name in ("cmdline", "environ"))
    Server.stop(seen.folder)
    holding = [file for file in seen.folder.rglob("*") if file.is_file() and password.encode() in file.read_bytes()]
    assert [file.name for file in holding] == ["password"]
    assert stat.S_IMODE(holding[0].stat().st_mode) == 0o600


def test_the_log_holds_no_statement_and_no_value(seen: Seen) -> None:
    with Server.ensure(seen.folder) as handle, connect(handle.target) as connection:
        connection.execute("CREATE TABLE t (secret text PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES ('hush')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO t VALUES ('hush')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'hush'::int")
    Server.stop(seen.folder)
    log = seen.layout.log.read_text()
    assert "database system is ready" in log
    assert "hush" not in log
    assert "INSERT" not in log


def test_parents_that_exist_keep_their_mode(tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    parent.mkdir()
    parent.chmod(0o755)
    with Server.ensure(parent / "new" / "server"):
        assert stat.S_IMODE(parent.stat().st_mode) == 0o755
    Server.stop(parent / "new" / "server")


def _address(seen: Seen) -> str:
    address = Layout(seen.folder).read_address()
    assert address is not None
    return address.socket


def _shown(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_a_password_of_other_bytes_is_told(tmp_path: Path) -> None:
    password_file(tmp_path).write_bytes(b"\xff\xfe")

    with pytest.raises(Unavailable, match="password"):
        _target(Address(socket=str(tmp_path), owner=0, cluster=str(tmp_path)))
