"""What a check says of a course: each rule where it holds, and nothing where an author did well."""

from pathlib import Path

import pytest

from lms_tui.formats.checking import check, read
from tests.conftest import ROOT
from tests.formats.conftest import Make

GOOD = {
    "course.md": "---\nid: c\ntitle: C\nlicense: CC0-1.0\n---\n[on](a/1.md#part) [up](a/) <https://example.org/x.md> [top](#c)",
    "a/lesson.md": "---\nobjectives: [Know it]\n---\n",
    "a/1.md": "Text with ![a tree](img/my%20tree.svg), `![](code.png)` and [a page](../a/2.quiz.md).\n\n```\n![](code.png)\n```\n",
    "a/2.quiz.md": "## Q {#q}\nWell?\n- = a\n  > Yes.\n\n> [!HINT]\n> A letter.\n",
    "a/3.md": "---\ntype: activity\n---\nDo it.",
    "a/4.md": "---\ntype: video\nvideo: a.cast\ntranscript: a.vtt\n---\n",
    "a/5.md": "---\ntype: assessment\npass_mark: 60%\n---\n## Q {#q}\nWell?\n- = a\n",
    "a/a.cast": "",
    "a/a.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nWords.\n",
    "a/img/my tree.svg": "",
}


def found(root: Make, files: dict[str, str]) -> list[tuple[str, str, int]]:
    """What a check says of the good course with some files changed."""
    checked = check(root({**GOOD, **files}))
    return [(problem.code, problem.file, problem.line) for problem in checked.problems]


def test_a_good_course_has_no_problem(folder: Make) -> None:
    checked = check(folder(dict(GOOD)))
    assert (checked.ok, checked.problems) == (True, ())
    assert checked.model["questions"] == 2


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("a/1.md", "---\nid: one\n---\n\nSee\n[it](2.md).", [("broken-link", 6)]),
        ("a/1.md", "| a |\n|---|\n| [it](../../out.md) |", [("broken-link", 3)]),
        ("a/1.md", "| a | |\n|---|---|\n| [it](2.md) | |", [("broken-link", 3)]),
        ("a/1.md", "[it][r]\n\n[r]: none.md", [("broken-link", 1)]),
        ("a/1.md", "Look:\n![](img/my%20tree.svg)", [("no-alt-text", 2)]),
        ("a/1.md", "Look:\n![](img/my%20tree.svg){alt='A tree'}", []),
        ("a/1.md", "![x](img/none.svg)", [("broken-link", 1)]),
        ("a/1.md", "Text.\n```\ncode", [("open-code", 2)]),
        ("a/1.md", "word " * 1501, [("too-long", 1)]),
        ("a/1.md", "```\n" + "word " * 1501 + "\n```", []),
        ("a/1.md", "", [("no-text", 1)]),
        ("a/1.md", "::: question {#k}\nQ\n- = a\n:::", [("no-hint", 1), ("no-feedback", 1)]),
        ("a/3.md", "---\ntype: activity\n---\n", [("no-text", 1)]),
        ("a/4.md", "---\ntype: video\n---\n", [("no-video", 1), ("no-transcript", 1)]),
        ("a/4.md", "---\ntype: video\nvideo: b.cast\ntranscript: a.vtt\n---\n", [("broken-link", 1)]),
        ("a/5.md", "---\ntype: assessment\n---\n## Q\nWell?\n- = a\n", [("no-pass-mark", 1)]),
        ("a/lesson.md", "---\ntitle: A\n---\n", [("no-objectives", 1)]),
        ("course.md", "# C", [("no-license", 1)]),
        ("a/1.md", "---\ncolour: red\n---\nText.", [("odd", 2)]),
        ("a/2.quiz.md", "Words.\n\n## Q\nWell?\n- [x] a\n- [ ] a\n\n> [!HINT]\n> h\n\n> [!EXPLANATION]\n> e", [("same-option", 3)]),
        ("a/2.quiz.md", "## Q\nWell?\n- = 0..5\n  > e\n- != 3\n\n> [!HINT]\n> h", [("out-of-reach", 1)]),
        ("a/2.quiz.md", "## Q\nWell?\n- != 3\n- = 0..5\n  > e\n\n> [!HINT]\n> h", []),
    ],
)  # fmt: skip
def test_each_rule(folder: Make, file: str, text: str, says: list[tuple[str, int]]) -> None:
    assert found(folder, {file: text}) == [(code, file, line) for code, line in says]


