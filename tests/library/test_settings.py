"""What a person chose on this machine is kept whole, privately, and never in the way."""

import stat
from pathlib import Path

import pytest

from lms_tui.library import Library
from lms_tui.library.settings import Settings, load, save
from lms_tui.model.errors import StorageFailed


def test_kept_and_read(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    save(tmp_path, Settings(theme="lms-light"))
    save(tmp_path, Settings(theme="lms-dark"))
    assert load(tmp_path) == Settings(theme="lms-dark")
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": 3}', b"\xff\x00"])
def test_a_file_that_cannot_be_read_is_as_if_there_were_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    assert load(tmp_path) == Settings()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be kept"):
        save(tmp_path / "gone", Settings(theme="lms-light"))


async def test_the_next_start_has_them_and_keys_written_meanwhile_stay() -> None:
    library = Library.open(offline=True)
    library.settings_path.write_text('{"keys": {"reading.done": "d"}}')
    await library.keep_theme("lms-light")
    await library.close()
    library = Library.open(offline=True)
    assert library.settings == Settings(theme="lms-light", keys={"reading.done": "d"})
    await library.close()


async def test_what_was_written_by_hand_and_cannot_be_read_is_kept_beside() -> None:
    library = Library.open(offline=True)
    library.settings_path.write_text('{"keys": {"reading.done": "d",}}')
    assert library.settings_unreadable
    await library.keep_theme("lms-light")
    assert not library.settings_unreadable
    assert "reading.done" in library.settings_path.with_name("settings.json.unreadable").read_text()
    await library.close()
