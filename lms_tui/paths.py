"""Where things are kept. ``LMS_TUI_HOME`` puts everything into one folder."""

import os
import re
from pathlib import Path
from typing import Literal

from lms_tui.model.errors import BadInput, StorageFailed


def state_folder() -> Path:
    """The folder of profiles and logs. Raises ``StorageFailed`` where this user has no home."""
    return _own_folder("state")


def data_folder() -> Path:
    """The folder of the embedded server's data. Raises ``StorageFailed`` where this user has no home."""
    return _own_folder("data")


def _own_folder(of: Literal["state", "data"]) -> Path:
    home = os.environ.get("LMS_TUI_HOME")
    if home:
        return Path(home).absolute() / of
    import platformdirs  # 14 ms, not needed where LMS_TUI_HOME is set

    find = platformdirs.user_state_path if of == "state" else platformdirs.user_data_path
    try:
        folder = find("lms-tui", appauthor=False)
    except (RuntimeError, KeyError, OSError):
        folder = None
    if folder is None or not folder.is_absolute():
        raise StorageFailed("This user has no home folder, so there is no place to keep anything.", "Set LMS_TUI_HOME to a folder to use.")
    return folder


def profile_folder(name: str) -> Path:
    """The folder of a profile: its ``profile.json`` and its cache file.

    Raises ``BadInput`` for a name that is not small letters, digits, dashes and underscores, and as ``state_folder`` does.
    """
    if not is_profile_name(name):
        raise BadInput(f"“{name}” cannot be the name of a profile.", "Use up to 32 small letters, digits, dashes and underscores.")
    return state_folder() / "profiles" / name


def is_profile_name(name: str) -> bool:
    """Whether a profile can be called that."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name) is not None


def private_folder(path: Path) -> Path:
    """The folder, made with its parents where they are missing; what is made is readable by its owner alone."""
    for folder in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return path
