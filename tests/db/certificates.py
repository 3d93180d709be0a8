"""Certificates for a server of the tests, made by the openssl program."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest


class Certificates(NamedTuple):
    """A root that signed a server's certificate for a name or address, and the server's key."""

    root: Path
    server: Path
    key: Path


def made(folder: Path, subject: str) -> Certificates:
    """Makes them in a folder; ``subject`` is as in ``IP:127.0.0.1``. Skips where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl program here, so nothing is said of TLS")
    folder.mkdir(parents=True, exist_ok=True)
    found = Certificates(folder / "root.crt", folder / "server.crt", folder / "server.key")
    root_key, request, names = folder / "root.key", folder / "server.csr", folder / "names"
    names.write_text(f"subjectAltName={subject}\n")
    new: list[str | Path] = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-sha256"]
    sign: list[str | Path] = ["openssl", "x509", "-req", "-CAcreateserial", "-days", "2"]
    for command in (
        [*new, "-x509", "-days", "2", "-subj", "/CN=A root", "-keyout", root_key, "-out", found.root],
        [*new, "-subj", "/CN=A server", "-keyout", found.key, "-out", request],
        [*sign, "-in", request, "-CA", found.root, "-CAkey", root_key, "-extfile", names, "-out", found.server],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return found
