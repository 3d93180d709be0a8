"""Profiles, as a list shows them."""

from datetime import datetime

from msgspec import Struct


class ProfileNode(Struct, frozen=True, kw_only=True):
    """One person at one database. ``problem`` says what cannot be read here; what is not known is then empty or None.

    ``last_sync_at`` is in the person's zone.
    """

    name: str
    kind: str
    default: bool
    person: str = ""
    role: str = ""
    place: str = ""
    server: str = ""
    queued: int | None = None
    last_sync_at: datetime | None = None
    path: str
    problem: str = ""


class LoggedIn(Struct, frozen=True, kw_only=True):
    """A login that worked. ``password_file`` is None where no password is kept."""

    profile: ProfileNode
    password_file: str | None
    notes: tuple[str, ...] = ()
