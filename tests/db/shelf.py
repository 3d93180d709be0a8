"""A catalogue with ties in every order, and a learner who takes some of it."""

import pytest

from lms_tui.db import importing
from lms_tui.model.course import Course, Difficulty
from lms_tui.model.person import Role
from tests.db.courses import MONDAY, Recorder, small_course
from tests.db.world import Someone, World

LEVELS = (Difficulty.BEGINNER, Difficulty.INTERMEDIATE, Difficulty.ADVANCED)


@pytest.fixture
async def shelf(world: World) -> Someone:
    """A learner among 23 published courses, of which they take four, have left one, and one draft."""
    teacher, learner = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    for number in range(23):
        title = f"{'cC'[number % 2]} {number // 4}"
        tags = ("even",) if number % 2 == 0 else ()
        course = Course(slug=f"c{number:02}", title=title, tags=tags, difficulty=LEVELS[number % 3], category=f"k{number % 4}")
        await importing.import_course(teacher.database, teacher.me, course)
    await teacher.imports(small_course("draft"))
    with world.psql() as connection:
        ids = connection.execute(
            "SELECT slug, course_id::text FROM lms.courses WHERE slug <> 'draft' AND institution_id = %s ORDER BY slug",
            (world.institution,),
        ).fetchall()
        for number, (_, course) in enumerate(ids):
            with teacher.psql() as author:
                author.execute("SELECT lms.publish_course(%s, %s)", (teacher.me.institution_id, course))
            day = MONDAY.replace(day=1 + number // 3)
            connection.execute("UPDATE lms.courses SET created_at = %s WHERE course_id = %s", (day, course))
            connection.execute("UPDATE lms.course_tags SET created_at = %s WHERE course_id = %s", (day, course))
    for minutes, (_, course) in ((5, ids[4]), (3, ids[20]), (9, ids[0]), (1, ids[7]), (2, ids[9])):
        await learner.sends(Recorder(Course(slug="", title="", id=course)).event("enrolled", minutes=minutes))
    await learner.sends(Recorder(Course(slug="", title="", id=ids[9][1])).event("left", minutes=20))
    return learner
