"""Files that their owner alone may read, and that appear whole or not at all."""

import os
import secrets
from pathlib import Path


def make(file: Path, content: bytes) -> None:
    """Makes a file of mode 0600. Raises ``FileExistsError`` where there is one, and ``OSError``."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    finally:
        draft.unlink()


def put(file: Path, content: bytes) -> None:
    """Makes a file of mode 0600, in the place of one that may be there. Raises ``OSError``."""
    draft = _draft(file, content)
    try:
        draft.replace(file)
    except OSError:
        draft.unlink()
        raise


def write_new(file: Path, content: bytes) -> None:
    """Makes a file of mode 0600 in one go, wherever it is; where that fails, none is left. Raises ``FileExistsError`` and ``OSError``."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        file.unlink()
        raise


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    write_new(draft, content)
    return draft
