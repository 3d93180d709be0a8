"""A long answer in the person's own editor: the file, what goes wrong, and the terminal that is lent."""

import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.widgets import TextArea

from lms_tui.model.errors import LmsError
from lms_tui.screens.editing import edited
from tests.screens.driving import Opened, press
from tests.screens.driving import said as told
from tests.screens.sample import put_into_cache
from tests.terminal import Terminal, terminal

KINDS = ("o", *["down"] * 5, "enter")


def _editor(folder: Path, does: str) -> dict[str, str]:
    script = folder / "an editor.py"
    script.write_text(f"import os, sys\nfile = sys.argv[-1]\n{does}\n", "utf-8")
    return {"EDITOR": f'{sys.executable} "{script}"'}


def test_an_editor_has_the_answer_in_a_private_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    note = tmp_path / "note"
    does = f"open({str(note)!r}, 'w').write(file + ' ' + str(os.stat(file).st_mode) + ' ' + str(os.stat(os.path.dirname(file)).st_mode))"
    does += "\ntext = open(file).read()\nopen(file, 'w').write(text + ' and ä more\\n')"
    assert edited("before", _editor(tmp_path, does)) == "before and ä more"
    file, mode, folder_mode = note.read_text().rsplit(" ", 2)
    assert stat.S_IMODE(int(mode)) == 0o600
    assert stat.S_IMODE(int(folder_mode)) == 0o700
    assert not Path(file).parent.exists()


@pytest.mark.parametrize("does", ["sys.exit(3)", "os.remove(file)", "open(file, 'w').write('x' * 10_001)"])
def test_an_editor_that_fails_is_a_sentence(tmp_path: Path, does: str) -> None:
    with pytest.raises(LmsError, match="as it was|did not work"):
        edited("before", _editor(tmp_path, does))


def test_an_editor_that_empties_the_file_takes_no_answer_away(tmp_path: Path) -> None:
    environment = _editor(tmp_path, "open(file, 'w').close()")
    with pytest.raises(LmsError, match="left an empty file, so your answer is as it was"):
        edited("before", environment)
    assert edited("", environment) == ""


@pytest.mark.parametrize("command", ["/no/such/editor", "'open", "/etc/passwd", "\0"])
def test_an_editor_that_is_none_is_a_sentence(command: str) -> None:
    with pytest.raises(LmsError):
        edited("before", {"EDITOR": command})


@contextmanager
def _nothing() -> Iterator[None]:
    yield


async def test_what_the_editor_left_is_the_answer(
    app_with_tides: Callable[..., Opened], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in _editor(tmp_path, "open(file, 'w').write('1\\n2\\n')").items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("VISUAL", raising=False)
    async with app_with_tides() as pilot:
        assert "F9 editor" in await press(pilot, *KINDS, "f3", "f3", "f3", "f3")
        monkeypatch.setattr(pilot.app, "suspend", _nothing)
        await press(pilot, "f9")
        assert pilot.app.screen.query_one(TextArea).text == "1\n2"
        assert "✓ Correct" in await press(pilot, "f4")
    async with app_with_tides() as pilot:
        shown = await press(pilot, "o", "home", *["down"] * 6, "enter")
        assert "✓" in shown.splitlines()[2], "the answer counts after a new start"


async def test_writing_goes_on_where_it_ended(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *KINDS, "f3", "f3", "f3", "f3", "1", "enter", "3", "f4", "r", "backspace", "2")
        assert "✓ Correct" in await press(pilot, "f4")


@contextmanager
def _output_asked(environment: dict[str, str]) -> Iterator[Terminal]:
    """The question of what a program prints, in the real app."""
    put_into_cache()
    with terminal([sys.executable, "-m", "lms_tui", "--offline"], 80, 24, {"VISUAL": "", **environment}) as running:
        running.wait_for("Tides")
        running.press("o")
        running.wait_for("Every kind")
        running.press(*["down"] * 5, "enter")
        for number in range(1, 5):
            running.wait_for(f"question {number} of 6")
            running.press("f3")
        running.wait_for("F9 editor")
        yield running


def test_a_real_terminal_is_the_editors_and_comes_back(tmp_path: Path) -> None:
    does = "print('EDITING', flush=True)\ninput()\nopen(file, 'w').write('1\\n2')"
    with _output_asked(_editor(tmp_path, does)) as running:
        running.press("f9")
        running.wait_for("EDITING")
        running.press("enter")
        running.wait_for("F9 editor")
        running.press("f4")
        running.wait_for("Correct")


def test_a_real_terminal_comes_back_from_an_editor_that_fails(tmp_path: Path) -> None:
    with _output_asked(_editor(tmp_path, "sys.exit(3)")) as running:
        running.press("1", "f9")
        running.wait_for("ended with an error")
        running.press("enter", "2", "f4")
        running.wait_for("Correct")


async def test_a_terminal_that_cannot_be_handed_over_is_a_sentence(app_with_tides: Callable[..., Opened]) -> None:
    async with app_with_tides() as pilot:
        await press(pilot, *KINDS, "f3", "f3", "f3", "f3", "f9")
        assert "cannot be handed to an editor" in told(pilot)
