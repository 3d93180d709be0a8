"""Addresses that people type: what is taken, what is demanded, and what each failure on the way is called."""

import getpass
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace

from lms_tui.db import address, institution, migrate
from lms_tui.db.connection import Database
from lms_tui.db.person import whoami
from lms_tui.db.target import Target
from lms_tui.db.trouble import trouble
from lms_tui.model.errors import BadInput, LmsError, LoginRefused, Refused, Unavailable
from lms_tui.model.person import Role
from tests.db import certificates, system
from tests.db.certificates import Certificates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://ada@db.example.org/school", ("db.example.org", 5432, "verify-full", "system")),
        ("postgres://ada@db.example.org:6000/school?sslmode=verify-ca", ("db.example.org", 6000, "verify-ca", "system")),
        ("host=db.example.org dbname=school user=ada sslmode=require", ("db.example.org", 5432, "require", "")),
        ("postgresql://ada@localhost/school", ("localhost", 5432, "", "")),
        ("postgresql://ada@127.0.0.1/school?sslmode=disable", ("127.0.0.1", 5432, "disable", "")),
        ("postgresql://ada@[::1]/school", ("::1", 5432, "", "")),
        ("host=/var/run/postgresql dbname=school user=ada", ("/var/run/postgresql", 5432, "", "")),
    ],
)
def test_the_way_elsewhere_is_verified(text: str, expected: tuple[str, int, str, str]) -> None:
    target = address.read(text)
    assert (target.host, target.port, target.sslmode, target.sslrootcert) == expected
    assert (target.dbname, target.user, target.password) == ("school", "ada", "")
    assert bool(address.warning(target)) == (target.sslmode in ("require", "verify-ca"))


def test_the_user_of_this_machine_is_meant_where_none_is_named() -> None:
    assert address.read("postgresql://localhost/school").user == getpass.getuser()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("postgresql://ada:hunter2@localhost/school", "password"),
        ("host=localhost dbname=school password=hunter2", "password"),
        ("postgresql://ada@db.example.org/school?sslmode=prefer", "sslmode=prefer"),
        ("postgresql://ada@db.example.org/school?sslmode=disable", "sslmode=disable"),
        ("postgresql://ada@db.example.org/school?sslrootcert=/nowhere/root.crt", "/nowhere/root.crt"),
        ("postgresql://ada@/school", "host"),
        ("postgresql://ada@localhost", "database"),
        ("postgresql://a,b/school", "several"),
        ("postgresql://ada@localhost:99999/school", "port"),
        ("postgresql://ada@localhost/school?options=-csearch_path%3Dx", "options"),
        ("nonsense", "address"),
        ("host='", "address"),
    ],
)
def test_what_is_not_taken_is_told_in_a_sentence(text: str, word: str) -> None:
    with pytest.raises(BadInput, match=word) as caught:
        address.read(text)
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_no_password_is_in_a_representation() -> None:
    assert "hunter2" not in repr(Target(host="h", port=1, dbname="d", user="u", password="hunter2"))


async def failure(target: Target) -> LmsError:
    database = Database(target)
    try:
        with pytest.raises(LmsError) as caught:
            await whoami(database)
    finally:
        await database.close()
    assert target.password not in caught.value.message or not target.password
    return caught.value


async def test_nobody_answers() -> None:
    away = Target(host="127.0.0.1", port=1, dbname="school", user="ada", password="x")
    error = await failure(away)
    assert isinstance(error, Unavailable)
    assert "nothing answers" in error.message
    assert "nothing answers" in (await failure(replace(away, host="/nowhere"))).message
    error = await failure(replace(away, host="nobody.invalid", sslmode="verify-full", sslrootcert="system"))
    assert isinstance(error, Unavailable)
    assert "host name" in error.message


async def test_the_server_says_no(migrated: Target) -> None:
    nobody = replace(migrated, password="")
    assert isinstance(await failure(nobody), LoginRefused)
    assert isinstance(await failure(replace(migrated, password="wrong")), LoginRefused)
    assert isinstance(await failure(replace(migrated, user="nobody")), LoginRefused)
    error = await failure(replace(migrated, dbname="nothing"))
    assert isinstance(error, Refused)
    assert "no such database" in error.message
    error = await failure(migrated)
    assert isinstance(error, Refused)
    assert "not mapped" in error.message


async def test_nothing_of_ours_is_in_the_database(migrated: Target) -> None:
    error = await failure(replace(migrated, dbname="postgres"))
    assert isinstance(error, Refused)
    assert "db upgrade" in error.hint


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificates]:
    return lambda subject: certificates.made(tmp_path_factory.mktemp("certificates"), subject)


@pytest.fixture(scope="module")
def guarded(papers: Callable[[str], Certificates]) -> Iterator[tuple[Target, Certificates]]:
    """A server with TLS; the embedded one has none."""
    programs = system.programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here, and the embedded one has no TLS, so nothing is said of TLS")
    mine = papers("IP:127.0.0.1")
    with system.running(programs, (mine.server, mine.key)) as superuser:
        admin = replace(superuser, dbname="school")
        institution.prepare(admin)
        login = institution.add_person(admin, "A school", "Ada", Role.STUDENT, "UTC", again=False)
        yield replace(admin, host="127.0.0.1", user=login.role_name, password=login.password), mine


async def test_a_verified_server_is_spoken_to(guarded: tuple[Target, Certificates]) -> None:
    target, mine = guarded
    database = Database(replace(target, sslmode="verify-full", sslrootcert=str(mine.root)))
    assert (await whoami(database)).name == "Ada"
    await database.close()
    with migrate.connect(replace(target, sslmode="verify-full", sslrootcert=str(mine.root))) as connection:
        assert connection.pgconn.ssl_in_use


async def test_a_server_that_cannot_be_verified_hears_nothing(
    guarded: tuple[Target, Certificates], papers: Callable[[str], Certificates], tmp_path: Path
) -> None:
    target, mine = guarded
    stranger = papers("IP:127.0.0.1")
    for root in (str(stranger.root), "system"):
        error = await failure(replace(target, sslmode="verify-full", sslrootcert=root))
        assert isinstance(error, Refused), root
        assert "certificate" in error.message
        assert "nothing was sent" in error.message
    error = await failure(replace(target, host="localhost", sslmode="verify-full", sslrootcert=str(mine.root)))
    assert isinstance(error, Refused)
    assert "certificate" in error.message, "it is the certificate of another name"
    error = await failure(replace(target, sslmode="verify-full", sslrootcert=str(tmp_path / "nothing")))
    assert "root certificate" in error.message
    error = await failure(replace(target, sslmode="disable"))
    assert isinstance(error, Refused)
    assert "from here" in error.message


def test_a_server_without_tls_hears_nothing() -> None:
    error = trouble(psycopg.OperationalError("connection failed: server does not support SSL, but SSL was required"))
    assert isinstance(error, Refused)
    assert "no TLS" in error.message
