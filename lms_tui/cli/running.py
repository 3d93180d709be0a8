"""How every command runs: open the profile, do one thing, print one document or plain text, exit."""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from typing import Annotated, NoReturn, TypeVar

import typer

from lms_tui.library import Library
from lms_tui.logs import log_to_file
from lms_tui.model.errors import BadInput, LmsError
from lms_tui.model.text import clean
from lms_tui.views import as_json

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LEVEL = typer.Option(case_sensitive=False, metavar="LEVEL", help="beginner, intermediate, advanced or expert.")
Plain = Annotated[bool, typer.Option("--plain", help="Print linear text without colour or boxes (the default).")]


def run(action: Callable[[Library], Awaitable[T]], json: bool, show: Callable[[T], None], document: Callable[[T], object]) -> None:
    """Runs the action on the chosen profile and prints its result; a failure is told in one sentence, exit status 1."""
    log_to_file()
    run_alone(lambda: asyncio.run(_with_library(action)), json, show, document)


def run_alone(work: Callable[[], T], json: bool, show: Callable[[T], None], document: Callable[[T], object]) -> T:
    """Does work that needs no profile and prints its result, which it returns; a failure is told as ``run`` does.

    Only what is unexpected is logged, so that nothing is written before that.
    """
    _print_what_can_be_printed()
    try:
        result = work()
        if json:
            _print_document(document(result))
        else:
            show(result)
        return result
    except LmsError as error:
        fail(error, json)
    except UnicodeEncodeError:
        fail(BadInput("What was typed holds bytes that are no text.", "Nothing was done. Type it in UTF-8."), json)
    except BrokenPipeError:  # whoever read this has read enough
        raise
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        log_to_file()
        logging.getLogger(__name__).exception("a command failed")
        fail(LmsError(f"Something unexpected went wrong ({type(error).__name__}).", "The log in the state folder has the details."), json)


def _print_what_can_be_printed() -> None:
    """A terminal that has no letter for something gets its number: that is better than nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_document(document: object) -> None:
    """One JSON document, in which what a terminal would obey is written as an escape, and where it must be, all but ASCII."""
    utf_8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    unsafe = _OBEYED if utf_8 else _NOT_ASCII
    sys.stdout.write(unsafe.sub(lambda found: _escaped(found[0]), as_json.encode(document)) + "\n")


_OBEYED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_NOT_ASCII = re.compile(r"[^\n -~]")


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


async def _with_library(action: Callable[[Library], Awaitable[T]]) -> T:
    library = Library.open(os.environ.get("LMS_TUI_PROFILE", "personal"), offline=os.environ.get("LMS_TUI_OFFLINE") == "1")
    try:
        return await action(library)
    finally:
        await library.close()


async def online(library: Library) -> bool:
    """Connects and syncs where that is possible; False where the command goes on with what is on this machine, and says why."""
    try:
        await library.connect()
        await library.sync()
    except LmsError as error:  # what is on this machine can be read, and what is done is sent another time
        if os.environ.get("LMS_TUI_OFFLINE") != "1":
            say(f"{error.message} {error.hint} This is what is on this machine.".replace("  ", " "), file_descriptor=2)
        return False
    return library.status().state == "online"


def fail(error: LmsError, json: bool) -> NoReturn:
    """Prints the error, as a document on standard output or a sentence on standard error, and exits with status 1."""
    if json:
        _print_document({"error": {"code": error.code, "message": clean(error.message), "hint": clean(error.hint)}})
    else:
        say(f"{error.message} {error.hint}".strip(), file_descriptor=2)
    raise SystemExit(1)


def say(text: str = "", file_descriptor: int = 1) -> None:
    """Prints foreign text as plain text: no control byte of it reaches the terminal."""
    stream = sys.stderr if file_descriptor == 2 else sys.stdout
    stream.write(clean(text) + "\n")
