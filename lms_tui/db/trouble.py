"""The driver's errors in words for people. No text of the server's is passed on: it can hold rows and names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lms_tui.model.errors import BadInput, LmsError, LoginRefused, NotFound, Refused, TooLarge, Unavailable, UpgradeNeeded

SCHEMA_HINT = "Ask the administrator to run lms-tui db upgrade."
AGAIN = "What was recorded here is safe and is sent when it answers again."
# Classes of SQLSTATE that say nothing of the call itself: connections, rollbacks, resources, operators, the system.
_PASSES = ("08", "40", "53", "55", "57", "58")
_SYNTAX = "42601"  # of a search query, say: our statements have none
_REASONS = {
    "nobody": "This login is not mapped to a person of an institution.",
    "not_yours": "This belongs to another institution.",
    "instructors_only": "Only an instructor or an administrator may do this.",
    "not_enrolled": "You are not enrolled in this course.",
}


@contextmanager
def translated() -> Iterator[None]:
    """Turns the driver's errors inside it into errors of ``model.errors``."""
    try:
        yield
    except DBAPIError as error:
        raise trouble(error.orig) from None
    except PoolTimeout:
        raise Unavailable("The database is busy.", AGAIN) from None
    except (psycopg.Error, OSError, UnicodeEncodeError) as error:
        raise trouble(error) from None


def trouble(error: BaseException | None) -> LmsError:
    """What happened, for people. Reasons that our own functions raise are read from their code, ``code: words``."""
    state = getattr(error, "sqlstate", None) or ""
    code, _, words = _message(error).partition(": ")
    if state == "LMS01":
        return TooLarge("This is more than the database takes in one call.")
    if state == "LMS02":
        return UpgradeNeeded("The database speaks another version of the sync protocol.", "Update lms-tui.")
    if state in ("LMS03", "LMS04"):
        return BadInput(f"The database did not take it: {words or code}.") if code in _OURS else BadInput("The database did not take it.")
    if state == "P0002":
        return NotFound("The database has no such course for you.")
    if state in ("28P01", "28000"):
        return _wrong_login()
    if state == "42501":
        return Refused(_REASONS.get(code, "The database does not allow this."))
    if state[:2] in ("22", "23"):
        return BadInput("The database did not take it: a value is not allowed there.")
    if state != _SYNTAX and (state[:2] in ("3D", "42") or state == "3F000"):
        return Refused("The database is there, but its schema is not the one that this version needs.", SCHEMA_HINT)
    if not state:
        return _of_the_driver(error)
    return (
        _passing(state)
        if state[:2] in _PASSES
        else LmsError("The database failed at this.", "Nothing of it was counted. It may be tried again.")
    )


def _of_the_driver(error: BaseException | None) -> LmsError:
    if isinstance(error, (UnicodeEncodeError, psycopg.DataError)):  # nothing was sent
        return BadInput("The database does not take it: it has characters that are no text.")
    return no_contact(_message(error))


def _passing(state: str) -> Unavailable:
    what = {
        "57014": "The database took too long to answer",
        "53100": "The database's disk is full",
        "55P03": "Another session holds in the database what this needs",
        "40P01": "Another session and this one waited for each other in the database",
    }
    return Unavailable(f"{what.get(state, 'The database cannot be reached')}.", AGAIN)


def no_contact(said: str) -> LmsError:
    """Why there is no connection, told by what libpq said, which has no code."""
    said = said.lower()
    for signs, make in _CONTACTS:
        if any(sign in said for sign in signs):
            return make()
    return _passing("")


def _away(why: str) -> Callable[[], LmsError]:
    return lambda: Unavailable(f"The database cannot be reached: {why}.", AGAIN)


def _wrong_login() -> LmsError:
    return LoginRefused(
        "The database does not accept this login.", "Check the user and the password, then log in again with lms-tui login."
    )


def _refusing(message: str, hint: str) -> Callable[[], LmsError]:
    return lambda: Refused(message, hint)


_ASK = "Ask its administrator."
# In this order: a longer text can hold a shorter sign.
_CONTACTS: tuple[tuple[tuple[str, ...], Callable[[], LmsError]], ...] = (
    (("could not translate host name", "failed to resolve host", "name or service not known"), _away("its host name is not known")),
    (("no password supplied",), lambda: LoginRefused("The database asks for a password.", "Log in with lms-tui login.")),
    (
        ("authentication method requirement",),
        _refusing("The server asks for no proof of the password, so nothing was sent.", f"{_ASK} pg_hba.conf has to say scram-sha-256."),
    ),
    (("authentication failed", "is not permitted to log in"), _wrong_login),
    (
        ("no pg_hba.conf entry", "pg_hba.conf rejects"),
        _refusing("The server does not let this login in from here.", f"{_ASK} It is pg_hba.conf that says who comes from where."),
    ),
    (("root certificate file",), _refusing("The root certificate of this profile cannot be read.", "Log in again with lms-tui login.")),
    (("valid client certificate",), _refusing("The server asks for a certificate of yours, and there is none.", _ASK)),
    (
        ("certificate verify failed", "server certificate for", "certificate"),
        _refusing("The server's certificate is not one that this profile trusts, so nothing was sent.", _ASK),
    ),
    (("does not support ssl",), _refusing("The server has no TLS, and this profile demands it, so nothing was sent.", _ASK)),
    (("ssl error", "ssl connection"), _away("no secure connection came about")),
    (("permission denied for database",), _refusing("This login may not enter that database.", _ASK)),
    (("not currently accepting connections", "the database system is"), _away("it takes no connections now")),
    (('database "',), _refusing("There is no such database on that server.", "Check the name of the database.")),
    (('role "',), _wrong_login),
    (("connection refused", "no such file or directory"), _away("nothing answers there")),
    (("timeout", "timed out"), _away("it does not answer")),
)

_OURS = {"bad_course", "bad_request", "bad_timezone", "not_enrolled", "unknown_item"}


def _message(error: BaseException | None) -> str:
    diagnosis = getattr(error, "diag", None)
    return (getattr(diagnosis, "message_primary", None) or str(error or "")).strip()
