import psycopg
import pytest
from psycopg import errors

from lms_tui.db.trouble import trouble
from lms_tui.model.errors import LmsError, Unavailable


@pytest.mark.parametrize(
    "error",
    [kind("x") for kind in (errors.RaiseException, errors.InternalError_, errors.StatementTooComplex, errors.SyntaxError)],
)
def test_a_failure_of_a_call_is_not_taken_for_a_database_that_is_away(error: psycopg.Error) -> None:
    found = trouble(error)
    assert type(found) is LmsError
    assert "x" not in found.message.split()


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("connection refused"),
        psycopg.errors.DeadlockDetected("x"),
        psycopg.errors.TooManyConnections("x"),
        psycopg.errors.DiskFull("x"),
        psycopg.errors.LockNotAvailable("x"),
        psycopg.errors.AdminShutdown("x"),
        psycopg.errors.QueryCanceled("x"),
    ],
)
def test_what_passes_is_tried_again(error: psycopg.Error) -> None:
    assert isinstance(trouble(error), Unavailable)


def test_a_full_disk_of_the_database_is_told_as_that() -> None:
    assert trouble(psycopg.errors.DiskFull("could not extend file")).message == "The database's disk is full."
