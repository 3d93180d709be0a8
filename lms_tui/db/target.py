"""Where a PostgreSQL is, and who asks."""

import ssl
from pathlib import Path

import msgspec

SYSTEM = "system"
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One person at one database. ``host`` is a name, an address, or the folder of a unix socket.

    What is empty is left to libpq: a password to its password file, a certificate or a ticket, the rest to its defaults.
    ``sslrootcert`` is a file, or ``system``; ``require_auth`` the ways of authentication that are taken.
    The password is not in the representation, so that it reaches no log.
    """

    host: str
    port: int
    dbname: str
    user: str
    password: str = ""
    sslmode: str = ""
    sslrootcert: str = ""
    require_auth: str = ""

    def __repr__(self) -> str:
        return f"Target(host={self.host!r}, port={self.port!r}, dbname={self.dbname!r}, user={self.user!r}, sslmode={self.sslmode!r})"

    def parameters(self) -> dict[str, str | int]:
        """What libpq is told."""
        given = {name: value for name in self.__struct_fields__ if (value := getattr(self, name))}
        return given | ({"sslrootcert": _system_certificates()} if self.sslrootcert == SYSTEM else {})


def _system_certificates() -> str:
    """The file of what this system trusts: the OpenSSL inside psycopg's wheel looks where no system keeps it."""
    own = ssl.get_default_verify_paths().cafile
    return next((path for path in (own, *_BUNDLES) if path and Path(path).is_file()), SYSTEM)
