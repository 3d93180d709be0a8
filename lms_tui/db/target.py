"""Where a PostgreSQL is, and who asks."""

import msgspec


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One person at one database. ``host`` is a name, an address, or the folder of a unix socket.

    The password is not in the representation, so that it reaches no log.
    """

    host: str
    port: int
    dbname: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Target(host={self.host!r}, port={self.port!r}, dbname={self.dbname!r}, user={self.user!r})"
