"""The cluster on disk: made once, in a folder beside its place, and moved there when it is whole."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from lms_tui.db.embedded.binaries import major_version
from lms_tui.db.embedded.layout import SUPERUSER, data_folder, password_file
from lms_tui.db.embedded.privilege import Guest
from lms_tui.model.errors import Unavailable


def prepare(programs: Path, guest: Guest, running: int) -> Path:
    """The folder of the cluster, made where there is none. ``running`` is the lock that initdb's processes inherit.

    Raises ``Unavailable`` for a cluster of another major version, of another user, or a damaged one; none of them is touched.
    """
    for stale in guest.home.glob("new-*"):
        shutil.rmtree(stale)
    version = major_version(programs)
    cluster = guest.home / f"cluster-{version}"
    others = sorted(each.name.removeprefix("cluster-") for each in guest.home.glob("cluster-*") if each != cluster)
    if cluster.is_dir():
        _check(cluster, version, guest)
    elif others:
        raise _other_version(guest.home, others[-1], version)
    else:
        _create(programs, cluster, guest, running)
    return cluster


def _check(cluster: Path, version: str, guest: Guest) -> None:
    data = data_folder(cluster)
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        password_file(cluster).stat()
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"The embedded database in {cluster} is damaged or belongs to another user; nothing was changed.",
            "Move that folder away to begin a new one. What is recorded in this library is kept and sent again.",
        ) from error
    if found != version:
        raise _other_version(cluster, found, version)
    if data.stat().st_uid != guest.uid:
        raise Unavailable(f"The embedded database in {cluster} belongs to another user.", "Run lms-tui as the user that made it.")


def _other_version(folder: Path, found: str, version: str) -> Unavailable:
    return Unavailable(
        f"The embedded database in {folder} is of PostgreSQL {found}, and this lms-tui has PostgreSQL {version}; nothing was changed.",
        f"Install a version of lms-tui with PostgreSQL {found}, or move that folder away to begin a new one.",
    )


def _create(programs: Path, cluster: Path, guest: Guest, running: int) -> None:
    draft = cluster.parent / f"new-{os.urandom(6).hex()}"
    draft.mkdir(mode=0o700)
    guest.give(draft)
    password = password_file(draft)
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(os.urandom(24).hex() + "\n")
        file.flush()
        os.fsync(descriptor)
    guest.give(password)
    _initdb(programs, draft, guest, running)
    _sync_folder(draft)
    draft.rename(cluster)
    _sync_folder(cluster.parent)


def _initdb(programs: Path, draft: Path, guest: Guest, running: int) -> None:
    """Runs initdb, which syncs what it wrote. Code-point order and Unicode case folding are built in, so no system locale counts."""
    command: list[str | Path] = [
        programs / "initdb",
        "--pgdata",
        data_folder(draft),
        f"--username={SUPERUSER}",
        f"--pwfile={password_file(draft)}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--wal-segsize=4",
        "--no-instructions",
    ]
    process = guest.start(command, folder=draft, output=subprocess.PIPE, keep=(running,))
    said = process.communicate()[0].decode(errors="replace")
    if process.returncode != 0:
        shutil.rmtree(draft)
        raise _not_made(draft.parent, said)


def _not_made(folder: Path, said: str) -> Unavailable:
    if "No space left on device" in said:
        return Unavailable(f"The disk has no room for the database, about 60 MB, in {folder}.", "Free some, or set LMS_TUI_HOME.")
    reasons = re.findall(r"(?:error|FATAL|PANIC):\s+(.*)", said)
    return Unavailable(
        f"The embedded database could not be made in {folder}: {reasons[0] if reasons else 'initdb ended without a word'}.",
        "See whether the folder can be written.",
    )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
