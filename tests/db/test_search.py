"""Search in the database: what is found, how it is shown, and what nobody finds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lms_tui.cache.store import Cache
from lms_tui.db import migrate
from lms_tui.db.searching import search
from lms_tui.db.target import Target
from lms_tui.model.course import Course, Difficulty, Lesson, Section, SectionType
from lms_tui.model.passage import marked, shown
from lms_tui.model.person import Role
from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from lms_tui.model.search import Hit, SearchQuery
from tests.cache.sample import PERSON
from tests.db.courses import Recorder
from tests.db.world import Someone, World
from tests.model.signs import BESIDE_SIGNS, SIGNS
from tests.model.test_passage import FOREIGN, PAGE

PIPES = """# Pipes

We connect programs with **pipes**: `sort foo.txt | head`. See [the manual](https://example.org/secret-link).

::: callout
## Café
Nobody reads `.gitignore` or snake_case names twice. \ue000forged\ue001
:::
"""


def asked(key: str, prompt: str, answer: str) -> dict[str, Any]:
    question = Question(key=key, kind=Kind.TEXT, prompt=prompt, hints=("a hinted walrus",), title="Narwhal")
    return {
        "questions": (question,),
        "keys": {key: AnswerKey(answers=(Answer(text=answer, feedback="feedback of pelicans"),), explanation="because otters")},
    }


def shell(slug: str = "shell", **changes: Any) -> Course:
    sections = (
        Section(slug="pipes", title="Pipes and filters", body=PIPES),
        Section(slug="running", title="Loops", body="Running a loop again and again. Москва is Ёлка."),
        Section(slug="quiz", title="Check", type=SectionType.QUIZ, **asked("one", "Which **command** lists zebras?", "aardvark")),
        Section(slug="exam", title="Exam", type=SectionType.ASSESSMENT, **asked("two", "Explain okapis.", "lemur")),
    )
    lesson = Lesson(slug="work", title="Working together", sections=sections)
    return Course(slug=slug, title="The Unix Shell", summary="A course of quokkas.", source=f"test:{slug}", lessons=(lesson,), **changes)


async def published(world: World, teacher: Someone, course: Course) -> Course:
    made = await teacher.imports(course)
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, made.id))
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    cache = Cache.open(tmp_path / "profile", PERSON)
    yield cache
    cache.close()


async def found(someone: Someone, text: str, **more: Any) -> list[str]:
    return [hit.ref for hit in await hits(someone, text, **more)]


async def hits(someone: Someone, text: str, **more: Any) -> tuple[Hit, ...]:
    return await search(someone.database, someone.me, SearchQuery(text=text, **more))


@pytest.fixture
async def learner(world: World) -> Someone:
    teacher = await world.add_person(Role.INSTRUCTOR)
    await published(world, teacher, shell())
    return await world.add_person()


async def test_a_section_is_found_by_its_words_and_says_where(learner: Someone) -> None:
    (hit,) = await hits(learner, "connecting program")
    assert (hit.ref, hit.kind, hit.type, hit.title) == ("shell/work/pipes", "section", SectionType.TEXT, "Pipes and filters")
    assert (hit.course_ref, hit.course_title, hit.lesson_title) == ("shell", "The Unix Shell", "Working together")
    assert (hit.matched, hit.completed) == ("text", False)
    assert [text for text, match in marked(hit.snippet) if match] == ["connect", "programs"]
    assert "secret-link" not in hit.snippet
    assert ":::" not in hit.snippet


async def test_where_it_matched_is_told(learner: Someone) -> None:
    assert [hit.matched for hit in await hits(learner, "filters")] == ["title"]
    assert {hit.matched for hit in await hits(learner, "together")} == {"path"}
    (course,) = await hits(learner, "quokka")
    assert (course.kind, course.ref, course.type, course.lesson_title, course.matched) == ("course", "shell", None, None, "text")


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("foo", "shell/work/pipes"),
        ("txt", "shell/work/pipes"),
        (".gitignore", "shell/work/pipes"),
        ("snake", "shell/work/pipes"),
        ("cafe", "shell/work/pipes"),
        ("CAFÉ", "shell/work/pipes"),
        ("run loops", "shell/work/running"),
        ("москва", "shell/work/running"),
        ("елка", "shell/work/running"),
        ("zebra", "shell/work/quiz"),
        ("narwhal", "shell/work/quiz"),
    ],
)
async def test_words_are_found_in_whatever_form_they_are_typed(learner: Someone, text: str, ref: str) -> None:
    assert (await found(learner, text))[0] == ref


async def test_a_word_beside_any_sign_is_found(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    lesson = Lesson(slug="one", title="One", sections=(Section(slug="signs", title="Signs", body=SIGNS),))
    await published(world, teacher, Course(slug="signs", title="Of signs", source="test:signs", lessons=(lesson,)))
    for text in BESIDE_SIGNS:
        (hit,) = await hits(teacher, text)
        assert hit.ref == "signs/one/signs"
        assert any(match for _, match in marked(hit.snippet))


@pytest.mark.parametrize("marks", ["\u0301", "\u0327\u0300", "\u200d", "\ufe0f", "\x01", "“”"])
async def test_a_word_of_nothing_but_marks_is_no_question(learner: Someone, marks: str) -> None:
    for typing in (False, True):
        assert await found(learner, marks, typing=typing) == []
        assert await found(learner, f"pipes {marks}", typing=typing) == ["shell/work/pipes"]


async def test_no_text_of_signs_or_accents_alone_is_one_long_piece(world: World) -> None:
    with world.psql() as connection:
        spaced = connection.execute("SELECT lms.spaced(%s)", ("<!--" * 9,)).fetchone()
        assert spaced is not None
        assert {len(piece) for piece in spaced[0].split("\x01")} == {0, 1}, "the parser of words looks for the end of every tag that begins"
        parted = connection.execute("SELECT lms.unaccented(%s)", ("\u05b0\u05c1" * 2000 + "é",)).fetchone()
        assert parted is not None
        assert max(map(len, parted[0].split())) <= 250
        assert parted[0].endswith("e")


async def test_a_long_phrase_asks_for_each_of_its_words_once(world: World) -> None:
    with world.psql() as connection:
        for phrase, parts in (
            ("x x x " * 30, 1),
            ("a1 b1 a1 b1 b1", 2),
            (" ".join(f"w{number}" for number in range(90)), 8),
            ("ü u " * 40, 3),
        ):
            row = connection.execute("SELECT numnode(lms.asked(%s, false, '', ''))", (phrase,)).fetchone()
            assert row is not None
            assert row[0] <= 2 * parts


async def test_the_last_word_may_only_be_begun(learner: Someone) -> None:
    assert await found(learner, "conn", typing=True) == ["shell/work/pipes"]
    assert await found(learner, "conn") == []


@pytest.mark.parametrize(
    "text",
    [
        "-v",
        "Arc<Mutex<T>>",
        '"',
        "*",
        "tests & R",
        "intro!",
        "a | b",
        "'",
        "\\",
        "x:*",
        ":A",
        "!!",
        "()",
        "<->",
        "%",
        "the",
        "\ue000",
        "$1",
        "a" * 5000,
        "日本",
    ],
)
async def test_signs_of_a_search_language_are_never_obeyed(learner: Someone, text: str) -> None:
    assert isinstance(await found(learner, f"{text} pipes"), list)
    assert "shell/work/pipes" in await found(learner, f"pipes {text}" if len(text) < 100 else "pipes")
    assert isinstance(await found(learner, text, typing=True), list)


@pytest.mark.parametrize("secret", ["aardvark", "lemur", "pelicans", "otters", "walrus", "okapis"])
async def test_no_key_no_hint_and_no_question_of_an_assessment_is_found(learner: Someone, world: World, secret: str) -> None:
    teacher = next(person for person in world.people if person.me.role is Role.INSTRUCTOR)
    assert await found(learner, secret) == await found(teacher, secret) == []
    assert all(secret not in hit.snippet for hit in await hits(learner, "check exam command"))


async def test_no_content_forges_a_mark(learner: Someone) -> None:
    (hit,) = await hits(learner, "gitignore")
    assert [text for text, match in marked(hit.snippet) if match] == ["gitignore"]
    assert "forged" in hit.snippet
    assert "\x01" not in hit.snippet


async def test_a_draft_is_for_instructors_alone_until_it_is_published(world: World) -> None:
    teacher, ann = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    draft = await teacher.imports(shell("draft"))
    assert await found(ann, "pipes quokkas") == []
    assert await found(teacher, "pipes filters") == ["draft/work/pipes"]
    with teacher.psql() as connection:
        connection.execute("SELECT lms.publish_course(%s, %s)", (world.institution, draft.id))
    assert await found(ann, "pipes filters") == ["draft/work/pipes"]


async def test_nothing_of_another_institution_is_found_and_nobody_asks_in_its_name(learner: Someone, world: World) -> None:
    stranger = await world.add_person(Role.ADMIN, world.add_institution())
    assert await found(stranger, "pipes filters") == []
    statement = "SELECT lms.search(%s, '{pipes}', '{}', false, NULL, NULL, NULL, true, 10)"
    for someone in (learner, stranger):
        with someone.psql() as connection:
            for other in (world.institution if someone is stranger else stranger.me.institution_id, None):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.encode(), (other,))
            for table in ("SELECT FROM lms.search_entries", "SELECT lms.keep_words(NULL, NULL)", "SELECT lms.entries_of(NULL, NULL)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(table.encode())
    word = f"={world.institution}"
    with stranger.psql() as connection:
        row = connection.execute(
            "SELECT lms.search(%s, %s, '{}', true, NULL, NULL, NULL, true, 10)", (stranger.me.institution_id, [word, world.institution])
        ).fetchone()
    assert row == ([],)


async def test_an_edit_changes_what_is_found(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    course = shell()
    await teacher.imports(course)
    lesson = course.lessons[0]
    sections = (replace(lesson.sections[0], title="Tubes", body="All about tubes."), *lesson.sections[2:])
    await teacher.imports(replace(course, title="Another", summary="", lessons=(replace(lesson, sections=sections),)))
    assert await found(teacher, "filters loops quokkas") == []
    assert (await found(teacher, "tubes"))[0] == "shell/work/pipes"


async def test_finished_sections_are_left_out_unless_asked_for(learner: Someone, world: World) -> None:
    with world.psql() as connection:
        row = connection.execute("SELECT course_id::text FROM lms.courses WHERE institution_id = %s", (world.institution,)).fetchone()
    assert row is not None
    (hit,) = await hits(learner, "filters")
    device = Recorder(
        Course(slug="", title="", id=row[0], lessons=(Lesson(slug="", title="", sections=(Section(slug="pipes", title="", id=hit.id),)),))
    )
    await learner.sends(device.event("enrolled"), device.event("completed", "pipes"))
    assert await found(learner, "filters") == []
    assert [(hit.ref, hit.completed) for hit in await hits(learner, "filters", include_completed=True)] == [("shell/work/pipes", True)]
    assert await found(await world.add_person(), "filters") == ["shell/work/pipes"]


async def test_scope_and_filters(learner: Someone, world: World) -> None:
    teacher = next(person for person in world.people if person.me.role is Role.INSTRUCTOR)
    await published(world, teacher, shell("other", difficulty=Difficulty.EXPERT, category="sea"))
    (hit,) = await hits(learner, "filters", scope="course", within="other")
    assert hit.ref == "other/work/pipes"
    for within in (hit.course_id, "other/work", "other/work/pipes", hit.id, "/other/"):
        assert await found(learner, "filters", scope="course", within=within) == ["other/work/pipes"]
    assert await found(learner, "filters", scope="course", within="oth") == []
    assert await found(learner, "filters", difficulty="EXPERT") == ["other/work/pipes"]
    assert await found(learner, "filters", category="sea") == ["other/work/pipes"]
    assert await found(learner, "filters", category="land") == []
    assert len(await found(learner, "filters")) == 2
    assert len(await found(learner, "filters", limit=1)) == 1


def order() -> Course:
    """Sections whose texts have the words more often than the titles of others."""
    texts = {
        "often": ("Redirection", "pipe " * 40 + "is not null"),
        "pipes-and-filters": ("Pipes and filters", "One after the other, to be or not."),
        "pipes": ("Pipes", "One after the other."),
        "null": ("Values", "What is not there is null."),
        "is-not": ("Denial", "It is not so, it is not."),
    }
    sections = tuple(Section(slug=slug, title=title, body=body) for slug, (title, body) in texts.items())
    return Course(slug="o", title="Order", source="test:order", lessons=(Lesson(slug="l", title="Lesson", sections=sections),))


ORDER = [
    ("pipe", ["pipes", "pipes-and-filters"], {"often"}),
    ("the pipes", ["pipes", "pipes-and-filters"], {"often"}),
    ("filters pipes", ["pipes-and-filters"], {"often", "pipes"}),
    ("IS NOT NULL", [], {"null", "often"}),
]


@pytest.mark.parametrize(("text", "titled", "others"), ORDER)
async def test_what_has_all_the_words_in_its_title_comes_first_here_as_in_the_cache(
    world: World, cache: Cache, text: str, titled: list[str], others: set[str]
) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    made = await teacher.imports(order())
    cache.content.put(made, content_version=1)
    for found in (await hits(teacher, text), cache.search.find(SearchQuery(text=text))):
        slugs = [hit.ref.rpartition("/")[2] for hit in found]
        assert (slugs[: len(titled)], set(slugs[len(titled) :])) == (titled, others)
        assert [hit.score > 1 for hit in found] == [slug in titled for slug in slugs]
        assert sorted((hit.score for hit in found), reverse=True) == [hit.score for hit in found]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("the", {"pipes", "pipes-and-filters"}),
        ("to be or", {"pipes-and-filters"}),
        ("is not", {"often", "null", "is-not", "pipes-and-filters"}),
    ],
)
async def test_words_that_are_common_are_found_where_nothing_else_is_asked(world: World, cache: Cache, text: str, slugs: set[str]) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    cache.content.put(await teacher.imports(order()), content_version=1)
    assert (
        set(await found(teacher, text))
        == {hit.ref for hit in cache.search.find(SearchQuery(text=text))}
        == {f"o/l/{slug}" for slug in slugs}
    )


async def test_among_very_many_with_a_word_the_ones_that_are_meant_are_found(world: World) -> None:
    """More than are looked at: those with it in the title, with all the words, and with the rare word, are among them."""
    teacher = await world.add_person(Role.INSTRUCTOR)
    plain = tuple(Section(slug=f"s{number}", title=f"Number {number}", body="Common talk of boats.") for number in range(1500))
    meant = (
        Section(slug="title", title="Talk", body="Common."),
        Section(slug="rare", title="A page", body="Of zebras."),
        Section(slug="both", title="Another", body="Boats and anchors."),
        Section(slug="anchors", title="More", body="Anchors."),
    )
    lesson = Lesson(slug="l", title="Lesson", sections=(*plain, *meant))
    await teacher.imports(Course(slug="many", title="Many", source="test:many", lessons=(lesson,)))
    assert (await found(teacher, "talk"))[0] == "many/l/title"
    assert len(await found(teacher, "talk", limit=50)) == 50
    assert "many/l/rare" in await found(teacher, "boats zebras", limit=100)
    assert (await found(teacher, "boats anchors"))[0] == "many/l/both"
    assert "many/l/anchors" in await found(teacher, "boats anchors", limit=100)
    assert await found(teacher, "talk", scope="course", within="many/l/s7") == ["many/l/s7"]


async def test_what_is_shown_of_a_page_is_the_same_here_and_there(world: World) -> None:
    with world.psql() as connection:
        for page in (PAGE, PIPES, *FOREIGN, "::: solution\n" * 5000, "<!--" * 20000, "", "\n"):
            row = connection.execute("SELECT lms.shown(%s)", (page,)).fetchone()
            assert row == (shown(page),)


@pytest.fixture(scope="module")
def owner(migrated: Target) -> Iterator[psycopg.Connection]:
    with migrate.connect(migrated) as connection:
        yield connection


MARKUP = [
    *("`", "``", "```", "~~~", "|", "---", "--", ">", "-", "1.", "#", ":::", "{.hint}", "{#a\u00a0.solution}", "[!answer]", "<details>"),
    *("</details>", "<!--", "-->", "<b>", "](", "[", "]", "(", ")", '"', "{", "}", "[[1]]", "**", "__", "\\|", "a", "b", "é", "ſ", "İ"),
    *(
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\ue002",
        "<",
        ">",
        "x<y",
        "::: solution",
        "::: callout",
        " ",
        " ",
        "\t",
        "\r",
        *["\n"] * 8,
    ),
]
pages = st.lists(st.sampled_from(MARKUP), max_size=40).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pages, min_size=20, max_size=60))
def test_what_is_shown_of_any_markup_is_the_same_here_and_there(owner: psycopg.Connection, texts: list[str]) -> None:
    rows = owner.execute("SELECT lms.shown(t) FROM unnest(%s::text[]) WITH ORDINALITY x(t, n) ORDER BY n", (texts,)).fetchall()
    assert [row[0] for row in rows] == [shown(text) for text in texts]
