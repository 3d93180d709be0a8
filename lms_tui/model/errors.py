"""What can go wrong, in words for people: what happened, what is safe, what to do next."""


class LmsError(Exception):
    """A failure that a person is told about. ``code`` is stable and for programs; ``hint`` says what to do next."""

    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotFound(LmsError):
    """What was named is not there, or not for this person."""

    code = "not_found"


class BadInput(LmsError):
    """What was given cannot be taken; nothing of it was."""

    code = "bad_input"


class Refused(LmsError):
    """The database knows the person and does not allow what was asked."""

    code = "refused"


class LoginRefused(Refused):
    """The database does not take this login: the password is wrong, or it asks for one and there is none."""

    code = "login_refused"


class Unavailable(LmsError):
    """The database cannot be reached now. What was recorded here is safe and is sent later."""

    code = "unavailable"


class StorageFailed(LmsError):
    """The local file could not be written or read, so what was just done is not recorded."""

    code = "storage_failed"


class TooLarge(LmsError):
    """More was sent in one call than the database takes; nothing of it was counted. Send it in smaller parts."""

    code = "too_large"


class UpgradeNeeded(Refused):
    """The database speaks another protocol than this program. What was recorded here is safe."""

    code = "upgrade_needed"
