"""An institution's database, and invitations for its people."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lms_tui.db import address, drift, institution, migrate
from lms_tui.db.target import SYSTEM, Target
from lms_tui.db.trouble import AGAIN
from lms_tui.model.errors import BadInput, LoginRefused, StorageFailed, Unavailable
from lms_tui.model.invitation import Invitation
from lms_tui.model.person import Role
from lms_tui.views.administration import DatabaseState, Prepared

_LONGEST_NAME = 200


class Order(Struct, frozen=True, kw_only=True):
    """Whom to make a login for, and where people reach the server if not where the administrator does.

    Without a zone it is the one of the machine on which the person logs in first.
    """

    institution: str
    person: str
    role: Role | None = None
    timezone: str = ""
    again: bool = False
    new_institution: bool = False
    host: str = ""
    port: int = 0


@contextmanager
def _by_dsn() -> Iterator[None]:
    """Advises somebody who named a database, and has neither a profile in it nor work that waits for it."""
    try:
        yield
    except LoginRefused as error:
        raise LoginRefused(error.message, "Check the user in the DSN, and the password.") from error
    except Unavailable as error:
        hint = "Check the host and the port in the DSN, and that the server runs." if error.hint == AGAIN else error.hint
        raise Unavailable(error.message, hint) from error


@_by_dsn()
def invite(dsn: str, password: str, order: Order) -> tuple[Invitation, Prepared]:
    """Makes the database ready, the institution and the person where they are not there, and an invitation for that person."""
    for what, text in (("institution", order.institution), ("person", order.person)):
        if not text.strip() or len(text) > _LONGEST_NAME or not text.isprintable():
            raise BadInput(f"That cannot be the name of the {what}.", f"Use up to {_LONGEST_NAME} letters; nothing was changed.")
    admin = replace(address.read(dsn), password=password)
    way = address.demanding(replace(admin, host=order.host or admin.host, port=order.port or admin.port))
    certificate = _pem(way)
    notes = institution.prepare(admin)
    login = institution.add_person(
        admin, order.institution, order.person, order.role, order.timezone, again=order.again, new_institution=order.new_institution
    )
    invitation = Invitation(
        host=way.host,
        port=way.port,
        dbname=way.dbname,
        user=login.role_name,
        password=login.password,
        sslmode=way.sslmode,
        root_certificate=certificate,
        institution_id=login.institution_id,
        user_id=login.user_id,
        institution=order.institution,
        name=order.person,
        role=login.role,
        timezone=login.timezone,
    )
    prepared = Prepared(
        institution=order.institution,
        person=order.person,
        role=login.role,
        server=address.place(way),
        revision=migrate.head(),
        invitation=None,
        notes=(*notes, *filter(None, [address.warning(way)])),
    )
    return invitation, prepared


def _pem(target: Target) -> str:
    if target.sslrootcert in ("", SYSTEM):
        return ""
    try:
        return Path(target.sslrootcert).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The root certificate {target.sslrootcert} cannot be read as PEM.", "Nothing was changed.") from error


def reserve(file: Path) -> Callable[[Invitation], None]:
    """Makes an empty file of mode 0600 that nobody overwrites, and gives what writes the invitation into it.

    Raises ``BadInput`` where something is there, ``StorageFailed``; so does what writes, after taking the file away.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(f"{file} is there already, so nothing was done.", "Name another file for the invitation.") from None
    except OSError as error:
        raise StorageFailed(f"{file} cannot be written: {error.strerror}.", "Nothing was done.") from error

    def write(invitation: Invitation) -> None:
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(msgspec.json.format(msgspec.json.encode(invitation)) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            file.unlink()
            what = f"{file} could not be written: {error.strerror}. The person is in the database, and their password is lost."
            raise StorageFailed(what, "Make room, and invite them again with --again.") from error

    return write


@_by_dsn()
def upgrade(dsn: str, password: str) -> DatabaseState:
    """Brings the schema to the newest revision, and says how it stands."""
    admin = replace(address.read(dsn), password=password)
    institution.upgrade(admin)
    return _state(admin)


@_by_dsn()
def current(dsn: str, password: str) -> DatabaseState:
    """How the schema stands."""
    return _state(replace(address.read(dsn), password=password))


def _state(admin: Target) -> DatabaseState:
    revision, version = institution.state(admin)
    head = migrate.head()
    newest = revision == head
    return DatabaseState(
        revision=revision,
        head=head,
        up_to_date=newest,
        server_version=version,
        differences=tuple(drift.differences(admin)) if newest else None,
    )
