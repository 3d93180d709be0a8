"""The tables of the schema ``lms``, as SQLAlchemy knows them. The migrations make them; ``db.drift`` and a test hold the two together.

What only PostgreSQL can say (policies, grants, checks, partitions, exclusion constraints, functions) stands in ``migrations/sql``.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB, TIMESTAMP, TSVECTOR, UUID
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import String

SCHEMA = "lms"
metadata = MetaData(schema=SCHEMA)

_NOW = text("now()")
_PERCENT = Numeric(5, 2)  # 0 to 100


def _needed(name: str, kind: Any, default: Any = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=default)


def _maybe(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=True)


def _ids(*names: str) -> list[SchemaItem]:
    return [_needed(name, UUID) for name in names]


def _text(name: str, default: str | None = None) -> Column[Any]:
    return _needed(name, Text, default)


def _number(name: str, default: int | None = None, kind: Any = Integer) -> Column[Any]:
    return _needed(name, kind, None if default is None else text(str(default)))


def _flag(name: str, default: bool | None = None) -> Column[Any]:
    return _needed(name, Boolean, None if default is None else text(str(default).lower()))


def _json(name: str, default: str | None = None) -> Column[Any]:
    return _needed(name, JSONB, default)


def _moment(name: str, default: Any = None) -> Column[Any]:
    return _needed(name, TIMESTAMP(timezone=True), default)


def _maybe_moment(name: str) -> Column[Any]:
    return _maybe(name, TIMESTAMP(timezone=True))


def _refers(table: str, *columns: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(columns, [f"{SCHEMA}.{table}.{column}" for column in columns], ondelete=ondelete)


def _owner() -> ForeignKeyConstraint:
    return _refers("users", "institution_id", "user_id", ondelete="CASCADE")


def _table(name: str, *items: SchemaItem, key: str) -> Table:
    return Table(name, metadata, *items, PrimaryKeyConstraint(*key.split()))


# --- who there is

institutions = _table(
    "institutions", *_ids("institution_id"), _text("name"), _flag("personal", False), _moment("created_at", _NOW), key="institution_id"
)

users = _table(
    "users",
    *_ids("institution_id", "user_id"),
    _text("name", ""),
    _text("role", "STUDENT"),
    _text("timezone", "UTC"),
    _moment("created_at", _NOW),
    _refers("institutions", "institution_id"),
    key="institution_id user_id",
)

login_map = _table(
    "login_map",
    _needed("login_role", String),  # PostgreSQL's type "name"
    *_ids("institution_id", "user_id"),
    UniqueConstraint("institution_id", "user_id"),
    key="login_role",
)

meta = _table("meta", _text("key"), _text("value"), key="key")

# --- what is taught

courses = _table(
    "courses",
    _needed("institution_id", UUID),
    _needed("course_id", UUID, text("lms.uuid7()")),
    _text("slug"),
    _text("title"),
    _text("summary", ""),
    _text("body", ""),
    _text("language", "en"),
    _text("version", ""),
    _json("authors", "[]"),
    _text("license", ""),
    _json("tags", "[]"),
    _maybe("difficulty", Text),
    _maybe("category", Text),
    _maybe("pass_mark", Numeric),
    _text("source", ""),
    _text("content_hash", ""),
    _number("content_version", 0),
    _number("lesson_count", 0),
    _number("section_count", 0),
    _number("minutes", 0),
    _flag("published", False),
    _maybe_moment("published_at"),
    _moment("created_at", _NOW),
    _moment("updated_at", _NOW),
    Column("sort_title", Text(collation="C"), Computed("lower(title)", persisted=True)),
    _refers("institutions", "institution_id"),
    key="institution_id course_id",
)
_NEWEST = (courses.c.created_at.desc(), courses.c.course_id.desc())
_PUBLISHED = text("published")
Index("courses_recent", courses.c.institution_id, *_NEWEST, postgresql_where=_PUBLISHED)
Index("courses_difficulty", courses.c.institution_id, courses.c.difficulty, *_NEWEST, postgresql_where=_PUBLISHED)
Index("courses_category", courses.c.institution_id, courses.c.category, *_NEWEST, postgresql_where=_PUBLISHED)
_BY_TITLE = (courses.c.sort_title, courses.c.course_id)
Index("courses_title", courses.c.institution_id, *_BY_TITLE, postgresql_where=_PUBLISHED)
Index("courses_difficulty_title", courses.c.institution_id, courses.c.difficulty, *_BY_TITLE, postgresql_where=_PUBLISHED)
Index("courses_category_title", courses.c.institution_id, courses.c.category, *_BY_TITLE, postgresql_where=_PUBLISHED)

course_tags = _table(
    "course_tags",
    *_ids("institution_id", "course_id"),
    _text("tag"),
    _moment("created_at"),
    _flag("published", False),
    _needed("sort_title", Text(collation="C"), ""),
    _refers("courses", "institution_id", "course_id"),
    key="institution_id course_id tag",
)
Index(
    "course_tags_recent", course_tags.c.institution_id, course_tags.c.tag, course_tags.c.created_at.desc(), course_tags.c.course_id.desc()
)
Index("course_tags_title", course_tags.c.institution_id, course_tags.c.tag, course_tags.c.sort_title, course_tags.c.course_id)

lessons = _table(
    "lessons",
    *_ids("institution_id", "lesson_id", "course_id"),
    _text("slug"),
    _number("position"),
    _text("title"),
    _text("body", ""),
    _maybe("minutes", Integer),
    _json("objectives", "[]"),
    _json("questions", "[]"),
    _json("keypoints", "[]"),
    _json("requires", "[]"),
    _flag("published", False),
    _maybe_moment("retired_at"),
    UniqueConstraint("institution_id", "course_id", "lesson_id"),
    _refers("courses", "institution_id", "course_id"),
    key="institution_id lesson_id",
)

sections = _table(
    "sections",
    *_ids("institution_id", "section_id", "course_id", "lesson_id"),
    _text("slug"),
    _number("position"),
    _text("title"),
    _text("type"),
    _maybe("minutes", Integer),
    _flag("required", True),
    _json("rules", "{}"),
    _maybe("pass_mark", Numeric),
    _maybe("attempts_limit", Integer),
    _maybe("video", JSONB),
    _text("content_hash", ""),
    _flag("published", False),
    _maybe_moment("retired_at"),
    UniqueConstraint("institution_id", "course_id", "section_id"),
    _refers("lessons", "institution_id", "course_id", "lesson_id"),
    key="institution_id section_id",
)

section_contents = _table(
    "section_contents",
    *_ids("institution_id", "section_id"),
    _text("body"),
    _flag("published", False),
    _refers("sections", "institution_id", "section_id"),
    key="institution_id section_id",
)

questions = _table(
    "questions",
    *_ids("institution_id", "question_id", "course_id", "section_id"),
    _text("key"),
    _number("position"),
    _text("kind"),
    _needed("points", Numeric(12, 4)),
    _json("question"),
    _flag("published", False),
    _maybe_moment("retired_at"),
    _refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id question_id",
)
Index("questions_section", questions.c.institution_id, questions.c.section_id, questions.c.position)
Index("questions_course", questions.c.institution_id, questions.c.course_id)

answer_keys = _table(
    "answer_keys",
    *_ids("institution_id", "question_id"),
    _json("answer_key"),
    _refers("questions", "institution_id", "question_id"),
    key="institution_id question_id",
)

search_entries = _table(
    "search_entries",
    *_ids("institution_id", "entry_id", "course_id"),
    _maybe("lesson_id", UUID),
    _text("ref"),
    _text("title"),
    _text("path"),
    _text("body"),
    _maybe("difficulty", Text),
    _maybe("category", Text),
    _flag("published"),
    _needed("words", TSVECTOR),
    _refers("courses", "institution_id", "course_id"),
    key="institution_id entry_id",
)
Index("search_entries_course", search_entries.c.institution_id, search_entries.c.course_id)
Index("search_entries_words", search_entries.c.words, postgresql_using="gin")

# --- what people did

sync_head = _table(
    "sync_head", *_ids("institution_id", "user_id"), _number("version", 0, BigInteger), _owner(), key="institution_id user_id"
)

learning_events = _table(
    "learning_events",
    *_ids("institution_id", "user_id", "event_id"),
    _text("kind"),
    *_ids("course_id"),
    _maybe("section_id", UUID),
    _number("content_v", 0),
    _moment("occurred_at"),
    _moment("effective_at"),
    _moment("received_at"),
    *_ids("device_id"),
    _number("seq", 0, BigInteger),
    _text("boot", ""),
    _number("mono_ms", 0, BigInteger),
    _number("format", 1, SmallInteger),
    _json("body", "{}"),
    key="institution_id user_id event_id",
)

event_rejects = _table(
    "event_rejects",
    *_ids("institution_id", "user_id"),
    _needed("digest", LargeBinary),
    _text("code"),
    _maybe("event", JSONB),
    *_ids("device_id"),
    _moment("received_at"),
    _owner(),
    key="institution_id user_id digest",
)

enrollments = _table(
    "enrollments",
    *_ids("institution_id", "user_id", "course_id"),
    _maybe_moment("enrolled_at"),
    _flag("active"),
    _moment("state_at"),
    *_ids("state_device"),
    _number("state_seq", kind=BigInteger),
    *_ids("state_event"),
    _owner(),
    _refers("courses", "institution_id", "course_id"),
    key="institution_id user_id course_id",
)

attempts = _table(
    "attempts",
    *_ids("institution_id", "user_id", "attempt_id", "course_id", "section_id"),
    _moment("effective_at"),
    *_ids("device_id"),
    _number("seq", kind=BigInteger),
    _json("responses"),
    _json("hints"),
    _json("points"),
    _maybe("score", _PERCENT),
    _flag("over_limit", False),
    _owner(),
    _refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id attempt_id",
)
Index("attempts_section", attempts.c.institution_id, attempts.c.user_id, attempts.c.section_id)

# --- what it adds up to

section_progress = _table(
    "section_progress",
    *_ids("institution_id", "user_id", "course_id", "section_id"),
    _maybe_moment("completed_at"),
    _number("active_seconds", 0, BigInteger),
    _moment("last_accessed_at"),
    _number("attempts", 0),
    _maybe("score", _PERCENT),
    _json("questions", "{}"),
    _number("version", kind=BigInteger),
    _owner(),
    _refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id course_id section_id",
)


def _roll_up() -> list[SchemaItem]:
    return [
        _number("done"),
        _number("total"),
        _number("percent"),
        _maybe_moment("completed_at"),
        _number("active_seconds", kind=BigInteger),
        _maybe_moment("last_accessed_at"),
        _maybe("score", _PERCENT),
        _number("version", kind=BigInteger),
    ]


lesson_progress = _table(
    "lesson_progress",
    *_ids("institution_id", "user_id", "course_id", "lesson_id"),
    *_roll_up(),
    _owner(),
    _refers("lessons", "institution_id", "course_id", "lesson_id"),
    key="institution_id user_id course_id lesson_id",
)

course_progress = _table(
    "course_progress",
    *_ids("institution_id", "user_id", "course_id"),
    _flag("enrolled"),
    _moment("recent_at"),
    *_roll_up(),
    _owner(),
    _refers("courses", "institution_id", "course_id"),
    key="institution_id user_id course_id",
)
Index(
    "course_progress_recent",
    course_progress.c.institution_id,
    course_progress.c.user_id,
    course_progress.c.recent_at.desc(),
    course_progress.c.course_id.desc(),
    postgresql_where=text("enrolled"),
)
Index("course_progress_course", course_progress.c.institution_id, course_progress.c.course_id)

daily_activity = _table(
    "daily_activity",
    *_ids("institution_id", "user_id"),
    _needed("day", Date),
    _number("active_seconds", 0),
    _number("completed", 0),
    _number("answered", 0),
    _number("version", kind=BigInteger),
    _owner(),
    key="institution_id user_id day",
)

places = _table(
    "places",
    *_ids("institution_id", "user_id", "course_id", "section_id"),
    _text("block", ""),
    _text("quote", ""),
    _needed("ratio", DOUBLE_PRECISION, text("0")),
    _moment("effective_at"),
    *_ids("device_id"),
    _number("seq", kind=BigInteger),
    *_ids("event_id"),
    _number("version", kind=BigInteger),
    _owner(),
    _refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id section_id",
)
