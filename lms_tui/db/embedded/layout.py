"""The files of an embedded server's folder."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PORT = 5432  # only a part of the socket's name: no network port is opened
SUPERUSER = "postgres"


class Address(NamedTuple):
    """Where the server last started: the folder of its socket, the user id that owns that folder, and the cluster's folder."""

    socket: str
    owner: int
    cluster: str


class Layout(NamedTuple):
    """``launcher`` is locked by the one supervising process; ``holders`` is shared by all who need the server;
    ``running`` is inherited by every process of the server, so it is free only when none is left; ``stopping`` is locked by
    who wants the server stopped, held or not."""

    folder: Path

    @property
    def launcher(self) -> Path:
        return self.folder / "launcher.lock"

    @property
    def holders(self) -> Path:
        return self.folder / "holders.lock"

    @property
    def running(self) -> Path:
        return self.folder / "running.lock"

    @property
    def stopping(self) -> Path:
        return self.folder / "stop.lock"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def address(self) -> Path:
        return self.folder / "address.json"

    def read_address(self) -> Address | None:
        """The recorded address; None where there is none, or it is damaged (the launcher then makes another)."""
        try:
            found = json.loads(self.address.read_bytes())
            return Address(str(found["socket"]), int(found["owner"]), str(found["cluster"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_address(self, address: Address) -> None:
        """Records the address; readers see the old one or the new one, never a part."""
        draft = self.folder / "address.new"
        with suppress(FileNotFoundError):
            draft.unlink()
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(address._asdict(), file)
        draft.replace(self.address)


def data_folder(cluster: Path) -> Path:
    """PostgreSQL's own folder in a cluster's folder."""
    return cluster / "data"


def password_file(cluster: Path) -> Path:
    """The superuser's password, made with the cluster and readable by its owner alone."""
    return cluster / "password"
