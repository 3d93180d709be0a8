"""An address that a person typed, as a target, and what is demanded of the way there."""

import getpass
import ipaddress
import os
from pathlib import Path

import psycopg
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict

from lms_tui.db.target import SYSTEM, Target
from lms_tui.model.errors import BadInput

_TAKEN = {"host", "port", "dbname", "user", "sslmode", "sslrootcert"}
_UNPROTECTED = {"disable", "allow", "prefer"}
_HALF_PROTECTED = {
    "require": "The connection is encrypted, but nobody checks who answers: whoever controls the network can pose as the server.",
    "verify-ca": "The server's certificate is checked, but not whether it is this server's.",
}
_AS = "Type it as postgresql://USER@HOST:PORT/DATABASE."


def read(text: str) -> Target:
    """The target of a connection string, in either of libpq's forms, with the demands of ``demanding``.

    Raises ``BadInput``; also for one that holds a password, because command lines are seen by others.
    """
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except psycopg.Error:
        raise BadInput("That is not the address of a PostgreSQL database.", _AS) from None
    if "password" in given:
        raise BadInput(
            "A password on the command line can be seen by others on this machine, so nothing was contacted.",
            "Leave it out of the address: you are asked for it, or give it with --password-stdin.",
        )
    if unknown := sorted(set(given) - _TAKEN):
        raise BadInput(f"“{unknown[0]}” cannot stand in the address here.", f"What can: {', '.join(sorted(_TAKEN))}.")
    for name, what in (("host", "the host"), ("dbname", "the database")):
        if not given.get(name):
            raise BadInput(f"The address does not name {what}.", _AS)
    _refuse_several(given["host"])
    user = given.get("user") or os.environ.get("PGUSER") or getpass.getuser()
    rest = {name: given[name] for name in ("sslmode", "sslrootcert") if given.get(name)}
    return demanding(Target(host=given["host"], port=_port(given.get("port")), dbname=given["dbname"], user=user, **rest))


def _refuse_several(host: str) -> None:
    """libpq would go on to the next one, under the rules of the first."""
    if "," in host:
        raise BadInput("The address names several hosts, and one is taken.", _AS)


def _port(text: str | None) -> int:
    if not text:
        return 5432
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65536:
        raise BadInput(f"“{text}” is not a port.", _AS)
    return int(text)


def demanding(target: Target) -> Target:
    """The target with TLS verified, unless the server is on this machine. Raises ``BadInput`` for an unprotected way elsewhere."""
    _refuse_several(target.host)
    if is_here(target.host):
        return target
    mode = target.sslmode or "verify-full"
    if mode in _UNPROTECTED:
        raise BadInput(
            f"With “sslmode={mode}” others on the network could read and change what is sent, so nothing was contacted.",
            "Leave sslmode out of the address; the server needs a certificate.",
        )
    if target.sslrootcert not in ("", SYSTEM) and not Path(target.sslrootcert).is_file():
        raise BadInput(f"There is no root certificate at {target.sslrootcert}.", "Leave sslrootcert out to trust what this system trusts.")
    verifies = mode != "require"
    return replace(target, sslmode=mode, sslrootcert=target.sslrootcert or (SYSTEM if verifies else ""))


def proving(target: Target) -> Target:
    """The target, at which a password is proved (SCRAM, RFC 5802) and never sent, whatever the server asks for."""
    return replace(target, require_auth="scram-sha-256") if psycopg.pq.version() >= 160000 else target  # libpq knows it since 16


def warning(target: Target) -> str:
    """What a person should know of the way to this target; empty where all is well."""
    return "" if is_here(target.host) else _HALF_PROTECTED.get(target.sslmode, "")


def is_here(host: str) -> bool:
    """Whether a host is this machine: a socket's folder, or a loopback address."""
    if host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place(target: Target) -> str:
    """The address in words: no user, no password."""
    return f"{target.dbname} on {target.host}" + ("" if target.host.startswith("/") else f":{target.port}")
