"""``lms-tui`` commands in processes of their own that are forked from one which has imported everything already.

What a person types begins with half a second of imports. Tests type hundreds of commands, so those pay for that once; how a command
really begins is the matter of ``tests/cli/test_main.py``, ``tests/test_wheel.py`` and the journeys in a terminal.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_IMPORTED = [
    "lms_tui.cli.commands",
    "lms_tui.db.connection",
    "lms_tui.db.migrate",
    "sqlalchemy.dialects.postgresql.psycopg",
    "tests.forked",
]
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(_IMPORTED)


def run_command(
    arguments: Sequence[str], *, given: str = "", environment: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end. ``given`` is its standard input; ``environment`` is added to this process's own.

    Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds, when it has been killed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stdin").write_text(given, "utf-8")
        started = (list(arguments), {**os.environ, **(environment or {})}, Path.cwd(), folder)
        process = _forks.Process(target=_become, args=started)
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        said, complained = ((folder / stream).read_text("utf-8") for stream in ("stdout", "stderr"))
        return subprocess.CompletedProcess(list(arguments), process.exitcode, said, complained)


def _become(arguments: list[str], environment: dict[str, str], working: Path, folder: Path) -> None:
    """What the forked process does: everything that a new one would find is put in place, and the program is run."""
    assert set(_IMPORTED) <= set(sys.modules), "the server of forks passes over what it cannot import"
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(working)
    sys.stdin = _stream(folder / "stdin", 0, os.O_RDONLY)
    sys.stdout = _stream(folder / "stdout", 1, os.O_WRONLY | os.O_CREAT)
    sys.stderr = _stream(folder / "stderr", 2, os.O_WRONLY | os.O_CREAT)
    sys.argv = ["lms-tui", *arguments]
    from lms_tui.cli import main

    main()


def _stream(path: Path, descriptor: int, flags: int) -> IO[str]:
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, descriptor)
    os.close(opened)
    mode = "r" if descriptor == 0 else "w"
    return open(descriptor, mode, encoding="utf-8", closefd=False)
