"""Lessons of The Carpentries Workbench."""

import json
import time
from pathlib import Path

import pytest

from lms_tui import formats
from lms_tui.formats.imported import Imported
from lms_tui.model.course import Course, SectionType
from lms_tui.model.errors import BadInput
from lms_tui.model.fences import parse
from lms_tui.model.identity import with_ids
from tests.formats.conftest import Make

CONFIG = (
    "title: 'A Lesson'\nlicense: 'CC-BY 4.0'\nkeywords: 'one, two'\nlang: es\nsource: 'https://example.org/x'\nepisodes:\n- b.md\n- a.md\n"
)
EPISODE = """---
title: Episode
teaching: 5
exercises: 2
---

::: objectives
- Say `one`
  and go on.
- Say two.
:::

Intro with a [link][home].

:::: challenge {.easy}
## First `try`

Do.

::: hint
A hint.
:::

::: instructor
Secret.
:::

::: solution
Done, see [Home].
:::
::::

<!-- nothing but a comment -->

::: challenge
No heading.
:::

Text after.

::: instructor
Secret.
:::

::: callout
### In a box
![](fig/x.svg){alt='A "tree" [of] files' width="50%"}
:::

## Late heading

::: challenge
## First try
:::

::: keypoints
- Key.
:::

[home]: https://example.org
"""


def the_course(imported: Imported) -> Course:
    assert imported.course.lessons
    return imported.course


@pytest.mark.shared
def test_shell_novice_gives_its_counts(shared_courses: Path) -> None:
    before = time.process_time()
    imported = formats.read(shared_courses / "carpentries-shell-novice")
    assert time.process_time() - before < 1
    expected = json.loads((shared_courses / "carpentries-shell-novice" / "expected.json").read_text())
    assert imported.model == {key: value for key, value in expected["model"].items() if key != "rule"}
    for lesson, episode in zip(imported.course.lessons, expected["per_episode"], strict=True):
        bodies = [section.body for section in lesson.sections]
        assert lesson.title == episode["title"]
        assert lesson.minutes == episode["teaching"] + episode["exercises"]
        assert sum(section.type is SectionType.ACTIVITY for section in lesson.sections) == episode["challenges"]
        assert sum(body.count(" solution\n") for body in bodies) == episode["solutions"]
        assert sum(body.count(" callout\n") for body in bodies) == episode["callouts"]
        assert sum(body.count("](fig/") for body in bodies) == episode["images"]
        assert lesson.objectives
        assert lesson.questions
        assert lesson.keypoints


@pytest.mark.shared
def test_shell_novice_is_whole_and_well_named(shared_courses: Path) -> None:
    course = formats.read(shared_courses / "carpentries-shell-novice").course
    assert (course.slug, course.title, course.license, course.source) == (
        "the-unix-shell", "The Unix Shell", "CC-BY 4.0", "https://github.com/swcarpentry/shell-novice",
    )  # fmt: skip
    sections = [section for lesson in course.lessons for section in lesson.sections]
    assert all(parse(section.body).warnings == () for section in sections)
    assert not any("instructor" in section.body.partition("\n")[0] or "{alt=" in section.body for section in sections)
    pipes = course.lessons[3]
    assert [section.slug for section in pipes.sections[:3]] == [
        "capturing-output-from-commands",
        "what-does-sort-n-do",
        "after-what-does-sort-n-do",
    ]
    assert [section.title for section in pipes.sections[1:3]] == ["What Does sort -n Do?", "Filtering output (2)"]
    filedir = course.lessons[1]
    for section in filedir.sections:
        text, _, definition = section.body.partition("\n[Arguments]: https")
        assert bool(definition) is ("[Arguments]" in text)
    assert with_ids(course, with_ids(course, None)) == with_ids(course, None)


def test_an_episode(folder: Make) -> None:
    imported = formats.read(
        folder(
            {
                "config.yaml": CONFIG,
                "episodes/a.md": EPISODE,
                "episodes/b.md": "# B\n\nx",
                "index.md": "---\nsite: x\n---\n\nHello *you*. More.",
            }
        )
    )
    course = imported.course
    assert (course.title, course.language, course.tags, course.summary, course.body) == (
        "A Lesson",
        "es",
        ("one", "two"),
        "Hello you. More.",
        "Hello *you*. More.",
    )
    b, a = course.lessons
    assert (b.title, b.minutes, [section.title for section in b.sections]) == ("B", None, ["B"])
    assert (a.title, a.minutes, a.objectives, a.keypoints) == ("Episode", 7, ("Say `one` and go on.", "Say two."), ("Key.",))
    assert [(section.slug, section.title, section.type) for section in a.sections] == [
        ("introduction", "Episode", SectionType.TEXT),
        ("first-try", "First try", SectionType.ACTIVITY),
        ("challenge", "Challenge", SectionType.ACTIVITY),
        ("late-heading", "Late heading", SectionType.TEXT),
        ("first-try-2", "First try", SectionType.ACTIVITY),
    ]
    intro, first, second, text, _ = (section.body for section in a.sections)
    assert intro == "Intro with a [link][home].\n\n[home]: https://example.org"
    assert first.startswith("Do.\n\n::: hint\nA hint.\n:::")
    assert first.endswith("::: solution\nDone, see [Home].\n:::\n\n[home]: https://example.org")
    assert second == "No heading."
    assert '![A "tree" \\[of\\] files](fig/x.svg)\n' in text
    assert "Secret" not in repr(course)
    assert imported.warnings == ()


def test_episodes_without_an_order_stand_by_name(folder: Make) -> None:
    files: dict[str, str | bytes] = {
        "config.yaml": "title: x\nepisodes:\n",
        "episodes/02-b.md": "b",
        "episodes/01-a.Rmd": "```{r chunk, eval=FALSE}\nx <- 1\n```",
    }
    course = formats.read(folder(files)).course
    assert [(lesson.slug, lesson.title) for lesson in course.lessons] == [("a", "A"), ("b", "B")]
    assert course.lessons[0].sections[0].body == "```r\nx <- 1\n```"


def test_what_is_missing_or_outside_is_told(folder: Make) -> None:
    config = "title: x\nepisodes: [a.md, missing.md, ../../secret.md, /etc/passwd]\n"
    root = folder({"config.yaml": config, "episodes/a.md": "::: challenge\nnever closed", "learners/setup.md": "s"})
    (root.parent / "secret.md").write_text("secret")
    imported = formats.read(root)
    assert [warning.file for warning in imported.warnings] == ["config.yaml"] * 3 + ["episodes/a.md", "config.yaml"]
    assert imported.course.lessons[0].sections[0].body == "never closed"
    with pytest.raises(BadInput, match="no episode"):
        formats.read(folder({"config.yaml": "title: x\nepisodes: [other.md]\n"}))


def test_the_older_style_is_named(folder: Make) -> None:
    with pytest.raises(BadInput, match="older Carpentries style"):
        formats.read(folder({"_config.yml": "", "_episodes/01-x.md": "x"}))
