"""The course that ships keeps its word: it imports without a warning, uses every block, and names keys that exist."""

import re
from pathlib import Path

import pytest

from lms_tui import commands, formats
from lms_tui.formats.imported import Imported
from lms_tui.model.course import Difficulty, SectionType
from lms_tui.model.question import Kind
from lms_tui.widgets.reader import Reader


@pytest.fixture(scope="module")
def tour(shipped_courses: Path) -> Imported:
    """The tour, read by the importer."""
    return formats.read(shipped_courses / "tour")


def pages(tour: Imported) -> dict[str, str]:
    return {section.slug: section.body for lesson in tour.course.lessons for section in lesson.sections}


def test_it_imports_without_a_warning(tour: Imported) -> None:
    assert tour.warnings == ()


def test_it_is_what_the_home_screen_says(tour: Imported) -> None:
    course = tour.course
    assert (course.slug, course.title, course.difficulty) == ("tour", "A Tour of lms-tui", Difficulty.BEGINNER)
    assert course.license == "CC0-1.0"
    assert sum(lesson.minutes or 0 for lesson in course.lessons) == 5
    assert len(course.lessons) == 3


def test_it_has_every_kind_of_section_that_a_learner_of_one_machine_meets(tour: Imported) -> None:
    kinds = {section.type for lesson in tour.course.lessons for section in lesson.sections}
    assert kinds == {SectionType.TEXT, SectionType.ACTIVITY, SectionType.QUIZ}


def test_every_question_has_a_hint_and_says_why(tour: Imported) -> None:
    asked = [
        (question, section.keys[question.key])
        for lesson in tour.course.lessons
        for section in lesson.sections
        for question in section.questions
    ]
    assert {question.kind for question, _ in asked} == {Kind.SINGLE, Kind.MULTIPLE, Kind.NUMERIC, Kind.TEXT}
    for question, key in asked:
        assert question.hints, question.key
        assert all(key.feedback) if question.options else all(answer.feedback for answer in key.answers), question.key


def test_it_shows_every_block_once_or_more(tour: Imported) -> None:
    text = "\n".join(pages(tour).values())
    for pattern in (
        r"^\| .* \|$", r"^```python$", r"^::: callout", r"^::: hint", r"^::: solution", r"^::: question",
        r"^1\. ", r"^   - ", r"[^!]\[[^\]]+\]\(https://", r"!\[[^\]]{40,}\]\(",
    ):  # fmt: skip
        assert re.search(pattern, text, re.MULTILINE), pattern


def test_the_keys_that_it_names_are_keys_of_the_app(tour: Imported) -> None:
    every = (*commands.EVERYWHERE, *commands.HOME, *commands.OUTLINE, *commands.READING, *commands.PRACTICE, *commands.STUDY)
    keys = {key for command in every for key in command.all_keys.split()} | {"h", "p"}
    reader = {key for binding in Reader.BINDINGS for key in str(binding[0] if isinstance(binding, tuple) else binding.key).split(",")}
    text = "\n".join(pages(tour).values())
    named = set(re.findall(r"`([^\s`]|F[0-9]+|Ctrl\+\w|Esc|Enter|Tab|Space)`", text))
    assert {"]", "[", ".", "?", "/", "o", "q", "g", "Ctrl+P", "Esc", "Enter", "Tab", "Space", "j", "k", "b", "n"} <= named
    assert {name for name in named if name not in keys and name.lower() not in keys | reader} == set()


def test_pictures_that_it_names_are_there(shipped_courses: Path) -> None:
    for page in shipped_courses.rglob("*.md"):
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), (page, target)
