"""Searching what is on this machine: found, marked, kept in step, and without FTS5."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from lms_tui.cache import words
from lms_tui.cache.searching import NoWordSearch
from lms_tui.cache.shelving import catalog_course
from lms_tui.cache.store import Cache
from lms_tui.model.course import Course, Difficulty, Lesson, Section, SectionType
from lms_tui.model.errors import NotFound
from lms_tui.model.passage import marked
from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from lms_tui.model.search import Hit, SearchQuery
from tests.cache.sample import PERSON, HeldClock, completed, ident
from tests.model.signs import BESIDE_SIGNS, SIGNS


def ask(key: str, prompt: str) -> Question:
    return Question(key=key, kind=Kind.TEXT, prompt=prompt, hints=("walrus",), id=ident(key))


def shell(slug: str = "shell", **changes: Any) -> Course:
    sections = (
        Section(
            slug="pipes",
            title="Pipes and filters",
            body="We connect **programs**: `sort foo.txt`.\n\n\ue000Café\ue001",
            id=ident(f"{slug}/pipes"),
        ),
        Section(slug="loops", title="Loops", body="Running again. Ёлка.", id=ident(f"{slug}/loops")),
        Section(
            slug="quiz",
            title="Check",
            type=SectionType.QUIZ,
            questions=(ask(f"{slug}-1", "Which lists zebras?"),),
            id=ident(f"{slug}/quiz"),
        ),
        Section(
            slug="exam",
            title="Exam",
            type=SectionType.ASSESSMENT,
            questions=(ask(f"{slug}-2", "Explain okapis."),),
            id=ident(f"{slug}/exam"),
        ),
    )
    lesson = Lesson(slug="work", title="Working together", id=ident(f"{slug}/work"), sections=sections)
    return Course(slug=slug, title="The Unix Shell", summary="About *quokkas*.", id=ident(slug), lessons=(lesson,), **changes)


KEYS = {ident("shell-1"): AnswerKey(answers=(Answer(text="aardvark", feedback="pelican"),), explanation="otters")}


@pytest.fixture
def shelf(cache: Cache) -> Cache:
    cache.content.put(shell(), content_version=1, keys=KEYS)
    return cache


def test_a_word_beside_any_sign_is_found(cache: Cache) -> None:
    section = Section(slug="signs", title="Signs", body=SIGNS, id=ident("signs/signs"))
    lesson = Lesson(slug="one", title="One", id=ident("signs/one"), sections=(section,))
    cache.content.put(Course(slug="signs", title="Of signs", id=ident("signs"), lessons=(lesson,)), content_version=1)
    for text in BESIDE_SIGNS:
        (hit,) = cache.search.find(SearchQuery(text=text))
        assert hit.ref == "signs/one/signs"
        assert any(match for _, match in marked(hit.snippet))


def hits(cache: Cache, text: str, **more: Any) -> tuple[Hit, ...]:
    return cache.search.find(SearchQuery(text=text, **more))


def found(cache: Cache, text: str, **more: Any) -> list[str]:
    return [hit.ref for hit in hits(cache, text, **more)]


def test_a_section_is_found_and_says_where(shelf: Cache) -> None:
    (hit,) = hits(shelf, "connecting program")
    assert (hit.id, hit.ref, hit.kind, hit.type) == (ident("shell/pipes"), "shell/work/pipes", "section", SectionType.TEXT)
    assert (hit.title, hit.course_id, hit.course_ref, hit.course_title) == ("Pipes and filters", ident("shell"), "shell", "The Unix Shell")
    assert (hit.lesson_title, hit.matched, hit.completed) == ("Working together", "text", False)
    assert [text for text, match in marked(hit.snippet) if match] == ["connect", "programs"]
    assert [hit.matched for hit in hits(shelf, "filters")] == ["title"]
    assert {hit.matched for hit in hits(shelf, "together")} == {"path"}
    (course,) = hits(shelf, "quokka")
    assert (course.kind, course.ref, course.type, course.lesson_title) == ("course", "shell", None, None)


def test_the_best_comes_first(shelf: Cache) -> None:
    assert found(shelf, "unix")[0] == "shell"
    assert hits(shelf, "again pipes")[0].score > hits(shelf, "again pipes")[1].score


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("txt", ["shell/work/pipes"]),
        ("cafe", ["shell/work/pipes"]),
        ("ЁЛКА", ["shell/work/loops"]),
        ("zebra", ["shell/work/quiz"]),
        ("conn", []),
    ],
)
def test_in_whatever_form(shelf: Cache, text: str, refs: list[str]) -> None:
    assert found(shelf, text) == refs
    assert found(shelf, "conn", typing=True) == ["shell/work/pipes"]


@pytest.mark.parametrize("secret", ["aardvark", "pelican", "otters", "walrus", "okapis"])
def test_no_key_no_hint_and_no_question_of_an_assessment(shelf: Cache, secret: str) -> None:
    assert found(shelf, secret, typing=True) == []


@pytest.mark.parametrize(
    "text", ["-v", "Arc<Mutex<T>>", '"', "*", "tests & R", "intro!", "NEAR(", "title:pipes", "^", "\0", "\ud800", "x" * 5000]
)
def test_nothing_that_is_typed_is_an_error(shelf: Cache, text: str) -> None:
    assert "shell/work/pipes" in found(shelf, f"pipes {text}", typing=True)
    assert isinstance(found(shelf, text), list)


def test_content_forges_no_mark(shelf: Cache) -> None:
    (hit,) = hits(shelf, "programs")
    assert [text for text, match in marked(hit.snippet) if match] == ["programs"]
    assert "Café" in hit.snippet


def test_the_index_follows_the_content(shelf: Cache) -> None:
    lesson = shell().lessons[0]
    sections = (replace(lesson.sections[0], title="Tubes", body="Tubes."), *lesson.sections[2:])
    shelf.content.put(replace(shell(), summary="", lessons=(replace(lesson, sections=sections),)), content_version=2)
    assert found(shelf, "filters loops quokkas") == []
    assert found(shelf, "tubes") == ["shell/work/pipes"]
    shelf.content.remove(ident("shell"))
    assert found(shelf, "tubes") == []
    assert found(shelf, "unix") == ["shell"]
    shelf.content.drop_all()
    assert found(shelf, "unix") == []
    shelf.content.put(shell(), content_version=3)
    assert found(shelf, "filters") == ["shell/work/pipes"]


def test_a_course_that_is_only_listed_is_found_by_its_title(cache: Cache) -> None:
    listed = catalog_course(shell(), ident("shell"), 1, True)
    cache.content.put_page("first", [listed], None)
    cache.content.put_page("again", [replace(listed, title="The Fish Shell")], None)
    assert found(cache, "fish") == ["shell"]
    assert found(cache, "unix pipes") == []


def test_finished_sections_are_left_out_unless_asked_for(shelf: Cache) -> None:
    shelf.outbox.record([completed(shelf, ident("shell/pipes"), ident("shell"))])
    assert found(shelf, "filters") == []
    assert [(hit.ref, hit.completed) for hit in hits(shelf, "filters", include_completed=True)] == [("shell/work/pipes", True)]


def test_scope_and_filters(shelf: Cache) -> None:
    shelf.content.put(shell("other", difficulty=Difficulty.EXPERT, category="sea"), content_version=1)
    assert len(found(shelf, "filters")) == 2
    assert len(found(shelf, "filters", limit=1)) == 1
    for within in ("other", "other/work", "other/work/pipes", ident("other"), ident("other/pipes")):
        assert found(shelf, "filters", scope="course", within=within) == ["other/work/pipes"]
    assert found(shelf, "filters", difficulty="EXPERT") == found(shelf, "filters", category="sea") == ["other/work/pipes"]
    assert found(shelf, "filters", category="land") == []
    with pytest.raises(NotFound):
        found(shelf, "filters", scope="course", within="nowhere")


def test_a_file_from_before_gets_its_index(shelf: Cache, folder: Path, clock: HeldClock) -> None:
    shelf.close()
    with sqlite3.connect(folder / "cache.db") as connection:
        connection.execute("DROP TABLE words")
    again = Cache.open(folder, PERSON, clock=clock)
    assert found(again, "filters") == ["shell/work/pipes"]
    again.close()


def test_without_fts5_all_but_search_works(shelf: Cache, folder: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.close()
    with monkeypatch.context() as without:
        without.setattr(words, "can_search", lambda connection: False)
        bare = Cache.open(folder, PERSON, clock=clock)
        with pytest.raises(NoWordSearch, match="FTS5"):
            found(bare, "filters")
        bare.content.put(shell("other"), content_version=1)
        bare.content.remove(ident("shell"))
        assert bare.content.outline(ident("other")).lessons
        bare.close()
    again = Cache.open(folder, PERSON, clock=clock)
    assert found(again, "filters") == ["other/work/pipes"]
    again.close()


def test_a_search_can_be_ended_from_elsewhere(shelf: Cache) -> None:
    with shelf.search._doors.searching() as connection:
        began, seen = threading.Event(), []

        def forever() -> None:
            began.set()
            try:
                connection.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n").fetchone()
            except sqlite3.OperationalError as error:
                seen.append(str(error))

        thread = threading.Thread(target=forever)
        thread.start()
        began.wait()
        while thread.is_alive():
            shelf.search.stop()
            thread.join(0.01)
    assert seen == ["interrupted"]
    assert found(shelf, "filters") == ["shell/work/pipes"]


def test_who_reads_waits_for_no_search(shelf: Cache) -> None:
    with shelf.search._doors.searching():
        assert shelf.content.find("shell").course == ident("shell")


@pytest.mark.parametrize("damage", ["UPDATE words_data SET block = x'00ff' WHERE id > 1", "UPDATE words_data SET block = zeroblob(9)"])
@pytest.mark.parametrize("searched_first", [True, False])
def test_a_damaged_index_is_made_anew(shelf: Cache, folder: Path, damage: str, searched_first: bool) -> None:
    with sqlite3.connect(folder / "cache.db") as connection:
        connection.execute(damage)
    if searched_first:
        assert isinstance(found(shelf, "filters"), list)
    shelf.content.put(shell(), content_version=2)
    assert found(shelf, "filters") == ["shell/work/pipes"]
