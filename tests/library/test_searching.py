"""Search through the one door to data: the cache's answer at once, the database's where it can be reached."""

import pytest

from lms_tui.library import Library
from lms_tui.model.errors import BadInput, NotFound, Unavailable
from lms_tui.views.searching import CourseName, SearchQuery
from tests.screens.sample import ident, put_into_cache


@pytest.fixture
def library() -> Library:
    put_into_cache()
    return Library.open(offline=True)


def test_what_is_here_is_found_with_its_course_and_its_passage(library: Library) -> None:
    (found,) = library.search(SearchQuery(text="harbour")).items
    assert (found.ref, found.kind, found.title, found.lesson) == ("tides/moon/film", "section", "A tide in a minute", "The moon")
    assert found.course == CourseName(id=ident("tides"), ref="tides", title="Tides for Beginners")
    assert found.available_offline
    assert found.snippet[:2] == (("Watch the ", False), ("harbour", True))


def test_nothing_typed_finds_nothing(library: Library) -> None:
    assert library.search(SearchQuery(text=" -- ")).items == ()


def test_a_part_of_the_tree_has_to_be_named(library: Library) -> None:
    with pytest.raises(BadInput, match="say in which one"):
        library.search(SearchQuery(text="moon", scope="lesson"))
    with pytest.raises(NotFound):
        library.search(SearchQuery(text="moon", scope="course", within="nowhere"))
    found = library.search(SearchQuery(text="tides", scope="lesson", within="tides/shore"))
    assert {item.lesson for item in found.items} == {"The shore"}


async def test_without_a_database_its_answer_is_refused_in_a_sentence(library: Library) -> None:
    with pytest.raises(Unavailable, match="stay offline"):
        await library.search_database(SearchQuery(text="moon"))


async def test_what_was_just_finished_is_left_out(library: Library) -> None:
    await library.done(["tides/moon/film"])
    assert library.search(SearchQuery(text="harbour boats")).items == ()
    (found,) = library.search(SearchQuery(text="harbour boats", include_completed=True)).items
    assert found.completed
