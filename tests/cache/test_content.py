"""Courses in the cache: found by refs, listed, switched from one version to another."""

import pytest
from msgspec.structs import replace

from lms_tui.cache.failures import Damaged
from lms_tui.cache.shelf import Found
from lms_tui.cache.shelving import catalog_course
from lms_tui.cache.store import Cache
from lms_tui.model.catalog import Filters, Sort
from lms_tui.model.course import Course, Lesson
from lms_tui.model.errors import BadInput, NotFound
from lms_tui.model.question import Question
from lms_tui.model.wire import CatalogCourse
from tests.cache.sample import TIDES_S1, HeldClock, enrolled, ident, make_course


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("tides", Found(course=ident("tides"))),
        ("tides/l2", Found(course=ident("tides"), lesson=ident("tides/2"))),
        ("tides/l2/quiz", Found(course=ident("tides"), lesson=ident("tides/2"), section=ident("tides/2/quiz"))),
        (ident("tides"), Found(course=ident("tides"))),
        (ident("tides/2").upper(), Found(course=ident("tides"), lesson=ident("tides/2"))),
        (ident("tides/2/s1"), Found(course=ident("tides"), lesson=ident("tides/2"), section=ident("tides/2/s1"))),
    ],
)
def test_refs(with_course: Cache, ref: str, found: Found) -> None:
    assert with_course.content.find(ref) == found


@pytest.mark.parametrize("ref", ["", "nothing", "tides/l9", "tides/l1/none", "tides/l1/s1/more", ident("nobody"), "' OR 1=1 --"])
def test_refs_that_name_nothing(with_course: Cache, ref: str) -> None:
    with pytest.raises(NotFound):
        with_course.content.find(ref)


def test_a_course_comes_back_as_it_was_without_its_keys(with_course: Cache) -> None:
    course, keys = make_course()
    outline = with_course.content.outline(ident("tides"))

    assert outline.course == replace(course, lessons=())
    assert [lesson.ref for lesson in outline.lessons] == ["tides/l1", "tides/l2"]
    assert [section.ref for lesson in outline.lessons for section in lesson.sections][2:4] == ["tides/l1/quiz", "tides/l2/s1"]
    assert outline.listed.course.minutes == 20
    opened = with_course.content.section(ident("tides/1/quiz"))
    assert opened.section == course.lessons[0].sections[2]
    assert (opened.number, opened.count, opened.previous, opened.next) == (3, 6, "tides/l1/s2", "tides/l2/s1")
    assert with_course.content.key(ident("tides/1/q1")) == keys[ident("tides/1/q1")]
    assert with_course.content.question(ident("tides/1/q1")) == (ident("tides/1/quiz"), course.lessons[0].sections[2].questions[0])


def test_a_downloaded_course_is_there_whole(with_course: Cache) -> None:
    course, keys = make_course()
    lessons = tuple(
        replace(
            lesson,
            sections=tuple(
                replace(section, keys={question.key: keys[str(question.id)] for question in section.questions})
                for section in lesson.sections
            ),
        )
        for lesson in course.lessons
    )

    assert with_course.content.whole(ident("tides")) == replace(course, lessons=lessons)
    assert [(one.id, one.content_version) for one in with_course.content.downloaded()] == [(ident("tides"), 1)]
    with_course.content.remove(ident("tides"))
    assert with_course.content.downloaded() == ()
    with pytest.raises(NotFound):
        with_course.content.whole(ident("tides"))


def test_the_ends_of_a_course_have_one_neighbour(with_course: Cache) -> None:
    first, last = with_course.content.section(TIDES_S1), with_course.content.section(ident("tides/2/quiz"))

    assert (first.previous, first.next) == (None, "tides/l1/s2")
    assert (last.previous, last.next) == ("tides/l2/s2", None)


