"""Files are read below the root and nowhere else, whatever they are called and whatever is in them."""

import os
from pathlib import Path

import pytest

from lms_tui.formats import reading
from lms_tui.formats.imported import Findings
from lms_tui.formats.reading import Folder, natural
from lms_tui.model.errors import BadInput
from tests.formats.conftest import Make


def test_numbers_in_names_count() -> None:
    assert sorted(["10-a", "9-b", "b", "01-c", "²-d"], key=natural) == ["01-c", "9-b", "10-a", "b", "²-d"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "..\\secret", "a\0b", "missing.md", "sub"])
def test_no_name_leads_outside(folder: Make, name: str) -> None:
    root = folder({"sub/page.md": "in"})
    (root.parent / "secret").write_text("out")
    with pytest.raises(BadInput):
        Folder(root, Findings()).text(name)


def test_links(folder: Make, tmp_path: Path) -> None:
    root = folder({"page.md": "in", "sub/x.md": "x"})
    (tmp_path / "secret.md").write_text("out")
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "in.md").symlink_to("page.md")
    (root / "loop.md").symlink_to("loop.md")
    (root / "sub" / "up").symlink_to("..")
    read = Folder(root, Findings())
    assert read.text("in.md") == "in"
    for name in ("out.md", "loop.md"):
        with pytest.raises(BadInput):
            read.text(name)
    assert read.named(".md", "sub") == ["sub/x.md"]


def test_what_is_not_a_plain_file_is_not_opened(folder: Make) -> None:
    root = folder({"page.md": "in"})
    os.mkfifo(root / "pipe.md")
    with pytest.raises(BadInput, match="not a file"):
        Folder(root, Findings()).text("pipe.md")


def test_hostile_names_are_left_out_and_told(folder: Make) -> None:
    root = folder({"page.md": "in", ".hidden/x.md": "x", "a\\b.md": "x", "esc\x1b[31m.md": "x", "two\nlines.md": "x"})
    findings = Findings()
    assert Folder(root, findings).named(".md") == ["page.md"]
    assert len(findings.warnings) == 3
    assert not any(character in warning.file for warning in findings.warnings for character in "\x1b\n")


def test_folders_that_are_very_deep_are_left_out(folder: Make) -> None:
    root = folder({"d/" * 40 + "page.md": "deep", "page.md": "in"})
    findings = Findings()
    assert Folder(root, findings).named(".md") == ["page.md"]
    assert len(findings.warnings) == 1


def test_limits(folder: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder({"a.md": "x" * 60, "b.md": "x" * 60, "c.md": "x"})
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 50)
    with pytest.raises(BadInput, match="too large"):
        Folder(root, Findings()).text("a.md")
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 100)
    monkeypatch.setattr(reading, "MAX_COURSE_BYTES", 100)
    read = Folder(root, Findings())
    assert len(read.text("a.md")) == 60
    with pytest.raises(BadInput, match="too large"):
        read.text("b.md")
    monkeypatch.setattr(reading, "MAX_FILES", 2)
    with pytest.raises(BadInput, match="more than 2 files"):
        Folder(root, Findings())


@pytest.mark.parametrize(
    ("content", "text", "warned"),
    [
        ("é\r\nx\ry".encode(), "é\nx\ny", False),
        ("\ufeffé".encode(), "é", False),
        ("é\n".encode("utf-16"), "é\n", False),
        (b"\xfe\xff" + "é".encode("utf-16-be"), "é", False),
        (b"one\ncaf\xe9", "one\ncafé", True),
        (b"a\x1b[31mred\x1b[0m\x1b]0;title\x07b\x00c\x9b2Jd", "aredbc", True),
        ("a\u202eb\x9b31mc\x08".encode(), "abc", False),
    ],
)
def test_encodings_and_control_bytes(folder: Make, content: bytes, text: str, warned: bool) -> None:
    findings = Findings()
    assert Folder(folder({"page.md": content}), findings).text("page.md").startswith(text)
    assert bool(findings.warnings) is warned
