from pathlib import Path

import pytest

from lms_tui import paths
from lms_tui.model.errors import BadInput


def test_what_is_made_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o755)
    paths.private_folder(tmp_path / "theirs" / "state" / "profiles")
    assert [(tmp_path / "theirs" / part).stat().st_mode & 0o777 for part in ("", "state", "state/profiles")] == [0o755, 0o700, 0o700]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc", ".hidden", "a" * 65, "a\nb"])
def test_a_profile_cannot_be_anywhere_else(name: str) -> None:
    with pytest.raises(BadInput):
        paths.profile_folder(name)
