"""The log: a file of the state folder, because the terminal belongs to the person."""

import contextlib
import logging
from pathlib import Path

from lms_tui import paths
from lms_tui.model.errors import StorageFailed

LOG_BYTES = 1_000_000


def log_file() -> Path:
    """Where unexpected failures are written."""
    return paths.state_folder() / "lms-tui.log"


def log_to_file() -> None:
    """Sends the log to its file and nowhere else. A long log begins anew; where there can be no file, nothing is logged."""
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError, StorageFailed):  # whoever needs the folder for more than a log says what is wrong with it
        path = log_file()
        paths.private_folder(path.parent)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.unlink()
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
