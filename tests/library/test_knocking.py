"""A server on this machine that comes back is noticed without waiting for the next try."""

import asyncio
import socket
from pathlib import Path

import pytest

from lms_tui.library import Library, backend
from lms_tui.library.knocking import answers, is_near


@pytest.mark.parametrize(
    ("host", "near"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("/run/postgresql", True), ("db.school.example", False), ("10.0.0.5", False)],
)
def test_what_is_near(host: str, near: bool) -> None:
    assert is_near(host) is near


def test_a_port_and_a_socket_answer_or_not(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert answers("127.0.0.1", port)
    assert not answers("127.0.0.1", port)
    assert not answers("db.school.example", 5432), "which is not asked"
    folder = str(tmp_path)
    assert not answers(folder, 5432)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/.s.PGSQL.5432")
        listening.listen()
        assert answers(folder, 5432)


class Engine:
    """What the loop behind the app says, and is told."""

    state = "offline"
    nudges = 0

    def nudge(self, *, now: bool) -> None:
        self.nudges += now


async def test_it_is_tried_once_when_it_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "_KNOCK_SECONDS", 0)
    engine, said = Engine(), iter([True, True, False, False, True, True])
    done = asyncio.Event()

    class Way:
        def answers(self) -> bool:
            answer = next(said, None)
            if answer is None:
                loop.call_soon_threadsafe(done.set)
            return bool(answer)

    loop = asyncio.get_running_loop()
    library = Library.open()
    monkeypatch.setattr(library._backend, "_way", Way())
    watching = asyncio.ensure_future(library._backend._notice_that_it_is_back(engine))  # type: ignore[arg-type]  # all that it asks of one
    await done.wait()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    monkeypatch.undo()
    await library.close()
    assert engine.nudges == 1
