"""Slow, blocking work off the event loop, that nobody has to wait for when the app is left."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_background(work: Callable[[], T]) -> T:
    """The result of ``work``, which runs in a daemon thread: asyncio's own threads would hold up the exit until they end."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def deliver(value: T | None, error: BaseException | None) -> None:
        if result.done():
            return
        if error is None:
            result.set_result(value)  # type: ignore[arg-type]  # None only where T is
        else:
            result.set_exception(error)

    def body() -> None:
        value: T | None = None
        error: BaseException | None = None
        try:
            value = work()
        except BaseException as caught:  # noqa: BLE001  # whoever awaits the result gets it raised
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits for this any more
            loop.call_soon_threadsafe(deliver, value, error)

    threading.Thread(target=body, daemon=True, name="lms-tui background").start()
    return await result
