"""Where things are kept. ``LMS_TUI_HOME`` puts everything into one folder."""

import os
import re
from pathlib import Path

from lms_tui.model.errors import BadInput


def state_folder() -> Path:
    """The folder of profiles and logs."""
    home = os.environ.get("LMS_TUI_HOME")
    if home:
        return Path(home).absolute() / "state"
    import platformdirs  # 14 ms, not needed where LMS_TUI_HOME is set

    return platformdirs.user_state_path("lms-tui", appauthor=False)


def data_folder() -> Path:
    """The folder of the embedded server's data."""
    home = os.environ.get("LMS_TUI_HOME")
    if home:
        return Path(home).absolute() / "data"
    import platformdirs

    return platformdirs.user_data_path("lms-tui", appauthor=False)


def profile_folder(name: str) -> Path:
    """The folder of a profile: its ``profile.json`` and its cache file.

    Raises ``BadInput`` for a name that is not letters, digits, dots, dashes and underscores.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise BadInput(f"“{name}” cannot be the name of a profile.", "Use letters, digits, dots, dashes and underscores.")
    return state_folder() / "profiles" / name


def private_folder(path: Path) -> Path:
    """The folder, made with its parents where they are missing; what is made is readable by its owner alone."""
    for folder in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return path
