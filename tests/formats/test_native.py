"""Native folders."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest

from lms_tui import formats
from lms_tui.formats.imported import Imported
from lms_tui.model.course import Course, Difficulty, Section, SectionType
from lms_tui.model.errors import BadInput
from lms_tui.model.identity import with_ids
from lms_tui.model.question import Kind
from tests.formats.conftest import Make


def the_section(imported: Imported, slug: str) -> Section:
    [found] = [section for lesson in imported.course.lessons for section in lesson.sections if section.slug == slug]
    return found


def slugs(course: Course) -> dict[str, list[str]]:
    return {lesson.slug: [section.slug for section in lesson.sections] for lesson in course.lessons}


def told(imported: Imported) -> list[tuple[str, int]]:
    return [(warning.file, warning.line) for warning in imported.warnings]


@pytest.mark.shared
def test_the_sample_gives_its_counts(shared_courses: Path) -> None:
    imported = formats.read(shared_courses / "native-sample")
    expected = json.loads((shared_courses / "native-sample" / "expected.json").read_text())["model"]
    del expected["rule"]
    assert imported.model == expected
    assert imported.warnings == ()
    course = imported.course
    assert (course.slug, course.title, course.version, course.license, course.pass_mark) == (
        "shell-mini",
        "The Shell in an Hour",
        "1.0.0",
        "CC0-1.0",
        70,
    )
    assert course.body == "Welcome text shown on the course page. Anything below the front matter is Markdown."
    assert slugs(course) == {"basics": ["where-am-i", "tour", "basics-check"], "pipes": ["pipes-text", "pipes-try", "final"]}
    assert (course.lessons[0].objectives, course.lessons[1].requires, course.lessons[1].minutes) == (
        ("Say where you are", "List files"),
        ("basics",),
        30,
    )
    tour, final = the_section(imported, "tour"), the_section(imported, "final")
    assert tour.video
    assert (tour.video.url, tour.video.seconds) == ("https://example.org/tour.mp4", 125)
    assert tour.video.transcript == "Welcome. We start in the home directory. The command pwd prints where we are."
    assert (final.rules.attempts, final.rules.pass_mark, final.rules.time_limit_seconds) == (1, 60, 1200)
    assert the_section(imported, "where-am-i").body.endswith("::: question {#q-inline}\n:::")
    assert with_ids(course, with_ids(course, None)) == with_ids(course, None)


def test_a_bare_folder_is_a_course(folder: Make) -> None:
    root = folder(
        {
            "2-second.md": "No heading.",
            "1-first.md": "# The first\n\nText.",
            "more/10-b.md": "b",
            "more/9-a.md": "a",
            "README.md": "read me",
        }
    )
    course = formats.read(root).course
    assert (course.slug, course.title) == ("a-course", "A course")
    assert slugs(course) == {"a-course": ["first", "second"], "more": ["a", "b"]}
    first, second = course.lessons[0].sections
    assert (first.title, first.body, second.title, second.body) == ("The first", "Text.", "Second", "No heading.")


def test_front_matter_of_a_course(folder: Make) -> None:
    root = folder(
        {
            "course.md": "---\nid: The Id\nauthors: A, B\ndifficulty: expert\ncategory: Tools\npass_mark: 60%\ntitel: x\n---\n# T\n\nbody",
            "a.md": "a",
        }
    )
    imported = formats.read(root)
    course = imported.course
    assert (course.slug, course.title, course.body, course.source) == ("the-id", "T", "body", "native:the-id")
    assert (course.authors, course.difficulty, course.category, course.pass_mark) == (("A, B",), Difficulty.EXPERT, "Tools", 60)
    assert told(imported) == [("course.md", 7)]


def test_renumbering_keeps_names_and_duplicates_get_a_suffix(folder: Make) -> None:
    before = formats.read(folder({"01-a/01-x.md": "x", "01-a/02-y.md": "y"})).course
    imported = formats.read(folder({"01-a/01-x.md": "x", "01-a/02-y.md": "y", "01-a/03-x.md": "again", "1-a/z.md": "z"}))
    assert slugs(before) == {"a": ["x", "y"]}
    assert slugs(imported.course) == {"a": ["x", "y", "x-2"], "a-2": ["z"]}
    assert told(imported) == [("01-a/03-x.md", 1), ("1-a/lesson.md", 1)]


def test_a_summary_gives_the_order(folder: Make) -> None:
    files: dict[str, str | bytes] = {
        "course.md": "",
        "a/1.md": "1",
        "a/2.md": "2",
        "b/3.md": "3",
        "SUMMARY.md": "- [B](b/3.md)\n- [2](./a/2.md)\n- [?](x.md)\n",
    }
    imported = formats.read(folder(files))
    assert slugs(imported.course) == {"b": ["3"], "a": ["2", "1"]}
    assert told(imported) == [("SUMMARY.md", 0)]


def test_questions_in_a_text(folder: Make) -> None:
    text = (
        "Before.\n\n:::: callout\n::: question {#inner points=2}\n### Well?\n\nWhich?\n\n- [x] a\n- [ ] b\n:::\nin the box\n::::\n"
        "```\n::: question\n```\n::: question\nQ [[gap]]\n:::\nAfter."
    )
    section = the_section(formats.read(folder({"a.md": text})), "a")
    assert section.body == (
        "Before.\n\n:::: callout\n::: question {#inner}\n:::\nin the box\n::::\n"
        "```\n::: question\n```\n::: question {#question-2}\n:::\nAfter."
    )
    assert [(question.key, question.title, question.prompt) for question in section.questions] == [
        ("inner", "Well?", "Which?"),
        ("question-2", "", "Q [[1]]"),
    ]
    assert section.keys.keys() == {"inner", "question-2"}


def test_a_quiz(folder: Make) -> None:
    text = "---\nshuffle: true\n---\n# Quiz\n\nIntro.\n\n## Same\nQ\n- = a\n\n```\n## not one\n```\n\nSame\n---\nQ\n- = b\n"
    imported = formats.read(
        folder({"one.quiz.md": text, "two.md": "---\ntype: assessment\nrequired: no\n---\n## Q {#k shuffle=false}\n- [x] a\n- [ ] b\n"})
    )
    one, two = the_section(imported, "one"), the_section(imported, "two")
    assert (one.type, one.title, one.body) == (SectionType.QUIZ, "Quiz", "Intro.")
    assert [(question.key, question.title, question.shuffle) for question in one.questions] == [
        ("same", "Same", True),
        ("same-2", "Same", True),
    ]
    assert one.keys["same"].explanation == "```\n## not one\n```"
    assert (two.type, two.required, two.questions[0].key, two.questions[0].kind) == (SectionType.ASSESSMENT, False, "k", Kind.SINGLE)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"x.quiz.md": "---\nid: x\n---\n\n## A {#k}\nQ\n- = a\n\n## B {#k}\nQ\n- = b"}, "x.quiz.md:9: the id 'k' stands twice"),
        ({"x.md": "a\n\n::: question {#k}\nQ\n\n- [ ] a\n- [ ] b\n:::"}, "x.md:6: no option"),
        ({"x.md": "a\n::: question {#k}\nQ\n- = a"}, "x.md:2: a question box is never closed"),
        ({"x.md": "::: question {#../k}\nQ\n- = a\n:::"}, "x.md:1: the id"),
        ({"x.md": "---\ntype: riddle\n---\n"}, "x.md:2: type is one of"),
        ({"x.quiz.md": "---\npass_mark: 140%\n---\n"}, "x.quiz.md:2: pass_mark"),
        ({"x.quiz.md": "---\nattempts: -1\n---\n"}, "x.quiz.md:2: attempts"),
        ({"x.quiz.md": "---\ntime_limit: 20\n---\n"}, "x.quiz.md:2: time_limit"),
        ({"course.md": "---\nformat: 2\n---\n", "x.md": ""}, "course.md:2: format 2"),
        ({"course.md": "# Alone"}, "no Markdown file"),
    ],
)
def test_bad_input_is_refused_whole_with_file_and_line(folder: Make, files: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        formats.read(folder(files))
    assert says in refused.value.message


def test_what_is_odd_is_told(folder: Make) -> None:
    imported = formats.read(
        folder(
            {
                "a/lesson.md": "---\nrequires: [nowhere]\nminutes: soon\n---\n",
                "a/1.md": "x\n:::\n::: note",
                "a/2.quiz.md": "no question",
                "a/3.md": "---\ntype: video\nvideo: javascript:alert(1)\nduration: long\ntranscript: ../../../etc/passwd.txt\n---\n",
                "a/4.md": "---\ntitle: [\n---\n# Heading\ntext",
            }
        )
    )
    lines = {"1.md": [2, 3], "2.quiz.md": [1], "3.md": [3, 4, 5], "4.md": [2], "lesson.md": [1, 3]}
    assert sorted(told(imported)) == [(f"a/{file}", line) for file, at in lines.items() for line in at]
    assert the_section(imported, "4").title == "Heading"
    video = the_section(imported, "3").video
    assert video
    assert (video.url, video.transcript) == ("", "")


def test_control_bytes_do_not_arrive(folder: Make) -> None:
    nasty = "\x1b[31m\x1b]0;t\x07\x00\x9b2J\u202e"
    course = formats.read(
        folder({"course.md": f'---\ntitle: "a{nasty}\\x1b[31m\\u202e"\n---\n', "x.md": f"---\ntitle: t{nasty}\n---\nb{nasty}ody"})
    ).course
    text = repr(course)
    assert not any(escape in text for escape in ("\\x1b", "\\x00", "\\x07", "\\x9b", "\\u202e"))
    assert course.lessons[0].sections[0].body == "body"


@pytest.mark.parametrize(
    "body",
    [
        "x" * 1_000_000,
        "`" * 200_000 + "a",
        "[[" * 300_000,
        "- " * 100_000,
        "> " * 100_000,
        "::: note\n" * 50_000,
        "a `b` [[`c`]] " * 30_000,
        "![](x){alt='" * 50_000,
        "[a]: x\n" * 50_000,
        "#" * 500_000,
        "&" * 500_000 + "<" * 500_000,
    ],
)
def test_no_page_is_slow(folder: Make, body: str) -> None:
    root = folder({"x.md": body, "y.md": f"::: question\n{body}\n:::" if ":::" not in body else "y", "z.quiz.md": f"## {body}\n\nQ\n- = a"})
    before = time.process_time()
    with suppress(BadInput):  # for a page like this, either is right
        formats.read(root)
    assert time.process_time() - before < 10


def test_a_page_of_30_kb_is_read_at_once(folder: Make) -> None:
    page = "".join(
        f"## Part {number}\n\nSome `code` and *words*, [a link](x.md).\n\n- one\n- two\n\n```sh\nls\n```\n\n" for number in range(400)
    )
    root = folder({"x.md": page})
    before = time.process_time()
    formats.read(root)
    assert len(page) > 30_000
    assert time.process_time() - before < 0.3


def test_formats_are_told_apart(folder: Make, tmp_path: Path) -> None:
    root = folder({"a.md": "a"})
    assert len(formats.read(root).course.lessons) == 1
    with pytest.raises(BadInput, match="mdBook"):
        formats.read(folder({"book.toml": ""}))
    (tmp_path / "empty").mkdir()
    for wrong in (tmp_path / "empty", tmp_path / "missing", root / "a.md"):
        with pytest.raises(BadInput) as refused:
            formats.read(wrong)
        assert "\x1b" not in refused.value.message
    with pytest.raises(BadInput) as refused:
        formats.read(root, "scorm")
    assert "native" in refused.value.hint
