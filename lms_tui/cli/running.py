"""How every command runs: open the profile, do one thing, print one document or plain text, exit."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn, TypeVar

import typer

from lms_tui.library import Library
from lms_tui.model.errors import LmsError, Unavailable
from lms_tui.model.text import clean
from lms_tui.views import as_json

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Plain = Annotated[bool, typer.Option("--plain", help="Print linear text without colour or boxes (the default).")]


def run(action: Callable[[Library], Awaitable[T]], json: bool, show: Callable[[T], None], document: Callable[[T], object]) -> None:
    """Runs the action on the chosen profile and prints its result; a failure is told in one sentence, exit status 1."""
    try:
        result = asyncio.run(_with_library(action))
    except LmsError as error:
        fail(error, json)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        logging.getLogger(__name__).exception("a command failed")
        fail(LmsError(f"Something unexpected went wrong ({type(error).__name__}).", "The log in the state folder has the details."), json)
    if json:
        sys.stdout.write(as_json.encode(document(result)) + "\n")
    else:
        show(result)


async def _with_library(action: Callable[[Library], Awaitable[T]]) -> T:
    library = Library.open(os.environ.get("LMS_TUI_PROFILE", "personal"), offline=os.environ.get("LMS_TUI_OFFLINE") == "1")
    try:
        return await action(library)
    finally:
        await library.close()


async def online(library: Library) -> bool:
    """Connects and syncs where that is possible; False where the command goes on with what is on this machine."""
    try:
        await library.connect()
        await library.sync()
    except Unavailable:
        return False
    return library.status().state == "online"


def fail(error: LmsError, json: bool) -> NoReturn:
    """Prints the error, as a document on standard output or a sentence on standard error, and exits with status 1."""
    if json:
        sys.stdout.write(as_json.encode({"error": {"code": error.code, "message": error.message, "hint": error.hint}}) + "\n")
    else:
        say(f"{error.message} {error.hint}".strip(), file_descriptor=2)
    raise SystemExit(1)


def say(text: str = "", file_descriptor: int = 1) -> None:
    """Prints foreign text as plain text: no control byte of it reaches the terminal."""
    stream = sys.stderr if file_descriptor == 2 else sys.stdout
    stream.write(clean(text) + "\n")
