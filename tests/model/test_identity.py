"""Ids that outlive an edit."""

from collections.abc import Iterator
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.model.course import Course, Lesson, Section
from lms_tui.model.identity import content_hash, course_hash, slug, with_hashes, with_ids
from lms_tui.model.question import Answer, AnswerKey, Kind, Question


def section(name: str, body: str = "", *keys: str) -> Section:
    questions = tuple(Question(key=key, kind=Kind.TEXT, prompt=key) for key in keys)
    return Section(slug=name, title=body or name, body=body or name, questions=questions)


def course(**lessons: list[Section]) -> Course:
    return Course(slug="c", title="C", lessons=tuple(Lesson(slug=name, title=name, sections=tuple(of)) for name, of in lessons.items()))


def stored(new: Course) -> Course:
    """The course as a database keeps it: every node has an id."""
    number = count(1)

    def made(node: str) -> str:
        return f"{node}-{next(number)}"

    return replace(
        with_hashes(new),
        id="course",
        lessons=tuple(
            replace(
                lesson,
                id=made("lesson"),
                sections=tuple(
                    replace(at, id=made("section"), questions=tuple(replace(question, id=made("question")) for question in at.questions))
                    for at in lesson.sections
                ),
            )
            for lesson in with_hashes(new).lessons
        ),
    )


def ids(of: Course) -> Iterator[str]:
    for lesson in of.lessons:
        found = [lesson.id, *(at.id for at in lesson.sections), *(asked.id for at in lesson.sections for asked in at.questions)]
        yield from filter(None, found)


def sections(of: Course) -> dict[str, str | None]:
    return {f"{lesson.slug}/{at.slug}": at.id for lesson in of.lessons for at in lesson.sections}


def test_slugs() -> None:
    assert slug("What Does `sort -n` Do?") == "what-does-sort-n-do"
    assert slug("Überraschung: Straße & Café") == "uberraschung-strasse-cafe"
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("命令行") == slug("命令行") != slug("文件")
    assert len(slug("a" * 500)) == 80
    assert slug("") == slug("")


@given(st.text(max_size=200))
def test_a_slug_is_safe_and_stays(text: str) -> None:
    name = slug(text)
    assert 0 < len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(name) == name


def test_what_is_new_has_no_id() -> None:
    new = with_ids(course(a=[section("x", "X", "q")]), None)
    assert (new.id, list(ids(new))) == (None, [])
    assert new.content_hash
    assert all(at.content_hash for lesson in new.lessons for at in lesson.sections)


def test_an_edit_keeps_the_ids_of_the_rest() -> None:
    known = stored(course(a=[section("x", "X", "q"), section("y", "Y")]))
    edited = with_ids(course(a=[section("x", "changed", "q", "new"), section("y", "Y"), section("z", "Z")]), known)
    assert edited.id == "course"
    assert sections(edited) == {"a/x": "section-2", "a/y": "section-4", "a/z": None}
    assert [question.id for question in edited.lessons[0].sections[0].questions] == ["question-3", None]


def test_what_is_renamed_or_moved_is_found_by_its_content() -> None:
    known = stored(course(a=[section("x", "X", "q"), section("y", "Y")], b=[section("z", "Z")]))
    moved = with_ids(course(a=[section("y", "Y")], b=[section("z", "Z"), section("renamed", "X", "q")]), known)
    assert sections(moved) == {"a/y": "section-4", "b/z": "section-6", "b/renamed": "section-2"}
    assert "question-3" in ids(moved)


def test_a_renamed_lesson_is_found_by_its_sections() -> None:
    known = stored(course(a=[section("x"), section("y")], b=[section("z")]))
    renamed = with_ids(course(new=[section("x"), section("y")], b=[section("z")]), known)
    assert [lesson.id for lesson in renamed.lessons] == ["lesson-1", "lesson-4"]


def test_a_duplicate_put_first_does_not_take_the_id_of_the_second() -> None:
    known = stored(course(a=[section("exercise", "X")]))
    edited = with_ids(course(a=[section("exercise", "new"), section("exercise-2", "X")]), known)
    assert sections(edited) == {"a/exercise": None, "a/exercise-2": "section-2"}


def test_hashes_tell_changes_and_no_answers() -> None:
    plain = section("x", "X", "q")
    keyed = replace(plain, keys={"q": AnswerKey(answers=(Answer(text="secret"),))}, id="i", slug="other")
    assert content_hash(plain) == content_hash(keyed) != content_hash(section("x", "Y", "q"))
    assert content_hash(section("x", "e\u0301")) == content_hash(section("x", "é"))
    one = course(a=[section("x"), section("y")])
    assert course_hash(one) == course_hash(stored(one)) != course_hash(course(a=[section("y"), section("x")]))


NAMES = st.sampled_from("abcd")
SECTIONS = st.lists(
    st.tuples(NAMES, st.sampled_from("XYZ"), st.lists(NAMES, unique=True, max_size=2)), unique_by=lambda at: at[0], max_size=4
)
COURSES = st.dictionaries(NAMES, SECTIONS.map(lambda of: [section(name, body, *keys) for name, body, keys in of]), max_size=4).map(
    lambda lessons: course(**lessons)
)


@given(COURSES)
def test_an_unchanged_course_keeps_all(new: Course) -> None:
    known = stored(new)
    assert with_ids(new, known) == known
    assert with_ids(known, known) == known


@given(COURSES, COURSES)
def test_no_id_is_given_twice_and_none_is_made_up(before: Course, after: Course) -> None:
    known = stored(before)
    given_ids = list(ids(with_ids(after, known)))
    assert len(set(given_ids)) == len(given_ids)
    assert set(given_ids) <= set(ids(known))
