"""The cache file behind one door."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from lms_tui.cache import backup
from lms_tui.cache.attempts import Attempts
from lms_tui.cache.clock import Clock, SystemClock, from_ms, to_ms
from lms_tui.cache.content import Content
from lms_tui.cache.device import Device
from lms_tui.cache.doors import Doors
from lms_tui.cache.failures import told
from lms_tui.cache.file import open_file
from lms_tui.cache.kept_courses import REMOVED, KeptCourses
from lms_tui.cache.leader import Leader
from lms_tui.cache.ledger import Ledger
from lms_tui.cache.migrate import DROPPED
from lms_tui.cache.mirror import Mirror
from lms_tui.cache.outbox import Outbox
from lms_tui.cache.places import Places
from lms_tui.cache.progress import Progress
from lms_tui.cache.searching import Searching
from lms_tui.model.events import Event, EventKind, uuid7
from lms_tui.model.person import Person


class Cache:
    """One profile's file. Reads run on the caller's thread; writes on any, and they are durable when they return."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self.clock = clock
        self._doors = doors
        self._device = Device(doors, clock)
        self.leader = Leader(doors.path.parent)
        self.outbox = Outbox(doors, clock)
        self.places = Places(doors, clock)
        self.content = Content(doors, clock)
        self.removed = KeptCourses(doors, REMOVED)
        self.dropped = KeptCourses(doors, DROPPED)
        self.progress = Progress(doors, lambda: self.zone)
        self.search = Searching(doors, self.progress)
        self.attempts = Attempts(doors)
        self.mirror = Mirror(doors, clock)
        self.ledger = Ledger(doors)

    @classmethod
    def open(cls, folder: Path, person: Person | None = None, *, clock: Clock | None = None) -> "Cache":
        """The file in a profile's folder, made where it never was.

        Raises ``StorageFailed``; as ``WorkLost`` where the file was there before, and where it is another person's.
        """
        clock = clock or SystemClock()
        doors = Doors(open_file(folder, clock.now()), clock)
        try:
            cache = cls(doors, clock)
            known = cache.person
            if person is not None and not doors.read_only and (known is None or _ids(known) != _ids(person)):
                cache.remember(person)  # raises for another's; what the database said of this one stays
        except BaseException:
            doors.close()
            raise
        return cache

    @property
    def device_id(self) -> str:
        """This device, as the database knows it."""
        return self._device.id

    @property
    def cloned_at(self) -> datetime | None:
        """When the file was first seen to have been copied or moved here, if it was: since then it has a device id of its own."""
        return self._device.cloned_at

    @property
    def person(self) -> Person | None:
        """Whose file this is; None before the first time that it is known."""
        return self._device.person

    @property
    def zone(self) -> tzinfo:
        """Where the person is."""
        return self.person.zone if self.person else UTC

    def now(self) -> datetime:
        """The time where the person is."""
        return self.clock.now().astimezone(self.zone)

    @property
    def read_only(self) -> str:
        """Why nothing can be recorded, for people; empty where it can."""
        return self._doors.read_only

    def remember(self, person: Person) -> None:
        """Keeps the person's name, role and zone. Raises ``StorageFailed`` where the file is another person's."""
        self._device.remember(person)

    def event(
        self,
        kind: EventKind,
        *,
        course: str,
        section: str | None = None,
        body: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Event:
        """An event of now, or of an earlier time, stamped with this machine's clocks. It is not recorded yet."""
        at_ms = to_ms(at or self.clock.now())
        return Event(
            id=uuid7(at_ms, os.urandom(10)),
            kind=kind.value,
            course=course,
            section=section,
            at=from_ms(at_ms),
            content_v=self.content.version(course),
            boot=self.clock.boot,
            mono_ms=self.clock.mono_ms(),
            body=dict(body or {}),
        )

    def lead(self) -> bool:
        """Becomes the one process that syncs this file, or says that another one is. The system frees it when a leader dies."""
        if self.leader.held:
            return True
        with told(self._doors.path):
            if self.read_only or not self.leader.take():
                return False
        self._doors.checkpoint_here()
        return True

    def back_up_daily(self) -> Path | None:
        """A copy of what cannot be fetched again, where something waits and the newest copy is older than a day."""
        if self.read_only or not self.outbox.counts().queued:
            return None
        with told(self._doors.path):
            self._doors.refuse_a_loss()
            return backup.back_up_daily(self._doors.path, self.clock.now())

    def check(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; nothing where it is healthy. Takes 0.1 s for some megabytes."""
        return self._doors.check()

    def close(self) -> None:
        """Lets go of the file."""
        self._doors.close()
        self.leader.release()


def _ids(person: Person) -> tuple[str, str]:
    return person.institution_id, person.user_id
