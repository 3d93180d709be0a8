"""Commands about who one is: login, profiles."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from lms_tui.cli import passwords
from lms_tui.cli.passwords import PasswordStdin
from lms_tui.cli.running import Json, run_alone, say
from lms_tui.logs import log_to_file
from lms_tui.model.errors import BadInput, Unavailable
from lms_tui.views import as_json
from lms_tui.views.profiles import LoggedIn, ProfileNode
from lms_tui.views.words import counted


def login(
    where: Annotated[str, typer.Argument(metavar="DSN|FILE", help="postgresql://USER@HOST:PORT/DATABASE, or an invitation's file.")],
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Log in to an institution's database; --profile names the profile that is made."""

    async def action() -> LoggedIn:
        if os.environ.get("LMS_TUI_OFFLINE") == "1":
            raise Unavailable("A login needs the database.", "Leave --offline away.")
        from lms_tui.library import invited, login

        name = os.environ.get("LMS_TUI_PROFILE")
        if "://" in where or "=" in where:
            return await login.by_address(where, name, passwords.given(password_stdin), passwords.ask)
        if password_stdin:
            raise BadInput("An invitation has its own password.", "Leave --password-stdin away.")
        return await invited.by_invitation(Path(where), name)

    log_to_file()
    run_alone(lambda: asyncio.run(action()), json, _logged_in, as_json.logged_in)


def _logged_in(view: LoggedIn) -> None:
    profile = view.profile
    say(f"You are {profile.person} ({profile.role.lower()}) of {profile.place}, at {profile.server}.")
    if view.password_file:
        say(f"The password is kept in {view.password_file}, readable by you alone.")
    for note in view.notes:
        say(note)
    say(f"Open it with: lms-tui --profile {profile.name}")


def profiles(json: Json = False) -> None:
    """List the profiles on this machine."""

    def action() -> tuple[ProfileNode, ...]:
        from lms_tui.library.profiles import profiles

        return profiles()

    run_alone(action, json, _listed, as_json.profiles)


def _listed(found: tuple[ProfileNode, ...]) -> None:
    if not found:
        say("There is no profile yet. lms-tui makes the personal one, lms-tui login another.")
    for profile in found:
        say(f"{profile.name}{' (used unless --profile says otherwise)' if profile.default else ''}")
        if profile.person:
            say(f"  {profile.person}, {profile.role.lower()}, {profile.place}, at {profile.server}")
        synced = f"last synced {profile.last_sync_at:%Y-%m-%d %H:%M}" if profile.last_sync_at else "never synced"
        say(f"  {profile.problem or counted(profile.queued or 0, 'event') + ' queued, ' + synced}")
        say(f"  {profile.path}")
