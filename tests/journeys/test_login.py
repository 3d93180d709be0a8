"""Becoming somebody on a machine: passwords, invitations, kills in between, and profiles that never mix."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from lms_tui.db import migrate
from lms_tui.db.target import Target
from tests.cli.test_json_page import agree
from tests.db import certificates, system
from tests.forked import run_command
from tests.journeys.conftest import PROGRAM, CommandLine
from tests.journeys.school import DATABASE, School, school
from tests.terminal import terminal


@pytest.fixture(scope="module")
def one_school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("server"), None) as found:
        yield found


def person(a_school: School, file: Path) -> tuple[str, Target]:
    """The address and the target of a person who knows their password: that of their invitation, made theirs."""
    invitation = msgspec.json.decode(file.read_bytes())
    target = replace(a_school.superuser, dbname=DATABASE, user=invitation["user"], password=invitation["password"])
    return f"host={target.host} port={target.port} dbname={DATABASE} user={target.user}", target


def test_a_password_on_the_command_line_is_refused_before_anything(one_school: School, home: Path) -> None:
    for address in ("postgresql://ada:hunter2@nobody.invalid/school", "host=nobody.invalid dbname=school user=ada password=hunter2"):
        result = one_school.run("login", address)
        assert result.returncode == 1
        assert "password" in result.stderr
        assert "hunter2" not in result.stdout + result.stderr
        assert one_school.error("db", "init", address, "--institution", "A", "--person", "B")["code"] == "bad_input"
    assert one_school.json("profiles") == {"items": []}
    log = home / "state" / "lms-tui.log"
    assert not log.exists() or "hunter2" not in log.read_text()


def test_a_password_from_standard_input_is_kept_in_a_private_file(one_school: School, tmp_path: Path) -> None:
    one_school.invite("Ada", tmp_path / "ada.json")
    address, target = person(one_school, tmp_path / "ada.json")
    refused = run_command(["login", address])
    assert refused.returncode == 1
    assert "--password-stdin" in refused.stderr
    assert run_command(["login", address, "--password-stdin"], given="wrong\n").returncode == 1
    assert one_school.json("profiles") == {"items": []}
    result = run_command(["login", address, "--password-stdin"], given=target.password + "\n")
    assert result.returncode == 0, result.stderr
    [profile] = one_school.json("profiles")["items"]
    secret = Path(profile["path"]) / "secret"
    assert f"The password is kept in {secret}, readable by you alone." in result.stdout
    assert target.password not in result.stdout + result.stderr
    assert secret.read_text() == target.password
    assert secret.stat().st_mode & 0o777 == 0o600
    assert Path(profile["path"]).stat().st_mode & 0o777 == 0o700
    assert (profile["name"], profile["person"], profile["queued"], profile["last_sync_at"]) == ("a-school", "Ada", 0, None)
    again = run_command(["login", address, "--password-stdin", "--json"], given=target.password + "\n")
    agree(msgspec.json.decode(again.stdout), "login")
    agree(one_school.json("profiles"), "profiles")
    assert one_school.json("sync", "--profile", "a-school")["state"] == "idle"


def test_libpq_finds_its_own_way(one_school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_school.invite("Pia", tmp_path / "pia.json")
    address, target = person(one_school, tmp_path / "pia.json")
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"*:*:*:{target.user}:{target.password}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    made = one_school.json("login", address, "--profile", "pia")
    assert made["password_file"] is None
    assert not (Path(made["path"]) / "secret").exists()
    assert one_school.json("sync", "--profile", "pia")["state"] == "idle"
    passwords.unlink()
    assert one_school.json("sync", "--profile", "pia")["state"] == "refused"
    monkeypatch.setenv("PGPASSWORD", target.password)
    [note] = one_school.json("login", address, "--profile", "pia")["notes"]
    assert "PGPASSWORD" in note


def test_the_terminal_asks_and_shows_nothing(one_school: School, tmp_path: Path) -> None:
    one_school.invite("Tom", tmp_path / "tom.json")
    address, target = person(one_school, tmp_path / "tom.json")
    with terminal([*PROGRAM, "login", address, "--profile", "tom"], 140, 24) as running:
        running.wait_for("Password for")
        running.press(*target.password, "enter")
        running.wait_for("You are Tom")
        assert running.wait_for_end() == 0
        assert target.password not in running.text


def test_an_invitation_is_good_once(one_school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "uma.json"
    prepared = one_school.invite("Uma", file)
    agree(prepared, "prepared")
    assert file.stat().st_mode & 0o777 == 0o600
    agree(msgspec.json.decode(file.read_bytes()), "invitation")
    overwritten = one_school.administers("db", "init", one_school.dsn, "--institution", "A school", "--person", "Vic", "--invitation", file)
    assert overwritten.returncode == 1
    assert "there already" in overwritten.stderr
    first = one_school.json("login", file)
    agree(first, "login")
    _, target = person(one_school, file)
    with pytest.raises(psycopg.OperationalError):
        migrate.connect(target)
    assert one_school.json("login", file) == first, "again, by the same person on the same machine"
    monkeypatch.setenv("LMS_TUI_HOME", str(tmp_path / "elsewhere"))
    refused = one_school.error("login", file)
    assert refused["code"] == "login_refused"
    assert "used already" in refused["message"]
    assert one_school.json("profiles") == {"items": []}
    assert not list((tmp_path / "elsewhere" / "state" / "profiles").glob("*"))


@pytest.mark.parametrize("told", [False, True])
def test_a_kill_while_the_password_changes_locks_nobody_out(one_school: School, tmp_path: Path, told: bool) -> None:
    file = tmp_path / "kim.json"
    one_school.invite(f"Kim {told}", file)
    killed = f"""
