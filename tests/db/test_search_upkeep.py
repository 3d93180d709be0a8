"""What keeps the words of search: a publish reads no more with more courses, and the upgrade leaves what an import would."""

from collections.abc import Callable

from lms_tui.db import migrate
from lms_tui.db.target import Target
from lms_tui.model.person import Role
from tests.db.test_search import shell
from tests.db.world import World, world_at

MANY = 2000
MAKE = b"""
    WITH made AS (INSERT INTO lms.courses (institution_id, course_id, slug, title)
      SELECT %(institution)s, lms.uuid7(), 'c' || n, 'Course ' || n FROM generate_series(1, %(many)s::int) n RETURNING *)
    INSERT INTO lms.search_entries SELECT institution_id, course_id, course_id, NULL, slug, title, '', '', NULL, NULL, published,
      lms.words_of(institution_id, course_id, course_id, title, '', '', NULL, NULL, published) FROM made
"""


async def test_to_keep_a_course_is_to_look_up_its_own_entries(world: World) -> None:
    with world.psql() as connection, connection.transaction():
        connection.execute(MAKE, {"institution": world.institution, "many": MANY})
    with world.psql() as connection:
        connection.execute("ANALYZE lms.search_entries")
        connection.execute("ANALYZE lms.courses")
        (course,) = connection.execute("SELECT course_id FROM lms.courses WHERE institution_id = %s", (world.institution,)).fetchone() or ()
        with connection.transaction():
            connection.execute("SELECT lms.keep_words(%s, %s)", (world.institution, course))
            read = connection.execute(
                "SELECT seq_tup_read FROM pg_stat_xact_all_tables WHERE relid = 'lms.search_entries'::regclass"
            ).fetchone()
    assert read == (0,)


async def test_the_upgrade_leaves_what_an_import_would(empty_database: Callable[[], Target]) -> None:
    async with world_at(empty_database(), "0010") as world:
        teacher = await world.add_person(Role.INSTRUCTOR)
        made, _ = await teacher.imports_before(shell()), await teacher.imports_before(shell("draft"))
        with teacher.psql() as connection:
            connection.execute("SELECT lms.publish_course(%s, %s)", (world.institution, made.id))
        migrate.upgrade(world.owner)
        with world.psql() as connection:
            entries = b"SELECT xmin::text, e.* FROM lms.search_entries e ORDER BY entry_id"
            before = connection.execute(entries).fetchall()
            connection.execute("SELECT lms.keep_words(institution_id, course_id) FROM lms.courses")
            assert connection.execute(entries).fetchall() == before
            assert len(before) == 10
