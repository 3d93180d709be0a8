"""How much of the time on a screen was active: idle time does not count."""

IDLE_AFTER_SECONDS = 120.0
"""Without a key or a click for this long, a learner is taken to be away (DESIGN, "Offline and sync")."""


class ActivityMeter:
    """Counts active seconds between touches. All times are of one monotonic clock, in seconds.

    Time counts from a touch to the next one, up to the idle limit; a pause (focus lost, screen left) ends it at once.
    A machine that slept shows as one long gap and counts as the idle limit at most.
    """

    def __init__(self) -> None:
        self._counted_to: float | None = None
        self._last_touch = 0.0
        self._active = 0.0

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
        if self._counted_to is None:
            return
        until = min(now, self._last_touch + IDLE_AFTER_SECONDS)
        if until > self._counted_to:
            self._active += until - self._counted_to
            self._counted_to = until