def test_a_lesson_without_a_page_of_its_own_has_no_line(folder: Make) -> None:
    assert ("no-objectives", "b/lesson.md", 0) in found(folder, {"b/1.md": "Text."})


def test_what_an_import_refuses_is_an_error_and_comes_first(folder: Make) -> None:
    checked = check(folder({**GOOD, "a/0.md": "---\ncolour: red\n---\n", "a/2.quiz.md": "## Q\nWell?\n\n- [ ] a\n- [ ] b"}))
    assert (checked.ok, checked.model) == (False, {})
    assert [(problem.severity, problem.file, problem.line, problem.code) for problem in checked.problems] == [
        ("error", "a/2.quiz.md", 4, "refused"),
        ("warning", "a/0.md", 2, "odd"),
    ]


def test_a_workbench_lesson(folder: Make) -> None:
    episode = (
        "---\ntitle: One\n---\n::: objectives\n- Know\n:::\n\nText, see [the next](two.html) and [its files](../learners/).\n"
        "![](fig/a.png){alt='a b'}\n\n::: challenge\n:::\n"
    )
    checked = check(
        folder(
            {
                "config.yaml": "title: T\nlicense: CC-BY\n",
                "episodes/one.md": episode,
                "episodes/two.md": "::: objectives\n- k\n:::\nT [x](fig/none.png)",
                "episodes/fig/a.png": "",
                "learners/x.txt": "",
            }
        )
    )
    assert [(problem.code, problem.file, problem.line) for problem in checked.problems] == [
        ("no-text", "episodes/one.md", 11),
        ("broken-link", "episodes/two.md", 4),
    ]


def test_every_code_is_on_the_authors_page() -> None:
    page = (ROOT / "docs" / "author.md").read_text()
    rules = (ROOT / "lms_tui" / "formats" / "rules.py").read_text()
    codes = {line.split('_odd("')[1].split('"')[0] for line in rules.splitlines() if '_odd("' in line}
    assert codes
    assert [code for code in codes | {"odd", "refused"} if f"`{code}`" not in page] == []


@pytest.mark.shared
def test_a_real_workbench_lesson_has_nothing_that_a_teacher_would_laugh_at(shared_courses: Path) -> None:
    checked = check(shared_courses / "carpentries-shell-novice")
    assert [(problem.code, problem.file) for problem in checked.problems] == [("odd", "config.yaml")]


@pytest.mark.parametrize("course", sorted(path.name for path in (ROOT / "lms_tui" / "courses").iterdir() if path.is_dir()))
def test_what_ships_has_no_problem(course: str) -> None:
    assert check(ROOT / "lms_tui" / "courses" / course).problems == ()


def test_the_import_tells_of_what_is_missing_and_leaves_teaching_to_the_check(folder: Make) -> None:
    files: dict[str, str | bytes] = {
        **GOOD,
        "a/1.md": "![](gone.png)\n[x](gone.md)\n",
        "a/4.md": "---\ntype: video\nvideo: gone.mp4\n---\n",
    }
    told = [(warning.file, warning.line, warning.message) for warning in read(folder(files)).warnings]
    assert [(file, line) for file, line, _ in told] == [("a/1.md", 1), ("a/1.md", 2), ("a/4.md", 1)]
    assert all("not in the course's folder" in message for _, _, message in told)
    assert read(folder(dict(GOOD))).warnings == ()
