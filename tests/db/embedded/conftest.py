"""A folder for a server, left without a process and without a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_tui.db.embedded.server import Server
from tests.db.embedded.seen import Seen, until


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    found = Seen(tmp_path / "server")
    yield found
    Server.stop(found.folder)
    until(lambda: not found.is_supervised(), "the launcher ends")
    address = found.layout.read_address()
    assert address is None or not Path(address.socket).exists()
