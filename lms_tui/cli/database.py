"""Commands about databases: db init, upgrade, current, stop."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer
from msgspec.structs import replace

from lms_tui.cli import passwords
from lms_tui.cli.passwords import PasswordStdin
from lms_tui.cli.running import Json, run, run_alone, say
from lms_tui.library import Library
from lms_tui.logs import log_to_file
from lms_tui.model.errors import BadInput, LoginRefused
from lms_tui.model.invitation import Invitation
from lms_tui.model.person import Role
from lms_tui.views import as_json
from lms_tui.views.administration import DatabaseState, Prepared

if TYPE_CHECKING:
    from lms_tui.admin.institutions import Order

T = TypeVar("T")

Dsn = Annotated[str | None, typer.Argument(metavar="DSN", help="postgresql://USER@HOST:PORT/DATABASE; the profile's unless given.")]


def init(
    dsn: Dsn = None,
    institution: Annotated[str | None, typer.Option(metavar="NAME", help="Whose people are invited.")] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Who is invited.")] = None,
    role: Annotated[
        Role | None, typer.Option(metavar="ROLE", case_sensitive=False, help="student, instructor or admin; first an admin.")
    ] = None,
    invitation: Annotated[Path | None, typer.Option(metavar="FILE", help="Where it is written; else it is printed.")] = None,
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="The person's; else that of the machine where they log in first.")] = "",
    new_institution: Annotated[bool, typer.Option("--new-institution", help="Another institution in a database that has one.")] = False,
    again: Annotated[bool, typer.Option("--again", help="A new invitation for a person who is there.")] = False,
    host: Annotated[str, typer.Option(metavar="HOST", help="Where people reach the server, if not as you do.")] = "",
    port: Annotated[int | None, typer.Option(min=1, max=65535, metavar="PORT", help="The same for the port.")] = None,
    password_stdin: PasswordStdin = False,
    json: Json = False,
) -> None:
    """Prepare a database for an institution, and invite a person. Without DSN: the personal library's."""
    if dsn is None:
        if any((institution, person, role, invitation, timezone, new_institution, again, host, port, password_stdin)):
            raise typer.BadParameter("Whom to invite is said of an institution's database: name it by its DSN.")
        run(_state, json, _shown, as_json.database_state)
        return
    if institution is None or person is None:
        raise typer.BadParameter("--institution and --person are needed.")
    from lms_tui.admin import institutions

    order = institutions.Order(
        institution=institution,
        person=person,
        role=role,
        timezone=timezone,
        again=again,
        new_institution=new_institution,
        host=host,
        port=port or 0,
    )
    log_to_file()
    run_alone(lambda: _invited(dsn, order, invitation, password_stdin), json, _prepared, _document)


def _invited(dsn: str, order: "Order", file: Path | None, password_stdin: bool) -> tuple[Invitation | None, Prepared]:
    """The invitation, unless it was written into the file, which is taken before anything is done."""
    from lms_tui.admin import institutions

    write = institutions.reserve(file) if file else None
    try:
        made, prepared = _with_password(lambda password: institutions.invite(dsn, password, order), password_stdin)
    except BaseException:
        if file is not None:
            file.unlink()
        raise
    if write is None:
        return made, prepared
    write(made)
    return None, replace(prepared, invitation=str(file))


def _with_password(work: Callable[[str], T], from_stdin: bool) -> T:
    """First as libpq finds its own way, then with a password that is asked for."""
    password = passwords.given(from_stdin)
    try:
        return work(password or "")
    except LoginRefused:
        if password is not None:
            raise
    return work(passwords.ask("the administrator"))


def _prepared(made: tuple[Invitation | None, Prepared]) -> None:
    invitation, view = made
    for note in view.notes:
        say(note, file_descriptor=2)
    if invitation is not None:
        say(as_json.encode(as_json.invitation(invitation)))
        return
    say(f"{view.institution} is ready at {view.server}, revision {view.revision}.")
    say(f"{view.person} ({view.role.lower()}) is invited with {view.invitation}, which holds a password: hand it over privately.")
    say("They type: lms-tui login FILE")


def _document(made: tuple[Invitation | None, Prepared]) -> as_json.Document:
    invitation, view = made
    return as_json.prepared(view) if invitation is None else as_json.invitation(invitation)


def upgrade(dsn: Dsn = None, password_stdin: PasswordStdin = False, json: Json = False) -> None:
    """Bring a database's schema to the newest revision."""
    if dsn is None:
        _refuse_password(password_stdin)
        run(_upgraded, json, _shown, as_json.database_state)
    else:
        _tell_state("upgrade", dsn, password_stdin, json)


def _refuse_password(password_stdin: bool) -> None:
    if password_stdin:
        raise typer.BadParameter("A password is for the database that a DSN names.")


async def _upgraded(library: Library) -> DatabaseState:
    if not library.personal:
        hint = "Name one: lms-tui db upgrade DSN, as a superuser or the role that ran db init."
        raise BadInput("An institution's schema is upgraded by a role of the server, not by a person's login.", hint)
    return await _state(library)


async def _state(library: Library) -> DatabaseState:
    return await library.database_state()


def current(dsn: Dsn = None, password_stdin: PasswordStdin = False, json: Json = False) -> None:
    """Say which revision a database's schema has."""
    if dsn is None:
        _refuse_password(password_stdin)
        run(_state, json, _shown, as_json.database_state)
    else:
        _tell_state("current", dsn, password_stdin, json)


def _tell_state(command: Literal["upgrade", "current"], dsn: str, password_stdin: bool, json: bool) -> None:
    """How the schema of the database that a DSN names stands, after an upgrade where that is the command."""

    def action() -> DatabaseState:
        from lms_tui.admin import institutions

        ask = institutions.upgrade if command == "upgrade" else institutions.current
        return _with_password(lambda password: ask(dsn, password), password_stdin)

    log_to_file()
    run_alone(action, json, _shown, as_json.database_state)


def _shown(view: DatabaseState) -> None:
    newest = "the newest" if view.up_to_date else f"and {view.head} is the newest that this version knows"
    revision = f"Revision {view.revision}, {newest}" if view.revision else "Nothing of lms-tui is in it"
    say(f"{revision}. PostgreSQL {view.server_version}.")
    for difference in view.differences or ():
        say(f"Not as this version made it: {difference}.")


def stop(json: Json = False) -> None:
    """Stop the personal library's server. It starts again when it is needed."""

    async def action(library: Library) -> bool:
        return await asyncio.to_thread(library.stop_server)

    run(action, json, lambda ran: say("The server is stopped." if ran else "No server was running."), lambda ran: {"stopped": ran})
