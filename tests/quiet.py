"""Waiting for an app that has nothing more to do, by looking at the event loop itself."""

import asyncio

_SOON_SECONDS = 0.03  # a little more than Textual lets pass before it draws what has changed
_LONGEST_SECONDS = 1.0


async def until_quiet(min_sleep: float = 0, max_sleep: float = _LONGEST_SECONDS) -> None:
    """Until no callback is ready in the loop, and no timer is due within a frame; at most ``max_sleep`` seconds.

    Stands in for Textual's ``wait_for_idle``, which sleeps for a fiftieth of a second again and again until the process has used
    little of the processor: that is ten times slower, and a guess. What threads do is not seen: wait for their workers.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + max_sleep
    await asyncio.sleep(min_sleep)
    while (now := loop.time()) < until:
        if loop._ready:  # type: ignore[attr-defined]  # asyncio has no public way to ask
            await asyncio.sleep(0)
            continue
        due = [timer.when() for timer in loop._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
        if not due or (soonest := min(due)) > now + _SOON_SECONDS:
            return
        await asyncio.sleep(max(0.0, soonest - now))
