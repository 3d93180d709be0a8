"""A course whose version is known is not read again: neither by the server nor over the network."""

from typing import Any
from uuid import uuid4

from lms_tui.db import content
from lms_tui.db.content import Known
from lms_tui.model.person import Role
from tests.db.courses import small_course
from tests.db.world import World


def loops(plan: Any) -> dict[str, int]:
    """How often a plan that was run read each of its tables."""
    found: dict[str, int] = {}
    if isinstance(plan, dict) and "Relation Name" in plan:
        found[plan["Relation Name"]] = plan["Actual Loops"]
    for part in plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ():
        found |= loops(part)
    return found


async def test_a_course_that_is_as_it_is_known_is_not_sent(world: World) -> None:
    teacher = await world.add_person(Role.INSTRUCTOR)
    course = await teacher.imports(small_course())
    whole = await content.find(teacher.database, teacher.me, "small")
    assert whole.course is not None
    assert (whole.id, whole.published) == (str(course.id), False)
    known = Known(id=whole.id, version=whole.content_version, published=False)
    for ref in ("small", whole.id):
        same = await content.find(teacher.database, teacher.me, ref, known)
        assert (same.course, same.content_version) == (None, whole.content_version)
    for other in (Known(id=whole.id, version=1 << 20, published=False), Known(id=whole.id, version=known.version, published=True)):
        assert (await content.find(teacher.database, teacher.me, "small", other)).course == whole.course

    values = {"institution": teacher.me.institution_id, "user": teacher.me.user_id, "ref": whole.id, "known": whole.id, "shown": False}
    with teacher.psql() as connection:
        for version, read in ((known.version, 0), (1 << 20, 1)):
            explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {content.COURSE_BY_ID.driver_sql}".encode()
            row = connection.execute(explained, values | {"version": version}).fetchone()
            assert row is not None
            assert min(loops(row[0])["section_contents"], 1) == read


async def test_versions_of_some_courses(world: World) -> None:
    teacher, learner = await world.add_person(Role.INSTRUCTOR), await world.add_person()
    course = await teacher.imports(small_course())
    asked = [str(course.id), str(uuid4())]
    [(found, version)] = (await content.versions(teacher.database, teacher.me, asked)).items()
    assert (found, version > 0) == (str(course.id), True)
    assert await content.versions(learner.database, learner.me, asked) == {}, "a draft is not the learner's to see"
