"""Where unexpected failures are written: to a private file, and never to a terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lms_tui.logs import LOG_BYTES, log_file, log_to_file


@contextmanager
def logging_as_a_program_does() -> Iterator[None]:
    root = logging.getLogger()
    pytests, root.handlers = root.handlers, []
    try:
        log_to_file()
        yield
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers = pytests


def test_the_log_is_a_private_file_that_begins_anew_when_it_is_long() -> None:
    path = log_file()
    path.parent.mkdir(parents=True)
    path.write_text("x" * (LOG_BYTES + 1))
    with logging_as_a_program_does():
        assert not path.exists()
        assert path.parent.stat().st_mode & 0o777 == 0o700
        logging.getLogger("anything").warning("to the file")
    assert "to the file" in path.read_text()


def test_without_a_folder_nothing_is_logged_and_nothing_fails(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LMS_TUI_HOME", "/dev/null/nowhere")
    with logging_as_a_program_does():
        logging.getLogger("anything").warning("to nobody")
    assert capfd.readouterr() == ("", "")
