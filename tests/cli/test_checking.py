"""``lms-tui check``: what it prints and exits with, and that it leaves nothing behind."""

from pathlib import Path

from tests.cli.conftest import document, offline
from tests.conftest import ROOT

TOUR = str(ROOT / "lms_tui" / "courses" / "tour")


def course(tmp_path: Path, text: str) -> str:
    (tmp_path / "one.md").write_text(text)
    return str(tmp_path)


def test_a_good_course(home: Path) -> None:
    result = offline("check", TOUR)
    assert (result.returncode, result.stdout, result.stderr) == (0, "It can be imported. Nothing odd was found.\n", "")
    assert list(home.iterdir()) == []


def test_warnings_name_file_and_line_and_do_not_fail(tmp_path: Path, home: Path) -> None:
    result = offline("check", course(tmp_path, "Text.\n\n![](x.png)"))
    assert result.returncode == 0
    assert "one.md:3: warning: shows x.png, which is not in the course's folder [broken-link]\n" in result.stdout
    assert result.stdout.endswith("It can be imported. 4 warnings.\n")
    assert list(home.iterdir()) == []


def test_what_would_be_refused_fails(tmp_path: Path) -> None:
    bad = course(tmp_path, "---\ntype: riddle\n---\n")
    result = offline("check", bad)
    assert result.returncode == 1
    assert result.stdout.startswith("one.md:2: error: type is one of")
    assert result.stdout.endswith("It cannot be imported.\n")
    printed = offline("check", bad, "--json")
    assert printed.returncode == 1
    assert document(printed)["ok"] is False
    assert [(problem["severity"], problem["line"]) for problem in document(printed)["problems"]] == [("error", 2)]


def test_no_course_at_all_is_a_failure(tmp_path: Path) -> None:
    result = offline("check", str(tmp_path / "nowhere"), "--json")
    assert result.returncode == 1
    assert document(result)["error"]["code"] == "bad_input"
    assert offline("check", TOUR, "--format", "scorm").returncode == 1


def test_what_is_our_fault_is_one_sentence(home: Path) -> None:
    result = offline("check", TOUR, code="import lms_tui.library.checking as c\ndef fails(*_): raise ZeroDivisionError\nc.check = fails")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Something unexpected went wrong (ZeroDivisionError).")
    assert result.stderr.count("\n") == 1
    assert "Traceback" in (home / "state" / "lms-tui.log").read_text()


def test_what_an_author_wrote_cannot_move_the_terminal(tmp_path: Path) -> None:
    result = offline("check", course(tmp_path, "[x](a\x1b]0;owned\x07.md) ![](<\u202eevil.png>)\n\n---\n"))
    assert not set(result.stdout) & set("\x1b\x07\u202e")
