"""A page as linear text."""

from pathlib import Path

from lms_tui.views.document import Document
from lms_tui.views.plain import plain_lines


def written(source: str, width: int = 40) -> str:
    return "\n".join(plain_lines(Document(source), width))


def test_everything_is_said_in_words() -> None:
    source = (
        "## Head\n\nSee [the page](/p), <https://x.org>, ![A tree](t.png) and <kbd>Ctrl</kbd>.\n\n"
        "- [x] done\n- a long item that has to be wrapped at the width\n  1. inner\n\n"
        "| Name | Use |\n|---|---|\n| `ls` | lists |\n\n```sh\n$ ls   -l\n```\n\n> said\n\n"
        "::: hint\nLook.\n:::\n\n::: question {#q1}\n?\n:::"
    )
    assert written(source) == (
        "## Head\n\nSee the page (/p), https://x.org,\n[Image: A tree] and [Ctrl].\n\n"
        "- [x] done\n- a long item that has to be wrapped at\n  the width\n  1. inner\n\n"
        "Row 1 of 1\n  Name: `ls`\n  Use: lists\n\n[sh]\n    $ ls   -l\n\n> said\n\n[Hint]\n  Look.\n[End of hint]\n\n[Question (q1)]"
    )


def test_lines_keep_to_the_width_but_for_code_and_long_words(shared_courses: Path) -> None:
    page = (shared_courses / "carpentries-shell-novice" / "episodes" / "02-filedir.md").read_text(encoding="utf-8")
    lines = list(plain_lines(Document(page), 60))
    assert [line for line in lines if len(line) > 60 and " " in line.strip() and "    " not in line[:10]] == []
    assert any("[Image: The file system is made up of a root directory" in line for line in lines)
    assert "[Callout: Home Directory Variation]" in lines


def test_an_empty_page_has_no_lines() -> None:
    assert written("") == ""
    assert written("<!-- nothing -->") == ""
