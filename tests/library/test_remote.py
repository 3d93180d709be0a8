"""A library at a school's database that stays open while its password changes."""

import errno
import os
import secrets
from pathlib import Path

import pytest
from msgspec.structs import replace

from lms_tui.admin import institutions
from lms_tui.db import institution, migrate
from lms_tui.db.target import Target
from lms_tui.library import Library, invited
from lms_tui.model.errors import StorageFailed
from lms_tui.model.invitation import Invitation
from lms_tui.model.person import Role

ADA = Invitation(
    host="h", port=1, dbname="school", user="ada", password="p", institution_id="i", user_id="u",
    institution="A school", name="Ada", role=Role.STUDENT, timezone="",
)  # fmt: skip


def invitation(admin: Target, file: Path, *, again: bool = False) -> Path:
    dsn = f"host={admin.host} port={admin.port} dbname={admin.dbname} user={admin.user}"
    write = institutions.reserve(file)
    made, _ = institutions.invite(dsn, admin.password, institutions.Order(institution="A school", person="Ada", again=again))
    write(made)
    return file


def test_an_invitation_that_cannot_be_written_is_not_left_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write = institutions.reserve(tmp_path / "ada.json")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed) as caught:
        write(ADA)
    assert "--again" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


async def test_a_new_login_is_taken_up_without_a_new_start(server: Target, tmp_path: Path) -> None:
    admin = replace(server, dbname="t" + secrets.token_hex(8))
    made = await invited.by_invitation(invitation(admin, tmp_path / "one.json"), None)
    library = Library.open(made.profile.name)
    try:
        assert not library.personal
        assert (await library.sync()).state == "idle"
        again = invitation(admin, tmp_path / "two.json", again=True)
        open_database = library._backend._database
        assert open_database is not None
        await open_database.close()  # as after a minute without use: the next statement connects again
        assert (await library.sync()).state == "refused", "the kept password is an old one"
        await invited.by_invitation(again, None)
        assert (await library.sync()).state == "idle"
        assert (await library.database_state()).up_to_date
    finally:
        await library.close()
    assert institution.state(admin)[0] == migrate.head()
