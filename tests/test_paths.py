import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lms_tui import logs, paths
from lms_tui.model.errors import BadInput, StorageFailed

ROOT = Path(__file__).resolve().parents[1]


def test_what_is_made_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o755)
    paths.private_folder(tmp_path / "theirs" / "state" / "profiles")
    assert [(tmp_path / "theirs" / part).stat().st_mode & 0o777 for part in ("", "state", "state/profiles")] == [0o755, 0o700, 0o700]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc", ".hidden", "School", "a.b", "a" * 33, "a\nb"])
def test_a_profile_cannot_be_anywhere_else(name: str) -> None:
    with pytest.raises(BadInput):
        paths.profile_folder(name)


def _no_home(*_: object, **__: object) -> Path:
    raise RuntimeError("Could not determine home directory.")


@pytest.mark.parametrize("found", [_no_home, lambda *_, **__: Path("home/.local"), lambda *_, **__: Path("~/.local")])
def test_without_a_home_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch, found: Callable[..., Path]) -> None:
    monkeypatch.delenv("LMS_TUI_HOME")
    monkeypatch.setattr("platformdirs.user_state_path", found)
    monkeypatch.setattr("platformdirs.user_data_path", found)

    for folder in (paths.state_folder, paths.data_folder, lambda: paths.profile_folder("personal")):
        with pytest.raises(StorageFailed) as caught:
            folder()
        assert "LMS_TUI_HOME" in caught.value.hint
    logs.log_to_file()


def test_a_user_without_a_home_hears_one_sentence() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "LMS_TUI_HOME"}
    unknown = "import pwd, os; os.environ.pop('HOME'); pwd.getpwuid = lambda uid: {}[uid]"
    script = f"{unknown}; import sys; from lms_tui.cli import main; sys.argv = ['lms-tui', '--offline', 'catalog']; main()"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "LMS_TUI_HOME" in result.stderr, result.stderr
    assert "Traceback" not in result.stderr
