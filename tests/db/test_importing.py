"""Courses in: again changes nothing, an edit keeps ids and progress."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from lms_tui.db.content import practice_keys
from lms_tui.db.importing import import_course, known, publish_course
from lms_tui.model.course import Course, Difficulty, Lesson, Section, SectionType, Video
from lms_tui.model.errors import BadInput, NotFound, Refused
from lms_tui.model.identity import with_hashes, with_ids
from lms_tui.model.person import Role
from lms_tui.model.question import Answer, AnswerKey, Kind, Question
from tests.db.courses import Recorder, question_ids, section_id, small_course
from tests.db.world import Someone, World, read_course

CONTENT = ("courses", "course_tags", "lessons", "sections", "section_contents", "questions", "answer_keys")


@dataclass
class Desk:
    """An author at a personal library."""

    author: Someone

    async def imports(self, course: Course) -> bool:
        """Imports as the app does, with ids from what is known; whether anything changed."""
        before = await known(self.author.database, self.author.me, course.slug, course.source)
        return (await import_course(self.author.database, self.author.me, with_ids(course, before))).changed

    async def course(self, slug: str = "small") -> Course:
        return (await read_course(self.author.database, self.author.me, slug))[0]


@pytest.fixture
async def desk(world: World) -> Desk:
    return Desk(await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True)))


def without_ids_and_keys(course: Course) -> Course:
    """What a learner may see of the course, without ids."""

    def bare(section: Section) -> Section:
        return replace(section, id=None, keys={}, questions=tuple(replace(question, id=None) for question in section.questions))

    return replace(
        course,
        id=None,
        lessons=tuple(replace(lesson, id=None, sections=tuple(bare(section) for section in lesson.sections)) for lesson in course.lessons),
    )


def edited(course: Course, change: Callable[[Section], Section | None]) -> Course:
    """The course with each section changed, or taken out where ``change`` gives None."""
    return replace(
        course,
        lessons=tuple(
            replace(lesson, sections=tuple(new for section in lesson.sections if (new := change(section)) is not None))
            for lesson in course.lessons
        ),
    )


async def test_a_course_comes_back_as_it_went_in(desk: Desk) -> None:
    film = Section(
        slug="film", title="“Film” 電影", type=SectionType.VIDEO, video=Video(url="https://example.org/v", seconds=9, transcript="t"),
        body="a\n\n```\n\\u0041 \u202e\n```", minutes=2, required=False,
    )  # fmt: skip
    lesson = Lesson(
        slug="more", title="More", body="b", minutes=7, objectives=("o",), questions=("q?",), keypoints=("k", "l"), requires=("first",),
        sections=(film,),
    )  # fmt: skip
    course = small_course(
        summary="s", body="b", language="de", version="1.2", authors=("A", "B"), license="CC0", difficulty=Difficulty.EXPERT, category="c",
        pass_mark=60.5,
    )  # fmt: skip
    course = with_hashes(replace(course, lessons=(*course.lessons, lesson)))
    assert await desk.imports(course)
    read, version, published, enrolled = await read_course(desk.author.database, desk.author.me, "small")
    assert without_ids_and_keys(read) == msgspec.convert(msgspec.to_builtins(without_ids_and_keys(course)), Course)
    assert (version, published, enrolled) == (1, True, False)
    assert (await read_course(desk.author.database, desk.author.me, str(read.id)))[0] == read
    with pytest.raises(NotFound):
        await desk.course("other")


async def test_keys_come_apart_and_only_those_of_practice(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    keys = await practice_keys(desk.author.database, desk.author.me, str(course.id))
    ids = question_ids(course, "quiz")
    assert keys == {ids["one"]: AnswerKey(correct=(2,)), ids["two"]: AnswerKey(answers=(Answer(low="4", high="4"),))}


async def test_importing_again_changes_nothing(desk: Desk, world: World) -> None:
    assert await desk.imports(small_course())
    course = await desk.course()
    written = " UNION ALL ".join(f"SELECT array_agg(xmin::text || ctid::text) FROM lms.{table}" for table in CONTENT)
    with world.psql() as connection:
        before = connection.execute(written.encode()).fetchall()
        assert not await desk.imports(small_course())
        assert not (await import_course(desk.author.database, desk.author.me, with_hashes(small_course()))).changed, "without ids, by slugs"
        after = connection.execute(written.encode()).fetchall()
    assert before == after
    assert await desk.course() == course
    assert (await read_course(desk.author.database, desk.author.me, "small"))[1] == 1


async def test_an_edit_keeps_ids_and_progress(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    device = Recorder(course)
    await desk.author.sends(device.event("enrolled"), device.event("completed", "intro"), device.answer("quiz", one=2, two="4"))
    new = Section(slug="extra", title="Extra")

    def change(section: Section) -> Section:
        return replace(section, body="Hello, world.", title="Introduction") if section.slug == "intro" else section

    changed = edited(small_course(), change)
    first, second = changed.lessons
    assert await desk.imports(replace(changed, title="Larger", lessons=(second, replace(first, sections=(new, *first.sections)))))
    after = await desk.course()
    assert [lesson.slug for lesson in after.lessons] == ["second", "first"]
    assert [section.slug for section in after.lessons[1].sections] == ["extra", "intro", "quiz"]
    assert section_id(after, "intro") == section_id(course, "intro")
    assert question_ids(after, "quiz") == question_ids(course, "quiz")
    assert (after.id, after.title) == (course.id, "Larger")
    progress = await desk.author.progress()
    assert [(row.done, row.total, row.percent, row.content_version) for row in progress.courses] == [(2, 5, 40, 2)]
    assert [(row.done, row.total) for row in progress.lessons] == [(2, 3)]


async def test_what_is_gone_is_retired_and_leaves_the_denominators(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    device = Recorder(course)
    await desk.author.sends(device.event("enrolled"), device.event("completed", "film"), device.event("time", "film", seconds=90))
    await desk.author.sends(device.event("completed", "intro"))
    assert await desk.imports(edited(small_course(), lambda section: None if section.slug in ("film", "exam") else section))
    progress = await desk.author.progress()
    assert [(row.done, row.total, row.percent, row.active_seconds) for row in progress.courses] == [(1, 2, 50, 90)]
    assert {row.section for row in progress.sections} == {section_id(course, "film"), section_id(course, "intro")}
    late = device.event("time", "film", seconds=10)
    assert [verdict.outcome for verdict in (await desk.author.sends(late)).verdicts] == ["applied"], "work in a retired section counts"
    assert await desk.imports(small_course())
    assert section_id(await desk.course(), "film") == section_id(course, "film"), "what comes back is what it was"
    progress = await desk.author.progress()
    assert [(row.done, row.total, row.active_seconds) for row in progress.courses] == [(2, 4, 100)]


async def test_names_can_be_swapped(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    names = {"intro": "quiz", "quiz": "intro"}
    swapped = edited(course, lambda section: replace(section, slug=names.get(section.slug, section.slug)))
    assert (await import_course(desk.author.database, desk.author.me, swapped)).changed
    assert section_id(await desk.course(), "quiz") == section_id(course, "intro")


async def test_a_changed_quiz_is_scored_anew_and_stays_done(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    device = Recorder(course)
    await desk.author.sends(device.event("enrolled"), device.answer("quiz", one=2, two="5"))
    (before,) = (await desk.author.progress()).sections
    assert (before.score, before.completed_at is None) == (Decimal(25), False)
    third = Question(key="three", kind=Kind.TEXT, prompt="?", points=Decimal(4))

    def change(section: Section) -> Section:
        if section.slug != "quiz":
            return section
        keys = section.keys | {"three": AnswerKey(answers=(Answer(text="x"),))}
        return replace(section, questions=(*section.questions, third), keys=keys)

    await desk.imports(edited(small_course(), change))
    (after,) = (await desk.author.progress()).sections
    assert (after.score, after.completed_at) == (Decimal("12.50"), before.completed_at)

    def only_the_first(section: Section) -> Section:
        return replace(section, questions=section.questions[:1], keys={"one": section.keys["one"]}) if section.slug == "quiz" else section

    await desk.imports(edited(small_course(), only_the_first))
    (last,) = (await desk.author.progress()).sections
    assert last.score == Decimal(100)


async def test_a_course_stays_a_draft_until_it_is_published(world: World) -> None:
    teacher, learner = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    course = await teacher.imports(small_course())
    with pytest.raises(NotFound):
        await read_course(learner.database, learner.me, "small")
    assert await known(learner.database, learner.me, "small", "") is None
    published = await publish_course(teacher.database, teacher.me, str(course.id))
    assert (published.changed, published.published, published.content_version) == (True, True, 1)
    assert not (await publish_course(teacher.database, teacher.me, str(course.id))).changed
    assert (await read_course(learner.database, learner.me, "small"))[0] == course
    with pytest.raises(Refused):
        await publish_course(learner.database, learner.me, str(course.id))


async def test_ids_of_another_course_are_not_taken_over(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    await import_course(desk.author.database, desk.author.me, replace(course, id=None, slug="copy", source="elsewhere"))
    copy = await desk.course("copy")
    assert copy.id != course.id
    assert section_id(copy, "intro") != section_id(course, "intro")
    assert await desk.course() == replace(course)


def ids_of(course: Course) -> list[str | None]:
    sections = [section for lesson in course.lessons for section in lesson.sections]
    questions = [question.id for section in sections for question in section.questions]
    return [course.id, *(lesson.id for lesson in course.lessons), *(section.id for section in sections), *questions]


async def test_a_personal_library_that_was_lost_takes_the_ids_that_it_had(desk: Desk, world: World) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    anew = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    assert ids_of(await anew.imports(course)) == ids_of(course)
    taken = replace(course, slug="other", source="other", lessons=(replace(course.lessons[0], id=str(uuid4()).upper()),))
    other = await anew.imports(replace(taken, id=course.lessons[0].id))
    assert set(ids_of(other)) & {*ids_of(course), course.lessons[0].id} == set(), "an id stands for one thing only"
    assert other.lessons[0].id == str(taken.lessons[0].id).lower()
    assert ids_of((await read_course(anew.database, anew.me, "small"))[0]) == ids_of(course)
    school = await world.add_person(Role.INSTRUCTOR)
    assert not set(ids_of(await school.imports(course))) & set(ids_of(course)), "others make their own"


async def test_an_assessment_is_graded_once_its_keys_are_here(desk: Desk, world: World) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    anew = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    await import_course(anew.database, anew.me, course, restored=True)
    device = Recorder(course)
    await anew.sends(device.event("enrolled"), device.answer("exam", secret="Waldemar"), device.answer("quiz", one=2))
    by_section = {row.section: row for row in (await anew.progress()).sections}
    exam = by_section[section_id(course, "exam")]
    assert (exam.score, exam.attempts, by_section[section_id(course, "quiz")].score) == (None, 1, Decimal(0))
    assert (await import_course(anew.database, anew.me, with_ids(small_course(), course))).changed
    by_section = {row.section: row for row in (await anew.progress()).sections}
    assert (by_section[exam.section].score, by_section[exam.section].completed_at) == (Decimal(100), exam.completed_at)
    assert not (await import_course(anew.database, anew.me, course, restored=True)).changed, "it knows of no keys, and takes none away"
    assert (await import_course(anew.database, anew.me, course)).changed, "an author who gives none means none"


async def test_every_kind_of_answer_without_a_key_wins_nothing(desk: Desk) -> None:
    questions = tuple(Question(key=kind, kind=kind, prompt="?", options=("a", "b")) for kind in Kind if kind is not Kind.SELF_MARKED)
    quiz, exam = (
        Section(slug=kind.lower(), title="T", type=kind, questions=questions) for kind in (SectionType.QUIZ, SectionType.ASSESSMENT)
    )
    await desk.imports(Course(slug="keyless", title="K", lessons=(Lesson(slug="l", title="L", sections=(quiz, exam)),)))
    course = await desk.course("keyless")
    device = Recorder(course)
    await desk.author.sends(device.event("enrolled"))
    responses: tuple[Any, ...] = (1, [], [1], "", "a", [""], {}, None)
    for response in responses:
        for section in ("quiz", "assessment"):
            reply = await desk.author.sends(
                device.answer(section, None, **dict.fromkeys((question.key for question in questions), response))
            )
            assert [verdict.outcome for verdict in reply.verdicts] == ["applied"]
    scores = {row.section: row.score for row in (await desk.author.progress()).sections}
    assert scores == {section_id(course, "quiz"): 0, section_id(course, "assessment"): None}


async def test_another_course_of_the_same_name_is_refused(desk: Desk) -> None:
    await desk.imports(small_course())
    with pytest.raises(BadInput, match="called small already"):
        await import_course(desk.author.database, desk.author.me, replace(small_course(), title="Other", source="other"))


async def test_an_id_stands_for_one_node(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    first, second = course.lessons
    intro, quiz = first.sections
    one, two = quiz.questions
    for lessons in (
        (first, replace(second, id=str(first.id).upper())),
        (first, replace(second, sections=(replace(second.sections[0], id=intro.id),))),
        (replace(first, sections=(intro, replace(quiz, questions=(one, replace(two, id=one.id))))), second),
    ):
        with pytest.raises(BadInput, match="stands there twice"):
            await import_course(desk.author.database, desk.author.me, replace(course, lessons=lessons))
    assert await desk.course() == course


def quiz_with(key: AnswerKey, **changes: object) -> Course:
    question = replace(Question(key="q", kind=Kind.TEXT, prompt="?"), **changes)
    section = Section(slug="s", title="S", type=SectionType.QUIZ, questions=(question,), keys={"q": key})
    return Course(slug="bad", title="Bad", lessons=(Lesson(slug="l", title="L", sections=(section,)),))


@pytest.mark.parametrize(
    "course",
    [
        quiz_with(AnswerKey(answers=(Answer(low="1", high="x"),))),
        quiz_with(AnswerKey(answers=(Answer(low="1"),))),
        quiz_with(AnswerKey(gaps=((Answer(pattern="("),),))),
        quiz_with(AnswerKey(answers=(Answer(pattern=r"(a)\1"),))),
        quiz_with(AnswerKey(answers=(Answer(pattern="a(?=b)"),))),
        quiz_with(AnswerKey(answers=(Answer(pattern=r"\bx"),))),
        quiz_with(AnswerKey(), points=Decimal("NaN")),
        quiz_with(AnswerKey(), points=Decimal(-1)),
        Course(slug="bad", title=""),
        Course(slug="a/b", title="Bad"),
        Course(slug="", title="Bad"),
        Course(slug="bad", title="Bad", lessons=(Lesson(slug="l", title="L"), Lesson(slug="l", title="M"))),
    ],
)
async def test_what_is_no_course_is_refused_whole(desk: Desk, course: Course) -> None:
    with pytest.raises(BadInput):
        await import_course(desk.author.database, desk.author.me, course)
    with pytest.raises(NotFound):
        await desk.course(course.slug or "bad")


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "null",
        "{}",
        '{"title": "T"}',
        '{"title": "T", "slug": "t", "lessons": [5]}',
        '{"title": 5, "slug": 5}',
        '{"title": 5, "slug": "t"}',
    ],
)
async def test_any_json_is_a_course_or_an_error_with_words(desk: Desk, document: str) -> None:
    with desk.author.psql() as connection:
        with pytest.raises(psycopg.DatabaseError) as caught:
            connection.execute("SELECT lms.import_course(%s, %s)", (desk.author.me.institution_id, document))
    assert caught.value.sqlstate in ("LMS03", "23502", "23514")


async def test_a_section_that_moves_takes_its_progress_along(desk: Desk) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    device = Recorder(course)
    await desk.author.sends(device.event("enrolled"), device.event("completed", "intro"), device.event("time", "intro", seconds=100))
    first, second = course.lessons
    rest = replace(first, sections=first.sections[1:])
    await import_course(
        desk.author.database,
        desk.author.me,
        replace(course, lessons=(rest, replace(second, sections=(first.sections[0], *second.sections)))),
    )
    counted = {row.lesson: (row.done, row.total, row.active_seconds) for row in (await desk.author.progress()).lessons}
    assert counted == {first.id: (0, 1, 0), second.id: (1, 3, 100)}
    await import_course(
        desk.author.database,
        desk.author.me,
        replace(course, lessons=(replace(first, sections=()), replace(second, sections=(*first.sections, *second.sections)))),
    )
    counted = {row.lesson: (row.done, row.total, row.active_seconds) for row in (await desk.author.progress()).lessons}
    assert counted == {first.id: (0, 0, 0), second.id: (1, 4, 100)}


async def test_who_enrols_during_an_import_is_counted_by_what_it_leaves(desk: Desk, world: World) -> None:
    await desk.imports(small_course())
    course = await desk.course()
    learner = await world.add_person(institution=desk.author.me.institution_id)
    first, second = course.lessons
    longer = replace(course, lessons=(replace(first, sections=(*first.sections, Section(slug="new", title="New"))), second))
    with desk.author.psql() as connection:
        with connection.transaction():
            call = "SELECT lms.import_course(%s, %s)"
            connection.execute(call, (desk.author.me.institution_id, msgspec.json.encode(longer).decode()))
            enrolling = asyncio.create_task(learner.sends(Recorder(course).event("enrolled")))
            await world.until_held_up(learner)
    await enrolling
    assert [row.total for row in (await learner.progress()).courses] == [5]
