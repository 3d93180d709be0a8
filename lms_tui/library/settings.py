"""What a person chose on this machine: a small file in the profile's folder. One that cannot be read is as if there were none."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from lms_tui.library import private_file
from lms_tui.model.errors import StorageFailed

_FILE = "settings.json"


class Settings(Struct, frozen=True, omit_defaults=True):
    """``theme`` is the name of the colours; empty for those that the app begins with. ``keys`` are a person's own, by command."""

    theme: str = ""
    keys: dict[str, Any] = {}


def path(folder: Path) -> Path:
    """Where a profile's settings are."""
    return folder / _FILE


def load(folder: Path) -> Settings:
    """The settings of a profile's folder."""
    return _read(folder) or Settings()


def is_unreadable(folder: Path) -> bool:
    """Whether there is a file, and nothing can be made of it."""
    return path(folder).exists() and _read(folder) is None


def _read(folder: Path) -> Settings | None:
    try:
        return msgspec.json.decode(path(folder).read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError):
        return None


def save(folder: Path, settings: Settings) -> None:
    """Writes the settings, all or nothing; what a person wrote by hand and cannot be read is kept beside. Raises ``StorageFailed``."""
    try:
        if is_unreadable(folder):
            path(folder).replace(folder / f"{_FILE}.unreadable")
        private_file.put(path(folder), msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
    except OSError as error:
        raise StorageFailed(f"What you chose cannot be kept: {error.strerror}.", "It holds until you leave.") from error
