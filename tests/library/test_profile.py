"""A profile's own files: whole, private, and made again or told of where something else is in their place."""

from pathlib import Path

import pytest

from lms_tui.cache.store import Cache
from lms_tui.library import personal
from lms_tui.library.profile import Profile, load
from lms_tui.library.secret import secret
from lms_tui.model.errors import StorageFailed
from lms_tui.model.person import Person


def test_the_password_stays_and_is_private(tmp_path: Path) -> None:
    first = secret(tmp_path)

    assert secret(tmp_path) == first == (tmp_path / "secret").read_text()
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", "naïve".encode(), b"short", b"two\nlines" * 10, b"x" * 5000])
def test_what_is_no_password_is_replaced_by_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)

    made = secret(tmp_path)

    assert len(made) >= 32
    assert made == secret(tmp_path) == (tmp_path / "secret").read_text()
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_folder_in_the_passwords_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()

    with pytest.raises(StorageFailed, match="secret"):
        secret(tmp_path)


def test_a_mark_of_other_bytes_is_no_mark(tmp_path: Path) -> None:
    (tmp_path / "stocked").write_bytes(b"\xff\xfe")
    (tmp_path / "folder").mkdir()

    assert personal._content(tmp_path / "stocked") == b"\xff\xfe"
    assert personal._content(tmp_path / "folder") == b""
    assert personal._content(tmp_path / "nothing") == b""


def test_the_personal_profile_is_made_once() -> None:
    assert load("personal") == load("personal")


@pytest.mark.parametrize("killed", [False, True])
def test_a_lost_profile_file_is_written_anew_with_the_ids_of_the_cache(killed: bool) -> None:
    folder, profile = load("personal")
    cache = Cache.open(folder, profile.person)
    if not killed:
        cache.close()
    (folder / "profile.json").unlink()

    again = load("personal")

    assert again == (folder, profile)
    assert load("personal") == again
    cache.close()
    Cache.open(*_of(again)).close()


def _of(loaded: tuple[Path, Profile]) -> tuple[Path, Person]:
    return loaded[0], loaded[1].person


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
def test_without_profile_file_and_cache_nothing_is_changed(content: bytes) -> None:
    folder, profile = load("personal")
    Cache.open(folder, profile.person).close()
    (folder / "profile.json").unlink()
    (folder / "cache.db").write_bytes(content)

    with pytest.raises(StorageFailed, match="profile.json is gone"):
        load("personal")

    assert not (folder / "profile.json").exists()
    assert (folder / "cache.db").read_bytes() == content


def test_a_cache_file_of_nobody_gets_a_new_profile() -> None:
    folder, _ = load("personal")
    Cache.open(folder).close()
    (folder / "profile.json").unlink()

    Cache.open(*_of(load("personal"))).close()
