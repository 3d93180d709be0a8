"""What all tests share: a home of their own, no animation, no network, and the way to the real courses."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.db.embedded.server import Server
from lms_tui.db.target import Target

ROOT = Path(__file__).resolve().parents[1]


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: a good part of their time, tests wait for servers and terminals."""
    return 2 + (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``LMS_TUI_HOME`` for each test; processes that a test starts get it too."""
    folder = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("LMS_TUI_", "PG"))]:
        if name != "LMS_TUI_SHARED":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LMS_TUI_HOME", str(folder))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection from the test's own process to any machine but this one fails the test."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_others(sock: socket.socket, address: object) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple) and not _is_local(str(address[0])):
            pytest.fail(f"a test may not reach {address[0]}")

    def checked_connect(sock: socket.socket, address: object) -> None:
        refuse_others(sock, address)
        connect(sock, address)  # type: ignore[arg-type]  # whatever the caller gave is passed on

    def checked_connect_ex(sock: socket.socket, address: object) -> int:
        refuse_others(sock, address)
        return connect_ex(sock, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", checked_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", checked_connect_ex)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def shared_courses() -> Path:
    """The folder of real courses: ``LMS_TUI_SHARED``/courses, else ../shared/courses. Skips where there is none."""
    shared = os.environ.get("LMS_TUI_SHARED")
    folder = (Path(shared) if shared else ROOT.parent / "shared") / "courses"
    if not folder.is_dir():
        pytest.skip(f"no real courses at {folder}; LMS_TUI_SHARED names the folder that has them")
    return folder


@pytest.fixture(scope="session")
def shipped_courses() -> Path:
    """The folder of the courses that come with the app."""
    return ROOT / "lms_tui" / "courses"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The superuser of an embedded PostgreSQL, one for each test process: make databases and roles with random names in it."""
    folder = tmp_path_factory.mktemp("server")
    handle = Server.ensure(folder)
    try:
        yield handle.target
    finally:
        handle.release()
        Server.stop(folder)