import os
from lms_tui.db import password
change = password.change
def kill(target, new):
    {"change(target, new)" if told else "pass"}
    os._exit(9)
password.change = kill
from lms_tui.cli import main
main()
"""
    assert subprocess.run([sys.executable, "-c", killed, "login", file, "--profile", "kim"], check=False).returncode == 9
    assert one_school.json("login", file, "--profile", "kim")["person"] == f"Kim {told}"
    assert one_school.json("sync", "--profile", "kim")["state"] == "idle"


def test_two_people_of_one_school_have_a_profile_each(one_school: School, tmp_path: Path) -> None:
    for name in ("Lea", "Max"):
        one_school.invite(name, tmp_path / f"{name}.json")
    names = [one_school.json("login", tmp_path / f"{name}.json")["name"] for name in ("Lea", "Max")]
    assert names == ["a-school", "a-school-2"]
    one_school.invite("Max", tmp_path / "again.json", "--again")
    assert one_school.json("sync", "--profile", "a-school-2")["state"] == "refused"
    for name in ("a-school", "personal", "A School"):
        refused = one_school.error("login", tmp_path / "again.json", "--profile", name)
        assert refused["code"] == "bad_input"
    assert one_school.json("login", tmp_path / "again.json")["name"] == "a-school-2"
    assert one_school.json("sync", "--profile", "a-school-2")["state"] == "idle"
    assert one_school.json("sync", "--profile", "a-school")["state"] == "idle"


def test_what_is_of_another_person_is_not_touched(one_school: School, tmp_path: Path, shared_courses: Path) -> None:
    one = one_school.comes("Nia", tmp_path, "--role", "INSTRUCTOR", profile="nia")
    other = one_school.comes("Olaf", tmp_path, profile="olaf")
    one_school.json("import", shared_courses / "native-sample", "--profile", "nia")
    one_school.json("enrol", "shell-mini", "--profile", "nia")
    done = one_school.json("done", "shell-mini/basics/where-am-i", "--profile", "nia", "--offline")
    secret, profile = Path(one["path"]) / "secret", Path(one["path"]) / "profile.json"
    mine = (secret.read_bytes(), profile.read_bytes())
    theirs = [(Path(other["path"]) / name).read_bytes() for name in ("secret", "profile.json")]

    changed = msgspec.json.decode(theirs[1]) | {"user_id": msgspec.json.decode(mine[1])["user_id"]}
    secret.write_bytes(theirs[0])
    profile.write_bytes(msgspec.json.encode(changed))
    report = one_school.json("sync", "--profile", "nia")
    assert (report["state"], report["sent"], report["pending"]) == ("refused", 0, done["pending"])
    assert "Olaf" in one_school.run("sync", "--profile", "nia").stdout

    profile.write_bytes(theirs[1])
    refused = one_school.error("catalog", "--profile", "nia")
    assert refused["code"] == "storage_failed"
    assert "Nia" in refused["message"]
    [listed] = [node for node in one_school.json("profiles")["items"] if node["name"] == "nia"]
    assert listed["queued"] is None
    assert listed["problem"]

    secret.write_bytes(mine[0])
    profile.write_bytes(mine[1])
    assert one_school.json("sync", "--profile", "nia")["applied"] == done["pending"]


def test_a_schema_of_another_age_is_told_and_nothing_is_lost(one_school: School, tmp_path: Path, shared_courses: Path) -> None:
    one_school.comes("Quinn", tmp_path, "--role", "INSTRUCTOR", profile="quinn")
    me = ("--profile", "quinn")
    one_school.json("import", shared_courses / "native-sample", *me)
    one_school.json("enrol", "shell-mini", *me)
    inside = replace(one_school.superuser, dbname=DATABASE)
    with migrate.connect(inside) as connection:
        connection.execute("UPDATE lms.alembic_version SET version_num = '9999'")
    done = one_school.json("done", "shell-mini/basics/where-am-i", *me)
    assert done["pending"] > 0
    assert "newer" in one_school.run("sync", *me).stdout
    result = one_school.administers("db", "upgrade", one_school.dsn)
    assert result.returncode == 1
    assert "newer" in result.stderr
    with migrate.connect(inside) as connection:
        connection.execute("UPDATE lms.alembic_version SET version_num = %s", (migrate.head(),))
    migrate.downgrade(inside, "0008")
    assert "older" in one_school.run("sync", *me).stdout
    doctor = one_school.run("doctor", *me).stdout
    assert "lms-tui db upgrade" in doctor
    before = msgspec.json.decode(one_school.administers("db", "current", one_school.dsn, "--json").stdout)
    agree(before, "database")
    assert (before["revision"], before["up_to_date"], before["differences"]) == ("0008", False, None)
    assert one_school.error("db", "upgrade", *me)["code"] == "bad_input"
    after = msgspec.json.decode(one_school.administers("db", "upgrade", one_school.dsn, "--json").stdout)
    assert (after["revision"], after["up_to_date"], after["differences"]) == (migrate.head(), True, [])
    with migrate.connect(inside) as connection:
        connection.execute("CREATE INDEX by_hand ON lms.users (institution_id, name)")
    assert "Not as this version made it: index by_hand is there" in one_school.administers("db", "current", one_school.dsn).stdout
    assert one_school.json("sync", *me)["applied"] == done["pending"]
    agree(one_school.json("db", "current", *me), "database")


def test_a_server_that_asks_for_no_proof_is_told_and_sent_nothing(one_school: School, tmp_path: Path) -> None:
    one_school.invite("Wanda", tmp_path / "wanda.json")
    with migrate.connect(one_school.superuser) as connection:
        row = connection.execute("SHOW hba_file").fetchone()
        assert row is not None
        rules = Path(row[0])
        before = rules.read_text()
        try:
            rules.write_text("local all all trust\n")
            connection.execute("SELECT pg_reload_conf()")
            while not _lets_in(replace(one_school.superuser, password="")):
                pass
            refused = one_school.error("login", tmp_path / "wanda.json")
        finally:
            rules.write_text(before)
            connection.execute("SELECT pg_reload_conf()")
    assert refused["message"] == "The server asks for no proof of the password, so nothing was sent."
    assert "scram-sha-256" in refused["hint"]


def _lets_in(target: Target) -> bool:
    try:
        migrate.connect(target).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_password_that_changed_keeps_what_waits(one_school: School, tmp_path: Path, shared_courses: Path) -> None:
    one_school.comes("Sam", tmp_path, "--role", "INSTRUCTOR", profile="sam")
    me = ("--profile", "sam")
    one_school.json("import", shared_courses / "native-sample", *me)
    one_school.json("enrol", "shell-mini", *me)
    one_school.invite("Sam", tmp_path / "again.json", "--again", "--role", "STUDENT")
    done = one_school.json("done", "shell-mini/basics/where-am-i", "--time", "60", *me)
    report = one_school.json("sync", *me)
    assert (report["state"], report["pending"]) == ("refused", done["pending"])
    assert "log in again" in one_school.run("doctor", *me).stdout
    again = one_school.json("login", tmp_path / "again.json")
    assert (again["name"], again["role"], again["queued"]) == ("sam", "STUDENT", done["pending"])
    assert one_school.json("sync", *me)["applied"] == done["pending"]


def test_the_zone_of_the_first_machine_is_the_persons(one_school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    one_school.comes("Tui", tmp_path, profile="tui")
    one_school.comes("Una", tmp_path, "--timezone", "Europe/Berlin", profile="una")
    zones = [
        msgspec.json.decode((Path(node["path"]) / "profile.json").read_bytes())["timezone"] for node in one_school.json("profiles")["items"]
    ]
    assert zones == ["Pacific/Auckland", "Europe/Berlin"]
    with migrate.connect(replace(one_school.superuser, dbname=DATABASE)) as connection:
        kept = connection.execute("SELECT timezone FROM lms.users WHERE name IN ('Tui', 'Una') ORDER BY name").fetchall()
    assert [zone for (zone,) in kept] == zones


def test_a_profile_that_cannot_be_read_hides_no_other(one_school: School, tmp_path: Path) -> None:
    broken = Path(one_school.comes("Wim", tmp_path, profile="wim")["path"]) / "profile.json"
    one_school.comes("Xia", tmp_path, profile="xia")
    broken.write_bytes(b"{")
    one, other = one_school.json("profiles")["items"]
    assert (one["name"], one["kind"], bool(one["problem"]), one["queued"]) == ("wim", "", True, None)
    assert (other["name"], other["person"], other["problem"]) == ("xia", "Xia", "")
    assert one_school.error("catalog", "--profile", "wim")["code"] == "storage_failed"
    assert "wim" in one_school.run("profiles").stdout


def test_an_invitation_without_a_file_is_printed(one_school: School, tmp_path: Path) -> None:
    command = ["db", "init", one_school.dsn, "--institution", "A school", "--person", "Rita"]
    result = one_school.administers(*command)
    assert result.returncode == 0, result.stderr
    (tmp_path / "rita.json").write_text(result.stdout)
    (tmp_path / "rita.json").chmod(0o644)
    agree(msgspec.json.decode(result.stdout), "invitation")
    assert "Others on this machine" in one_school.json("login", tmp_path / "rita.json")["notes"][0]
    refused = one_school.administers(*command)
    assert refused.returncode == 1
    assert "--again" in refused.stderr


def test_what_is_no_invitation_is_told(one_school: School, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "other.json").write_bytes(b'{"host": 1}')
    assert one_school.error("login", tmp_path / "empty.json")["code"] == "bad_input"
    assert one_school.error("login", tmp_path / "other.json")["code"] == "bad_input"
    assert one_school.error("login", tmp_path)["code"] == "bad_input"
    assert one_school.error("login", "nowhere.json")["code"] == "not_found"
    assert one_school.error("login", tmp_path / "empty.json", "--offline")["code"] == "unavailable"


def test_a_root_certificate_comes_with_the_invitation(tmp_path: Path) -> None:
    programs = system.programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed here, and the embedded one has no TLS, so nothing is said of TLS")
    mine, other = certificates.made(tmp_path / "mine", "IP:127.0.0.1"), certificates.made(tmp_path / "other", "IP:127.0.0.1")
    with system.running(programs, (mine.server, mine.key)) as superuser:
        guarded = School(superuser)
        guarded.dsn = f"postgresql://postgres@127.0.0.1:{superuser.port}/{DATABASE}?sslmode=verify-full&sslrootcert={mine.root}"
        made = guarded.comes("Yan", tmp_path, profile="yan")
        kept = msgspec.json.decode((Path(made["path"]) / "profile.json").read_bytes())
        assert kept["sslmode"] == "verify-full"
        assert Path(kept["sslrootcert"]).parent == Path(made["path"])
        assert Path(kept["sslrootcert"]).read_text() == mine.root.read_text()
        assert guarded.json("sync", "--profile", "yan")["state"] == "idle"

        guarded.invite("Zita", tmp_path / "zita.json")
        invitation = msgspec.json.decode((tmp_path / "zita.json").read_bytes())
        forged = tmp_path / "forged.json"
        forged.write_bytes(msgspec.json.encode(invitation | {"root_certificate": other.root.read_text()}))
        refused = guarded.error("login", forged, "--profile", "zita")
        assert refused["code"] == "refused"
        assert "certificate" in refused["message"]
        assert [node["name"] for node in guarded.json("profiles")["items"]] == ["yan"]
        assert guarded.json("login", tmp_path / "zita.json", "--profile", "zita")["person"] == "Zita", "the password was not used up"


def test_without_an_address_it_is_the_personal_database(command_line: CommandLine) -> None:
    for command in ("init", "upgrade", "current"):
        state = command_line.json("db", command)
        agree(state, "database")
        assert (state["revision"], state["up_to_date"]) == (migrate.head(), True)
    assert "PostgreSQL" in command_line.run("db", "current").stdout
    for whom in (["--person", "Ada"], ["--role", "student"], ["--again"], ["--host", "db.example.org"]):
        assert command_line.run("db", "init", *whom).returncode == 2
    for command in ("upgrade", "current"):
        assert command_line.run("db", command, "--password-stdin").returncode == 2
    assert command_line.run("db", "init", "postgresql://localhost/school").returncode == 2
    [personal] = command_line.json("profiles")["items"]
    assert (personal["name"], personal["kind"], personal["default"]) == ("personal", "personal", True)
    agree(command_line.json("publish", "tour"), "course")


def test_who_names_a_database_is_advised_on_that(one_school: School, tmp_path: Path) -> None:
    one_school.invite("Vera", tmp_path / "first.json")
    slip = ["db", "init", one_school.dsn, "--institution", "A scool", "--person", "Ben", "--invitation", str(tmp_path / "ben.json")]
    told = one_school.administers(*slip)
    assert told.returncode == 1
    assert "There is “A school”. To make another one: --new-institution." in told.stderr
    assert not (tmp_path / "ben.json").exists()

    wrong = run_command(["db", "current", one_school.dsn, "--password-stdin"], given="not the password\n")
    assert "Check the user in the DSN, and the password." in wrong.stderr
    away = run_command(["db", "current", "postgresql://ada@127.0.0.1:1/school", "--password-stdin"], given="secret\n")
    assert "Check the host and the port in the DSN" in away.stderr
    assert "What was recorded" not in away.stderr


def test_a_login_under_a_name_is_not_the_usual_one(one_school: School, tmp_path: Path) -> None:
    person = one_school.comes("Udo", tmp_path, profile="second")
    assert not person["default"]
    told = one_school.error("db", "upgrade", "--profile", "second")
    assert "lms-tui db upgrade DSN" in told["hint"]