def test_a_new_version_replaces_the_old_one_whole(with_course: Cache) -> None:
    course, keys = make_course(lessons=1)
    with_course.content.put(course, content_version=2, keys=keys)

    assert with_course.content.version(ident("tides")) == 2
    assert len(with_course.content.outline(ident("tides")).lessons) == 1
    with pytest.raises(NotFound):
        with_course.content.section(ident("tides/2/s1"))
    assert set(with_course.content.keys(ident("tides"))) == {ident("tides/1/q1"), ident("tides/1/q2")}


def test_a_question_that_was_read_before_and_moved_is_where_it_is_now(with_course: Cache) -> None:
    course, keys = make_course()
    first, second, quiz = course.lessons[0].sections
    [question, *_] = quiz.questions
    hiding = replace(quiz, questions=(), hidden_questions=len(quiz.questions))
    sections = (first, replace(second, questions=(question,)), hiding)
    lessons = (replace(course.lessons[0], sections=sections), *course.lessons[1:])
    with_course.content.put(replace(course, lessons=lessons), content_version=2, keys=keys)
    assert with_course.content.section(str(second.id)).section.questions == (question,)
    assert with_course.content.section(str(quiz.id)).section.questions == quiz.questions[1:]


def test_a_version_that_cannot_be_kept_leaves_the_old_one(with_course: Cache) -> None:
    course, _ = make_course()
    broken = Course(slug="tides", title="Tides", id=ident("tides"), lessons=(*course.lessons, Lesson(slug="x", title="No id")))

    with pytest.raises(BadInput, match="No id"):
        with_course.content.put(broken, content_version=2)
    assert with_course.content.version(ident("tides")) == 1
    assert len(with_course.content.outline(ident("tides")).lessons) == 2


def test_removed_content_stays_in_lists_and_leaves_work_alone(with_course: Cache) -> None:
    with_course.outbox.record([enrolled(with_course)])
    with_course.content.remove(ident("tides"))

    assert with_course.content.version(ident("tides")) == 0
    assert [item.downloaded for item in with_course.content.courses().items] == [False]
    assert with_course.outbox.counts().pending == 1
    with pytest.raises(NotFound, match="not downloaded"):
        with_course.content.outline(ident("tides"))


def listed(name: str, **parts: object) -> CatalogCourse:
    return replace(CatalogCourse(id=ident(name), slug=name, title=name.title(), content_version=3), **parts)


def test_pages_walk_all_courses_by_title(cache: Cache) -> None:
    names = ["delta", "Alpha", "charlie", "bravo", "Echo"]
    cache.content.put_page("all", [listed(name) for name in names], None)
    seen, after = [], None
    while True:
        page = cache.content.courses(Filters(sort=Sort.TITLE, limit=2, after=after))
        seen += [item.course.slug for item in page.items]
        after = page.next
        if after is None:
            break

    assert seen == ["Alpha", "bravo", "charlie", "delta", "Echo"]


@pytest.mark.parametrize("after", ["x", "bm90IGpzb24=", "WzFd", "é"])
def test_a_cursor_of_nothing_is_refused(cache: Cache, after: str) -> None:
    with pytest.raises(BadInput):
        cache.content.courses(Filters(after=after))


def test_lists_are_filtered(cache: Cache) -> None:
    cache.content.put_page(
        "all",
        [
            listed("a", difficulty="BEGINNER", tags=("sea", "moon")),
            listed("b", difficulty="BEGINNER", category="nature", tags=("sea",)),
            listed("c", category="nature"),
        ],
        None,
    )
    cache.outbox.record([enrolled(cache, ident("c"))])

    def slugs(**filters: object) -> list[str]:
        return [item.course.slug for item in cache.content.courses(Filters(sort=Sort.TITLE, **filters)).items]  # type: ignore[arg-type]  # one value a test

    assert slugs(difficulty="BEGINNER") == ["a", "b"]
    assert slugs(category="nature") == ["b", "c"]
    assert slugs(tag="sea") == ["a", "b"]
    assert slugs(tag="se") == []
    assert slugs(tag="sea", category="nature") == ["b"]
    assert slugs(mine=True) == ["c"]


