"""Invitations from somebody who is not the school, and servers that lie: no password is told, and nothing here is changed."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.forked import run_command
from tests.journeys.school import School, school

_ENCRYPTION = (80877103, 80877104)  # SSLRequest and GSSENCRequest (PostgreSQL documentation, "Message Formats")


class Thief(threading.Thread):
    """Speaks as much of PostgreSQL's protocol as it takes to ask for a password in clear text, and keeps what it hears."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(daemon=True)
        self._socket = socket.create_server((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard = b""
        self.start()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            with connection:
                self._listen(connection)

    def _listen(self, connection: socket.socket) -> None:
        while True:
            length, code = struct.unpack("!II", connection.recv(8))
            self.heard += connection.recv(length - 8) if length > 8 else b""
            if code not in _ENCRYPTION:
                break
            connection.sendall(b"N")
        connection.sendall(b"R" + struct.pack("!II", 8, 3))  # AuthenticationCleartextPassword
        self.heard += connection.recv(4096)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def thief() -> Iterator[Thief]:
    listening = Thief()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def one_school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("server"), None) as found:
        yield found


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a profile's folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def forged(real: Path, **changes: Any) -> Path:
    """An invitation like another one, but for some values."""
    file = real.with_name(f"forged-{real.name}")
    file.write_bytes(msgspec.json.encode(msgspec.json.decode(real.read_bytes(), type=dict[str, Any]) | changes))
    return file


@pytest.mark.parametrize("named", [False, True])
def test_a_forged_invitation_gets_no_password_and_leaves_the_profile(one_school: School, tmp_path: Path, thief: Thief, named: bool) -> None:
    name = f"vera-{named}".lower()
    folder = Path(one_school.comes(f"Vera {named}", tmp_path, profile=name)["path"])
    before = files(folder)
    false = forged(tmp_path / f"{name}.json", host="127.0.0.1", port=thief.port, password="invented")
    result = one_school.run("login", false, *(("--profile", name) if named else ()))
    assert result.returncode == 1
    assert thief.heard
    assert before["secret"] not in thief.heard
    assert b"invented" not in thief.heard, "a password is proved, and not told"
    assert files(folder) == before
    assert [node["name"] for node in one_school.json("profiles")["items"]] == [name]
    assert one_school.json("sync", "--profile", name)["state"] == "idle"


def test_a_login_that_fails_leaves_the_trusted_certificate(one_school: School, tmp_path: Path) -> None:
    folder = Path(one_school.comes("Wanda", tmp_path, profile="wanda")["path"])
    (folder / "root.crt").write_text("what the school said")
    before = files(folder)
    for changes in (
        {"host": "db.example.org", "sslmode": "disable", "root_certificate": "what somebody else says"},
        {"host": "nobody.invalid", "root_certificate": "what somebody else says"},
        {"host": "nobody.invalid"},
    ):
        for more in ((), ("--profile", "wanda")):
            one_school.error("login", forged(tmp_path / "wanda.json", **changes), *more)
            assert files(folder) == before
    assert [node["name"] for node in one_school.json("profiles")["items"]] == ["wanda"]


def test_several_hosts_are_none(one_school: School, tmp_path: Path, thief: Thief) -> None:
    one_school.invite("Mia", tmp_path / "mia.json")
    several = forged(tmp_path / "mia.json", host="/nowhere,127.0.0.1", port=thief.port, sslmode="disable")
    assert "several hosts" in one_school.error("login", several)["message"]
    assert thief.heard == b""


def test_a_server_that_claims_somebody_elses_name_gets_a_profile_of_its_own(one_school: School, tmp_path: Path) -> None:
    folder = Path(one_school.comes("Ute", tmp_path, profile="ute")["path"])
    before = files(folder)
    invitation = msgspec.json.decode((tmp_path / "ute.json").read_bytes())
    password = before["secret"].decode()
    link = tmp_path / "s"  # the same server by another way: what is another server to the client, and says the same of the login
    link.symlink_to(invitation["host"])
    address = f"host={link} port={invitation['port']} dbname={invitation['dbname']} user={invitation['user']}"
    made = run_command(["login", address, "--password-stdin", "--json"], given=f"{password}\n")
    assert made.returncode == 0, made.stderr
    assert msgspec.json.decode(made.stdout)["name"] == "a-school"
    assert files(folder) == before


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"x":' + b"[" * 100_000, b"x" * 1_000_000, b"\0" * 100, b""])
def test_what_is_no_invitation_is_refused_in_a_sentence(one_school: School, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    assert "is not an invitation" in one_school.error("login", file)["message"]


def test_a_pipe_and_a_folder_are_no_invitations(one_school: School, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", tmp_path):
        assert "is not an invitation" in one_school.error("login", file)["message"]


def test_a_bad_name_of_a_profile_is_refused_before_any_contact(one_school: School, thief: Thief) -> None:
    address = f"postgresql://ada@127.0.0.1:{thief.port}/school"
    assert "name of a profile" in one_school.error("login", address, "--profile", "../x")["message"]
    assert thief.heard == b""
