"""The profiles on this machine, looked at without any contact."""

import os
from datetime import datetime
from pathlib import Path

from lms_tui import paths
from lms_tui.cache.losses import NAME as CACHE
from lms_tui.cache.store import Cache
from lms_tui.library import profile as kept
from lms_tui.library.profile import PersonalProfile, Profile
from lms_tui.library.reaching import way_of
from lms_tui.model.errors import LmsError
from lms_tui.views.profiles import ProfileNode


def profiles() -> tuple[ProfileNode, ...]:
    """Every profile, by name; one whose file cannot be read says so."""
    return tuple(_listed(name) for name in kept.names())


def _listed(name: str) -> ProfileNode:
    try:
        return described(*kept.load(name))
    except LmsError as error:
        return ProfileNode(name=name, kind="", default=_is_default(name), path=str(paths.profile_folder(name)), problem=error.message)


def _is_default(name: str) -> bool:
    """``--profile`` puts its name into the environment, and beside it the one that was there."""
    return name == (os.environ.get("LMS_TUI_USUAL_PROFILE") or os.environ.get("LMS_TUI_PROFILE", kept.PERSONAL))


def described(folder: Path, profile: Profile) -> ProfileNode:
    """A profile, with what waits in its cache file."""
    queued: int | None = 0
    last_sync_at: datetime | None = None
    problem, person = "", profile.person
    if (folder / CACHE).exists():
        try:
            cache = Cache.open(folder, person)
        except LmsError as error:
            queued, problem = None, error.message
        else:
            counts = cache.outbox.counts()
            queued, last_sync_at, person = counts.queued, cache.ledger.last_success(), cache.person or person
            last_sync_at = last_sync_at and last_sync_at.astimezone(person.zone)
            cache.close()
    return ProfileNode(
        name=folder.name,
        kind="personal" if isinstance(profile, PersonalProfile) else "postgresql",
        default=_is_default(folder.name),
        person=person.name,
        role=person.role,
        place=person.institution,
        server=way_of(profile, folder).place,
        queued=queued,
        last_sync_at=last_sync_at,
        path=str(folder),
        problem=problem,
    )
