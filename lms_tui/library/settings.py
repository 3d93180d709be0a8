"""What a person chose on this machine: a small file in the profile's folder. One that cannot be read is as if there were none."""

import os
import secrets
from pathlib import Path

import msgspec
from msgspec import Struct

from lms_tui.model.errors import StorageFailed

_FILE = "settings.json"


class Settings(Struct, frozen=True, omit_defaults=True):
    """``theme`` is the name of the colours; empty for those that the app begins with."""

    theme: str = ""


def load(folder: Path) -> Settings:
    """The settings of a profile's folder."""
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError):
        return Settings()


def save(folder: Path, settings: Settings) -> None:
    """Writes the settings, all or nothing. Raises ``StorageFailed``."""
    draft = folder / f".{_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(msgspec.json.encode(settings))
        draft.replace(folder / _FILE)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StorageFailed(f"What you chose cannot be kept: {error.strerror}.", "It holds until you leave.") from error
