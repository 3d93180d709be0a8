"""A long answer in the person's own editor: in a private file, which is gone afterwards."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lms_tui.model.errors import BadInput, LmsError, StorageFailed
from lms_tui.model.grading import MAX_RESPONSE_CHARACTERS

_ADVICE = "Name one that works in EDITOR, such as EDITOR=nano."


def edited(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text as it is after the editor was closed; the terminal has to be free. Raises ``LmsError``, and the text is as it was."""
    command = _split(environment.get("VISUAL") or environment.get("EDITOR") or _found())
    try:
        folder = Path(tempfile.mkdtemp(prefix="lms-tui-"))
    except OSError as error:
        raise StorageFailed(f"No file can be made for your editor: {error.strerror}.", "") from error
    try:
        return _edit(command, folder / "answer.txt", text)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command) or [_found()]
    except ValueError as error:  # a quotation mark that is not closed
        raise BadInput(f"Your editor “{command}” is not a command.", _ADVICE) from error


def _found() -> str:
    return next((name for name in ("editor", "nano", "vi") if shutil.which(name)), "vi")


def _edit(command: list[str], file: Path, text: str) -> str:
    try:
        file.touch(0o600)
        file.write_text(text, "utf-8")
        with _interrupts_are_the_editors():
            status = subprocess.run([*command, str(file)], check=False).returncode
        after = file.read_text("utf-8", errors="replace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be run"
        raise LmsError(f"Your editor “{' '.join(command)}” did not work: {reason}.", _ADVICE) from error
    if status:
        raise LmsError(f"Your editor “{' '.join(command)}” ended with an error, so your answer is as it was.", _ADVICE)
    if text.strip() and not after.strip():
        raise BadInput("Your editor left an empty file, so your answer is as it was.", "")
    if len(after) > MAX_RESPONSE_CHARACTERS:
        raise BadInput(f"An answer has at most {MAX_RESPONSE_CHARACTERS} characters; this one has {len(after)}, so it is as it was.", "")
    return after.removesuffix("\n")


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Ctrl+C in an editor reaches this program as well, which is not meant."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # a handler, not SIG_IGN, which the editor would inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
