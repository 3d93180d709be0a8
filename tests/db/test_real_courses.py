"""Real courses through the database: in, in again, and back out the same."""

from pathlib import Path

import pytest

from lms_tui import formats
from lms_tui.db.content import practice_keys
from lms_tui.db.importing import import_course, known
from lms_tui.model.course import SectionType
from lms_tui.model.identity import with_ids
from lms_tui.model.person import Role
from tests.db.world import World, read_course

COURSES = ("native-sample", "carpentries-shell-novice")


@pytest.mark.shared
@pytest.mark.parametrize("name", COURSES)
async def test_a_real_course_goes_in_once_and_comes_out_whole(world: World, shared_courses: Path, name: str) -> None:
    folder = shared_courses / name
    if not folder.is_dir():
        pytest.skip(f"{name} is not there")
    read = formats.read(folder).course
    author = await world.add_person(Role.INSTRUCTOR, world.add_institution(personal=True))
    assert (await import_course(author.database, author.me, with_ids(read, None))).changed
    before = await known(author.database, author.me, read.slug, read.source)
    assert not (await import_course(author.database, author.me, with_ids(read, before))).changed
    stored, version, published, _ = await read_course(author.database, author.me, read.slug)
    assert (version, published) == (1, True)
    assert with_ids(stored, before).content_hash == with_ids(read, before).content_hash
    for lesson, kept in zip(read.lessons, stored.lessons, strict=True):
        assert [(section.slug, section.body, section.type) for section in kept.sections] == [
            (section.slug, section.body, section.type) for section in lesson.sections
        ]
    keys = await practice_keys(author.database, author.me, str(stored.id))
    practice = [
        section
        for lesson in stored.lessons
        for section in lesson.sections
        if section.type is not SectionType.ASSESSMENT and section.questions
    ]
    assert keys.keys() == {question.id for section in practice for question in section.questions}
