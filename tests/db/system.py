"""The PostgreSQL that this system has installed, started for a test run beside the embedded one. The older, the better a witness."""

import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from lms_tui.db import migrate
from lms_tui.db.embedded import privilege
from lms_tui.db.embedded.layout import Layout
from lms_tui.db.target import Target

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # it is thrown away
    "shared_buffers": "24MB",
    "max_connections": "60",
    "jit": "off",
}


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of the system's own PostgreSQL; None where it has none."""
    said = shutil.which("pg_config")
    server = shutil.which("postgres")
    found = [
        *([Path(subprocess.run([said, "--bindir"], capture_output=True, check=True, text=True).stdout.strip())] if said else []),
        *([Path(server).resolve().parent] if server else []),
    ]
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def version(folder: Path) -> int:
    """The major version of the server in a folder of programs."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, check=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    assert found is not None, said
    return int(found[1])


@contextmanager
def running(folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[Target]:
    """A new server of these programs, as its superuser; it and all its files are gone afterwards.

    With a certificate and its key it listens on 127.0.0.1 too, at the target's port, and takes nothing without TLS there.
    """
    with tempfile.TemporaryDirectory(prefix="lms-pg-") as home:  # a socket's path may have 107 bytes
        guest = privilege.guest(Layout(Path(home)))
        place = guest.home / "system"
        place.mkdir(mode=0o700)
        guest.give(place)
        try:
            yield from _served(folder, guest, place, certificate)
        finally:
            shutil.rmtree(place)


def _with_tls(guest: privilege.Guest, place: Path, certificate: tuple[Path, Path]) -> tuple[int, dict[str, str]]:
    names = ("server.crt", "server.key")
    for name, file in zip(names, certificate, strict=True):
        shutil.copy(file, place / name)
        (place / name).chmod(0o600)
        guest.give(place / name)
    rules = place / "data" / "pg_hba.conf"
    rules.write_text("hostnossl all all all reject\n" + rules.read_text())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    files = {"ssl_cert_file": str(place / names[0]), "ssl_key_file": str(place / names[1])}
    return port, {"listen_addresses": "127.0.0.1", "port": str(port), "ssl": "on"} | files


def _served(folder: Path, guest: privilege.Guest, place: Path, certificate: tuple[Path, Path] | None) -> Iterator[Target]:
    password = secrets.token_hex(16)
    secret = place / "password"
    secret.write_text(password)
    guest.give(secret)
    data = place / "data"
    made = guest.start(
        [folder / "initdb", "-D", data, "-U", "postgres", f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N"],
        folder=place,
        output=subprocess.PIPE,
        keep=(),
    )
    said = made.communicate()[0]
    assert made.returncode == 0, said.decode()
    port, more = _with_tls(guest, place, certificate) if certificate else (5432, {})
    settings = _SETTINGS | {"unix_socket_directories": str(place)} | more
    log = place / "log"
    with log.open("wb") as output:
        server = guest.start(
            [folder / "postgres", "-D", data, *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))],
            folder=place,
            output=output.fileno(),
            keep=(),
        )
    try:
        target = Target(host=str(place), port=port, dbname="postgres", user="postgres", password=password)
        _until_it_answers(target, server, log)
        yield target
    finally:
        server.send_signal(signal.SIGINT)  # fast: it ends the sessions that are open
        server.wait(30)


def _until_it_answers(target: Target, server: "subprocess.Popen[bytes]", log: Path) -> None:
    while server.poll() is None:
        try:
            migrate.connect(target).close()
        except psycopg.OperationalError:
            continue
        return
    raise AssertionError(f"the system's PostgreSQL did not start: {log.read_text()}")
