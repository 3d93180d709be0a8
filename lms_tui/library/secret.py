"""The password of a profile's login role, in a file that its owner alone may read."""

import re
import secrets
from pathlib import Path

from lms_tui.cache.filelock import FileLock
from lms_tui.library import private_file
from lms_tui.model.errors import StorageFailed

NAME = "secret"


def secret(folder: Path) -> str:
    """The password of the personal person, made at the first call.

    A file that holds no such password counts as none: a new one is made, and the server is told it. Raises ``StorageFailed``.
    """
    file = folder / NAME
    try:
        found = _token(file)
        if found is None:
            with FileLock(folder / "open.lock"):
                found = _token(file)  # another process may have been quicker: its secret is the one
                if found is None:
                    file.unlink(missing_ok=True)
                    found = new()
                    private_file.make(file, found.encode())
    except OSError as error:
        raise _unusable(file, error, "Move it away: a new one is made.") from error
    return found


def new() -> str:
    """A password that nobody can guess."""
    return secrets.token_urlsafe(32)


def kept(folder: Path) -> str:
    """The password that was kept at the login; empty where none was needed. Raises ``StorageFailed``."""
    file = folder / NAME
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(file, error, "Move it away, and log in again with lms-tui login.") from error


def keep(folder: Path, password: str) -> None:
    """Keeps a password instead of the one before; an empty one is none. Raises ``StorageFailed``."""
    file = folder / NAME
    try:
        if password:
            private_file.put(file, password.encode())
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise _unusable(file, error, "Nothing was changed in the database.") from error


def _token(file: Path) -> str | None:
    """The password in a file; None where there is no file, or something else is in it."""
    try:
        text = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    return text.decode("ascii") if re.fullmatch(rb"[A-Za-z0-9_-]{32,128}", text) else None


def _unusable(file: Path, error: OSError | UnicodeDecodeError, hint: str) -> StorageFailed:
    why = error.strerror if isinstance(error, OSError) else "it is not text"
    return StorageFailed(f"The file of the database's password, {file}, cannot be used: {why}.", hint)
