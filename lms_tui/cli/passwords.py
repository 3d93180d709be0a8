"""Passwords: from the terminal without being shown, or from standard input; never from the command line."""

import getpass
import sys
from typing import Annotated

import typer

from lms_tui.model.errors import LoginRefused

PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def ask(user: str) -> str:
    """Asks on the terminal. Raises ``LoginRefused`` where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise LoginRefused("The database asks for a password, and there is no terminal to ask for it.", "Give it with --password-stdin.")
    try:
        return getpass.getpass(f"Password for {user}: ")
    except EOFError:
        raise LoginRefused("No password was given.") from None


def given(from_stdin: bool) -> str | None:
    """The first line of standard input where that was wanted."""
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else None
