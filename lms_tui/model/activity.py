"""How much of the time on a screen was active: idle time does not count."""

IDLE_AFTER_SECONDS = 120.0
"""Without a key or a click for this long, a learner is taken to be away (DESIGN, "Offline and sync")."""


LONGEST_SILENCE_SECONDS = 5.0
"""A meter that was not asked anything for this long belongs to a process, or a machine, that was stopped meanwhile."""


class ActivityMeter:
    """Counts active seconds between touches. All times are of one monotonic clock, in seconds.

    Time counts from a touch to the next one, up to the idle limit; a pause (focus lost, screen left) ends it at once.
    ``beat`` is to be called every second or so: time in which nothing was called, as of a laptop that slept, does not count.
    """

    def __init__(self) -> None:
        self._counted_to: float | None = None
        self._last_touch = 0.0
        self._last_call = 0.0
        self._active = 0.0

    def beat(self, now: float) -> None:
        """Time goes by, and the app is running."""
        self._count(now)

    def touch(self, now: float) -> None:
        """The learner did something at ``now``."""
        self._count(now)
        self._counted_to = now
        self._last_touch = now

    def pause(self, now: float) -> None:
        """The learner is away from ``now`` until the next touch."""
        self._count(now)
        self._counted_to = None

    def is_idle(self, now: float) -> bool:
        """Whether nothing that happened is counted at ``now``."""
        return self._counted_to is None or now >= self._last_touch + IDLE_AFTER_SECONDS

    def take(self, now: float) -> int:
        """Whole active seconds since the last take; the fraction stays for the next one."""
        self._count(now)
        whole = int(self._active)
        self._active -= whole
        return whole

    def _count(self, now: float) -> None:
        was_stopped, self._last_call = now > self._last_call + LONGEST_SILENCE_SECONDS, now
        if self._counted_to is None:
            return
        if was_stopped:
            self._counted_to = now
            return
        until = min(now, self._last_touch + IDLE_AFTER_SECONDS)
        if until > self._counted_to:
            self._active += until - self._counted_to
            self._counted_to = until
