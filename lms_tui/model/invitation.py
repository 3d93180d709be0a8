"""An invitation: the way to an institution's database for one person, with a password that is good for the first login alone."""

from msgspec import Struct

from lms_tui.model.person import Role


class Invitation(Struct, frozen=True, kw_only=True):
    """What an administrator gives a person.

    ``root_certificate`` is PEM text, or empty where the system's are to be trusted; ``timezone`` is empty where the machine of
    the first login decides.
    """

    lms_tui_invitation: int = 1
    host: str
    port: int
    dbname: str
    user: str
    password: str
    sslmode: str = ""
    root_certificate: str = ""
    institution_id: str
    user_id: str
    institution: str
    name: str
    role: Role
    timezone: str

    def __repr__(self) -> str:
        return f"Invitation(host={self.host!r}, dbname={self.dbname!r}, user={self.user!r})"