def test_a_page_of_the_database_is_kept_as_it_was_and_without_anybodys_progress(cache: Cache, clock: HeldClock) -> None:
    items = [listed("b", enrolled=True, percent=50), listed("a")]
    cache.content.put_page("first", items, "cursor")
    fetched = clock.now()
    clock.forward(hours=1)

    page = cache.content.page("first")

    assert page is not None
    assert ([item.course for item in page.items], page.next, page.as_of) == ([listed("b"), listed("a")], "cursor", fetched)
    assert cache.content.page("second") is None


def test_a_list_does_not_change_which_version_is_downloaded(with_course: Cache) -> None:
    course, _ = make_course()
    newer = catalog_course(course, ident("tides"), 7, published=True)
    with_course.content.put_page("all", [newer], None)

    assert with_course.content.version(ident("tides")) == 1
    assert with_course.content.listed(ident("tides")).downloaded
    assert with_course.content.outline(ident("tides")).listed.course.content_version == 1


def test_all_content_can_be_dropped(with_course: Cache) -> None:
    with_course.outbox.record([enrolled(with_course)])
    with_course.content.drop_all()

    assert with_course.content.courses().items == ()
    assert with_course.outbox.counts().pending == 1
    assert with_course.check() == ()
    with_course.content.put(make_course()[0], content_version=1)
    assert with_course.content.version(ident("tides")) == 1


def test_a_question_without_an_id_is_refused(cache: Cache) -> None:
    course, _ = make_course(lessons=1)
    lesson = course.lessons[0]
    quiz = lesson.sections[2]
    bare = Question(key="q", kind=quiz.questions[0].kind, prompt="?")
    section = type(quiz)(slug="quiz", title="Quiz", type=quiz.type, questions=(bare,), id=quiz.id)

    with pytest.raises(BadInput, match="has no id"):
        cache.content.put(
            Course(slug="t", title="T", id=ident("t"), lessons=(Lesson(slug="l", title="L", id=ident("l"), sections=(section,)),)),
            content_version=1,
        )


def test_damage_to_work_is_not_taken_for_damage_to_content(with_course: Cache) -> None:
    with_course.outbox.record([enrolled(with_course)])
    with with_course._doors.working() as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'outbox'").fetchone()[0]
    path = with_course._doors.path
    with_course.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    again = Cache.open(path.parent)

    with pytest.raises(Damaged, match="damaged"):
        again.outbox.pending()
    assert again.content.version(ident("tides")) == 1
    again.close()


def test_what_a_download_fills_when_it_came_and_what_is_newer(cache: Cache, clock: HeldClock) -> None:
    course, keys = make_course()
    cache.content.put(course, content_version=3, keys=keys)
    fetched = clock.now()
    [kept] = cache.content.kept()
    assert (kept.listed.course.content_version, kept.newest_version, kept.fetched_at, kept.listed.as_of) == (3, 3, fetched, fetched)
    assert kept.bytes > 1000

    clock.forward(hours=1)
    cache.content.put_page("page", [replace(kept.listed.course, content_version=5)], None)
    [kept] = cache.content.kept()
    assert (kept.listed.course.content_version, kept.newest_version, kept.fetched_at) == (3, 5, fetched)
    assert kept.listed.as_of == clock.now()
    assert cache.content.wanting([ident("other"), str(course.id), ident("third")]) == (ident("other"), str(course.id), ident("third"))
    cache.content.put(course, content_version=5, keys=keys)
    assert cache.content.wanting([str(course.id)]) == ()
    clock.forward(hours=1)
    cache.content.confirm(str(course.id))
    assert cache.content.kept()[0].listed.as_of == clock.now()

    section = str(course.lessons[0].sections[0].id)
    pairs = [(str(course.id), section), (str(course.id), None), (ident("nothing"), ident("nothing"))]
    assert [(one.course, one.section) for one in cache.content.titles(pairs)] == [("Tides", "Section 1"), ("Tides", ""), ("", "")]
    cache.content.remove(str(course.id))
    assert cache.content.kept() == ()
    assert [(one.course, one.section) for one in cache.content.titles(pairs[:1])] == [("Tides", "")]
