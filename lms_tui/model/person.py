"""Who a connection is: the person behind a login role."""

from datetime import UTC, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct


class Role(StrEnum):
    """What a person may do. Each role may all that the one before it may."""

    STUDENT = "STUDENT"
    INSTRUCTOR = "INSTRUCTOR"
    ADMIN = "ADMIN"


class Person(Struct, frozen=True, kw_only=True):
    """A person of an institution. ``timezone`` is an IANA name; ``institution`` is its name.

    ``epoch`` changes when the database was restored: progress that was fetched under another epoch is fetched anew.
    """

    institution_id: str
    user_id: str
    name: str = ""
    role: Role = Role.STUDENT
    timezone: str = "UTC"
    institution: str = ""
    epoch: str = ""

    @property
    def zone(self) -> tzinfo:
        """In which their days begin and moments are told to them; UTC where this machine does not know it."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC
