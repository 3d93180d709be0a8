"""Web links: in a browser with a window, or copied; never in one that would take the terminal over."""

import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from lms_tui.screens.browser import open_outside
from lms_tui.widgets.reader import Reader
from tests.screens.driving import Opened, press, said, settled

URL = "https://example.org/tide?a=1&b=2"


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A program that writes its arguments beside itself, and talks as programs do."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\necho talk; echo more >&2\n')
    program.chmod(0o755)
    return program


def test_a_browser_of_the_terminal_is_not_started(recorder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(str(recorder)))
    assert not open_outside(URL)
    assert not (recorder.parent / "opened").exists()


def test_a_browser_with_a_window_gets_the_address_and_cannot_talk(
    recorder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    started = []
    popen = webbrowser.subprocess.Popen  # type: ignore[attr-defined]  # the module that ours uses as well
    monkeypatch.setattr("subprocess.Popen", lambda *rest, **more: started.append(popen(*rest, **more)))
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser(str(recorder)))
    assert open_outside(URL)
    started[0].wait(timeout=10)
    assert (recorder.parent / "opened").read_text().strip() == URL
    assert capfd.readouterr() == ("", "")


async def test_without_a_browser_the_link_is_copied(app_with_tides: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    async with app_with_tides() as pilot:
        await press(pilot, "enter")
        pilot.app.screen.query_one(Reader).post_message(Reader.LinkOpened(URL))
        await settled(pilot)
        assert f"Copied: {URL}" in said(pilot)
        assert pilot.app.clipboard == URL
