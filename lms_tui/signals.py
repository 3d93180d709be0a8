"""What the system tells the app: to go, to stop, and to go on."""

import asyncio
import signal
from types import FrameType
from typing import Any

from textual.app import App

LEAVING_SECONDS = 10.0


def listen(app: App[Any]) -> None:
    """Leaves when asked to, whatever this process was told to ignore when it was started."""
    loop = asyncio.get_running_loop()

    def asked_to_go(number: int, frame: FrameType | None) -> None:
        _end_at_last()
        loop.call_soon_threadsafe(app.exit)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked_to_go)
    _go_on_once(app, loop)


def leave(app: App[Any]) -> None:
    """Leaves in order: what was done is recorded, and the terminal given back as it was."""
    _end_at_last()
    app.exit()


def _end_at_last() -> None:
    """Where leaving in order takes too long, the system ends the process: it must not keep others from syncing."""
    if not signal.getitimer(signal.ITIMER_REAL)[0]:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, LEAVING_SECONDS)


def _go_on_once(app: App[Any], loop: asyncio.AbstractEventLoop) -> None:
    """Lets Textual take the terminal again only where it had given it back.

    It does so at every SIGCONT. After a plain SIGSTOP, by which nothing was given back, two threads would read the keys
    then, and leaving would wait for one of them for ever (Textual 8.2.8, ``LinuxDriver._sigcont_application``).
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    gave_back = False

    def stopped(number: int, frame: FrameType | None) -> None:
        nonlocal gave_back
        gave_back = True
        if callable(stop):
            stop(number, frame)

    def continued(number: int, frame: FrameType | None) -> None:
        nonlocal gave_back
        if gave_back and callable(go_on):
            go_on(number, frame)
        gave_back = False
        loop.call_soon_threadsafe(app.refresh)

    signal.signal(signal.SIGTSTP, stopped)
    signal.signal(signal.SIGCONT, continued)
