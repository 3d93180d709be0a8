"""The catalogue of what is known here: the orders of the database's, page by page, both ways."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.model.catalog import END, Facets, Filters, Sort
from lms_tui.model.course import Difficulty
from lms_tui.model.errors import BadInput
from lms_tui.model.events import EventKind
from lms_tui.model.wire import CatalogCourse
from tests.cache.sample import HeldClock

LEVELS = (Difficulty.BEGINNER, Difficulty.ADVANCED, None)


def ident(number: int) -> str:
    """An id as the database makes them: the greater the newer."""
    return f"018f{number:04x}-0000-7000-8000-000000000000"


def know(cache: Cache, count: int) -> None:
    """Courses with titles that are twice there, in capitals and without."""
    courses = [
        CatalogCourse(
            id=ident(number), slug=f"c{number}", title=f"{'cC'[number % 2]}ourse {number // 3}", difficulty=LEVELS[number % 3],
            category=f"k{number % 4}", tags=("even",) if number % 2 == 0 else ("odd", "[x]"),
        )
        for number in range(count)
    ]  # fmt: skip
    cache.content.put_listed(courses)


def take(cache: Cache, clock: HeldClock, number: int, kind: EventKind = EventKind.ENROLLED) -> None:
    clock.forward(minutes=1)
    cache.outbox.record([cache.event(kind, course=ident(number))])


def forwards(cache: Cache, filters: Filters) -> list[str]:
    slugs: list[str] = []
    while True:
        page = cache.content.courses(filters)
        assert (page.previous is None) == (filters.after is None)
        slugs += [item.course.slug for item in page.items]
        if page.next is None:
            return slugs
        filters = replace(filters, after=page.next)


def backwards(cache: Cache, filters: Filters) -> list[str]:
    slugs: list[str] = []
    filters = replace(filters, before=END)
    while True:
        page = cache.content.courses(filters)
        slugs = [item.course.slug for item in page.items] + slugs
        if page.previous is None:
            return slugs
        filters = replace(filters, before=page.previous)


def test_the_orders(cache: Cache, clock: HeldClock) -> None:
    know(cache, 9)
    for number in (2, 7, 4):
        take(cache, clock, number)
    take(cache, clock, 7, EventKind.LEFT)
    take(cache, clock, 2, EventKind.POSITION)

    assert forwards(cache, Filters()) == ["c2", "c4", "c8", "c7", "c6", "c5", "c3", "c1", "c0"]
    assert forwards(cache, Filters(mine=True)) == ["c2", "c4"]
    assert forwards(cache, Filters(sort=Sort.NEWEST)) == [f"c{number}" for number in range(8, -1, -1)]
    assert forwards(cache, Filters(sort=Sort.TITLE)) == [f"c{number}" for number in range(9)]
    assert forwards(cache, Filters(sort=Sort.TITLE, mine=True)) == ["c2", "c4"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(Sort),
    limit=st.integers(1, 9),
    difficulty=st.sampled_from([None, "BEGINNER", "EXPERT"]),
    category=st.sampled_from([None, "k1"]),
    tag=st.sampled_from([None, "even", "[x]"]),
    mine=st.booleans(),
)
def test_backwards_is_forwards_the_other_way_about(
    taken: Cache, sort: Sort, limit: int, difficulty: str | None, category: str | None, tag: str | None, mine: bool
) -> None:
    filters = Filters(sort=sort, limit=limit, difficulty=difficulty, category=category, tag=tag, mine=mine)
    whole = forwards(taken, replace(filters, limit=1000))
    assert forwards(taken, filters) == backwards(taken, filters) == whole
    assert len(set(whole)) == len(whole)


@pytest.fixture
def taken(cache: Cache, clock: HeldClock) -> Cache:
    """26 known courses, of which the person takes six."""
    know(cache, 26)
    for number in (3, 25, 0, 12, 7, 8):
        take(cache, clock, number)
    return cache


@pytest.mark.parametrize("sort", Sort)
def test_a_cursor_of_another_order_is_refused(taken: Cache, sort: Sort) -> None:
    other = next(one for one in Sort if one is not sort)
    following = taken.content.courses(Filters(sort=other, limit=3)).next
    with pytest.raises(BadInput):
        taken.content.courses(Filters(sort=sort, after=following))


def test_what_courses_can_be_chosen_by(taken: Cache) -> None:
    assert taken.content.facets() == Facets(categories=("k0", "k1", "k2", "k3"), tags=("[x]", "even", "odd"))


def test_of_what_was_only_listed_the_last_few_thousand_are_kept(cache: Cache, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_tui.cache.content._KEPT_COURSES", 10)
    know(cache, 10)
    take(cache, clock, 0)
    clock.forward(minutes=1)
    cache.content.put_listed([CatalogCourse(id=ident(number), slug=f"n{number}", title="N") for number in range(100, 106)])

    left = forwards(cache, Filters(sort=Sort.NEWEST))
    assert len(left) == 10
    assert left[:6] == [f"n{number}" for number in range(105, 99, -1)]
    assert "c0" in left, "the person takes it"
