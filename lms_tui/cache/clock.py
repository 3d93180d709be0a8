"""The clocks of this machine, behind one door, so that a test can hold them."""

import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol
from uuid import uuid4

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What an event is stamped with."""

    @property
    def boot(self) -> str:
        """The name of this boot: two readings of ``mono_ms`` compare only within one."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""

    def mono_ms(self) -> int:
        """Milliseconds that never jump."""


class SystemClock:
    """The machine's own clocks."""

    @cached_property
    def boot(self) -> str:
        """The kernel's boot id; where there is none, a name of this process alone, which nothing else compares with."""
        try:
            return _BOOT_ID.read_text("ascii").strip()
        except OSError:
            return str(uuid4())

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def mono_ms(self) -> int:
        """Milliseconds since the boot, with the time asleep where the system counts it (CLOCK_BOOTTIME)."""
        boottime = getattr(time, "CLOCK_BOOTTIME", None)
        seconds = time.monotonic() if boottime is None else time.clock_gettime(boottime)
        return int(seconds * 1000)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Unix milliseconds, rounded down."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Unix milliseconds as a time in UTC, exactly."""
    return _EPOCH + ms * _MILLISECOND
