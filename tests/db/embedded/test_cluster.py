"""A cluster that this server cannot open is left as it is, with a sentence that says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lms_tui.db.embedded import binaries
from lms_tui.db.embedded.server import Server
from lms_tui.model.errors import Unavailable
from tests.db.embedded.seen import Seen, ask, until


def test_a_cluster_of_another_major_version(seen: Seen) -> None:
    version_file = seen.folder / "cluster-17" / "data" / "PG_VERSION"
    version_file.parent.mkdir(parents=True)
    version_file.write_text("17\n")
    with pytest.raises(Unavailable, match=r"is of PostgreSQL 17, and this lms-tui has PostgreSQL \d+; nothing was changed") as caught:
        Server.ensure(seen.folder)
    assert caught.value.hint
    assert version_file.read_text() == "17\n"
    assert [each.name for each in seen.folder.glob("cluster-*")] == ["cluster-17"]


def _other_version(cluster: Path) -> None:
    (cluster / "data" / "PG_VERSION").write_text("16\n")


def _no_version(cluster: Path) -> None:
    (cluster / "data" / "PG_VERSION").unlink()


def _no_password(cluster: Path) -> None:
    (cluster / "password").unlink()


@pytest.mark.parametrize(("damage", "said"), [(_other_version, "PostgreSQL 16"), (_no_version, "damaged"), (_no_password, "damaged")])
def test_a_damaged_cluster_is_not_touched(seen: Seen, damage: Callable[[Path], None], said: str) -> None:
    with Server.ensure(seen.folder):
        cluster = seen.data.parent
    Server.stop(seen.folder)
    until(lambda: not seen.is_supervised(), "the launcher ends")
    damage(cluster)
    before = _content(cluster)
    with pytest.raises(Unavailable, match=said):
        Server.ensure(seen.folder)
    assert _content(cluster) == before


def test_a_server_that_does_not_start_says_why(seen: Seen) -> None:
    with Server.ensure(seen.folder):
        control = seen.data / "global" / "pg_control"
    Server.stop(seen.folder)
    until(lambda: not seen.is_supervised(), "the launcher ends")
    control.unlink()
    with pytest.raises(Unavailable, match="did not start: could not find the database system") as caught:
        Server.ensure(seen.folder)
    assert str(seen.layout.log) in caught.value.hint
    assert not seen.runs()


def test_stale_drafts_are_removed(seen: Seen) -> None:
    draft = seen.folder / "new-0123456789ab" / "data"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with Server.ensure(seen.folder) as handle:
        assert ask(handle.target, "SELECT 1") == 1
    assert not draft.parent.exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be used: Not a directory"):
        Server.ensure(tmp_path / "file" / "server")


def test_the_version_of_the_programs_is_that_of_the_header(tmp_path: Path) -> None:
    programs = binaries.program_folder()
    assert binaries.major_version(programs).isdigit()
    with pytest.raises(Unavailable, match="not installed completely"):
        binaries.major_version(tmp_path / "bin")


def test_without_the_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match="not installed") as caught:
        Server.ensure(tmp_path / "server")
    assert "pip install" in caught.value.hint


def _content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
