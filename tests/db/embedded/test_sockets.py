"""The folder of the socket is short, our own, and nobody else's."""

import os
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms_tui.db.embedded import sockets
from lms_tui.db.embedded.layout import Address
from lms_tui.db.embedded.privilege import Guest


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short private folder that stands for the one of the session."""
    with tempfile.TemporaryDirectory(prefix="b", dir="/tmp") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name)


@pytest.fixture
def guest(tmp_path: Path) -> Guest:
    return Guest(os.geteuid(), os.getegid(), tmp_path)


def test_a_known_name_is_used_again(base: Path, guest: Guest) -> None:
    first = sockets.make(guest, None)
    assert first.parent == base
    assert sockets.is_safe(first, guest.uid)
    assert sockets.make(guest, str(first)) == first
    first.rmdir()
    assert sockets.make(guest, str(first)) == first


def test_a_folder_that_others_may_enter_is_not_used(base: Path, guest: Guest) -> None:
    taken = base / "lms-taken"
    taken.mkdir()
    taken.chmod(0o755)
    assert sockets.make(guest, str(taken)) != taken


def test_a_link_in_its_place_is_not_used(base: Path, guest: Guest) -> None:
    (base / "mine").mkdir(mode=0o700)
    (base / "lms-link").symlink_to(base / "mine")
    assert not sockets.is_safe(base / "lms-link", guest.uid)
    assert sockets.make(guest, str(base / "lms-link")) != base / "lms-link"


def test_a_folder_of_another_user_is_not_used(base: Path, guest: Guest) -> None:
    (base / "lms-other").mkdir(mode=0o700)
    assert not sockets.is_safe(base / "lms-other", guest.uid + 1)


def test_a_base_that_others_may_write_is_not_used(base: Path, guest: Guest) -> None:
    base.chmod(0o777)
    made = sockets.make(guest, None)
    assert made.parent != base
    made.rmdir()


def test_a_base_that_is_too_long_or_reads_as_a_list_is_not_used(base: Path, guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("x" * 90, "a,b"):
        (base / name).mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(base / name))
        made = sockets.make(guest, None)
        assert made.parent != base / name
        made.rmdir()


def test_who_listens_and_says_something_else_is_no_server(base: Path) -> None:
    folder = base / "lms-x"
    folder.mkdir(mode=0o700)
    address = Address(str(folder), os.geteuid(), "/nowhere")
    assert not sockets.answers(address)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / sockets.SOCKET_NAME))
        assert not sockets.answers(address)
        listener.listen()
        with ThreadPoolExecutor(1) as pool:
            said = pool.submit(_say, listener, b"E\0\0\0\x05\0")
            assert not sockets.answers(address)
            said.result()


def _say(listener: socket.socket, words: bytes) -> None:
    with listener.accept()[0] as link:
        link.sendall(words)
