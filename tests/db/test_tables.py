"""The tables that the migrations make are those that SQLAlchemy is told of."""

from collections.abc import Callable

from lms_tui.db import migrate
from lms_tui.db.drift import differences
from lms_tui.db.target import Target


def test_the_schema_is_what_the_tables_say(migrated: Target) -> None:
    assert differences(migrated) == []


def test_what_differs_is_told(empty_database: Callable[[], Target]) -> None:
    target = empty_database()
    migrate.upgrade(target)
    with migrate.connect(target) as connection:
        connection.execute(
            """
            ALTER TABLE lms.courses DROP COLUMN license, ADD COLUMN colour text;
            ALTER TABLE lms.lessons ALTER title TYPE varchar(80), ALTER minutes SET NOT NULL, ALTER body SET DEFAULT 'x';
            ALTER TABLE lms.attempts DROP CONSTRAINT attempts_institution_id_user_id_fkey;
            DROP INDEX lms.questions_course;
            CREATE INDEX another ON lms.users (institution_id, name);
            CREATE TABLE lms.grades (a int);
            COMMENT ON TABLE lms.courses IS 'a remark';
            COMMENT ON COLUMN lms.courses.title IS 'a remark';
            """
        )
    said = " | ".join(differences(target))
    for expected in (
        "courses.license is missing there",
        "courses.colour is there, and not known here",
        "lessons.title differs in type: VARCHAR(80) there, TEXT here",
        "lessons.minutes differs in nullable: False there, True here",
        "lessons.body differs in default: 'x'::text there",
        "fk of attempts (institution_id, user_id) is missing there",
        "index questions_course is missing there",
        "index another is there, and not known here",
        "table grades is there, and not known here",
    ):
        assert expected in said, said
    assert "remark" not in said, "it changes nothing"
