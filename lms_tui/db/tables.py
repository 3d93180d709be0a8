"""The tables of the schema ``lms``, as SQLAlchemy knows them. The migrations make them; ``db.drift`` and a test hold the two together.

What only PostgreSQL can say (policies, grants, checks, partitions, exclusion constraints, functions) stands in ``migrations/sql``.
"""

from sqlalchemy import BigInteger, Column, Computed, Date, Index, Integer, LargeBinary, Numeric, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB, TSVECTOR, UUID
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import String

from lms_tui.db.columns import (
    document,
    flag,
    ids,
    maybe,
    maybe_moment,
    metadata,
    moment,
    needed,
    number,
    owner,
    refers,
    table,
    version,
    words,
)

__all__ = ["metadata"]

_NOW = text("now()")
_PERCENT = Numeric(5, 2)  # 0 to 100

# --- who there is

institutions = table(
    "institutions", *ids("institution_id"), words("name"), flag("personal", False), moment("created_at", _NOW), key="institution_id"
)

users = table(
    "users",
    *ids("institution_id", "user_id"),
    words("name", ""),
    words("role", "STUDENT"),
    words("timezone", "UTC"),
    moment("created_at", _NOW),
    refers("institutions", "institution_id"),
    key="institution_id user_id",
)

login_map = table(
    "login_map",
    needed("login_role", String),  # PostgreSQL's type "name"
    *ids("institution_id", "user_id"),
    UniqueConstraint("institution_id", "user_id"),
    key="login_role",
)

meta = table("meta", words("key"), words("value"), key="key")

# --- what is taught

courses = table(
    "courses",
    needed("institution_id", UUID),
    needed("course_id", UUID, text("lms.uuid7()")),
    words("slug"),
    words("title"),
    words("summary", ""),
    words("body", ""),
    words("language", "en"),
    words("version", ""),
    document("authors", "[]"),
    words("license", ""),
    document("tags", "[]"),
    maybe("difficulty", Text),
    maybe("category", Text),
    maybe("pass_mark", Numeric),
    words("source", ""),
    words("content_hash", ""),
    number("content_version", 0),
    number("lesson_count", 0),
    number("section_count", 0),
    number("minutes", 0),
    flag("published", False),
    maybe_moment("published_at"),
    moment("created_at", _NOW),
    moment("updated_at", _NOW),
    Column("sort_title", Text(collation="C"), Computed("lower(title)", persisted=True)),
    refers("institutions", "institution_id"),
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
_BOTH = (courses.c.institution_id, courses.c.category, courses.c.difficulty)
Index("courses_both", *_BOTH, *_NEWEST, postgresql_where=_PUBLISHED)
Index("courses_both_title", *_BOTH, *_BY_TITLE, postgresql_where=_PUBLISHED)
_DRAFT = text("NOT published")
Index("courses_drafts", courses.c.institution_id, *_NEWEST, postgresql_where=_DRAFT)
Index("courses_drafts_title", courses.c.institution_id, *_BY_TITLE, postgresql_where=_DRAFT)

course_tags = table(
    "course_tags",
    *ids("institution_id", "course_id"),
    words("tag"),
    moment("created_at"),
    flag("published", False),
    needed("sort_title", Text(collation="C"), ""),
    maybe("difficulty", Text),
    maybe("category", Text),
    refers("courses", "institution_id", "course_id"),
    key="institution_id course_id tag",
)
_TAGGED = (course_tags.c.institution_id, course_tags.c.tag)
for _also, _column in (("", ()), ("_category", (course_tags.c.category,)), ("_difficulty", (course_tags.c.difficulty,))):
    Index(f"course_tags{_also or '_recent'}", *_TAGGED, *_column, course_tags.c.created_at.desc(), course_tags.c.course_id.desc())
    Index(f"course_tags{_also}_title", *_TAGGED, *_column, course_tags.c.sort_title, course_tags.c.course_id)

lessons = table(
    "lessons",
    *ids("institution_id", "lesson_id", "course_id"),
    words("slug"),
    number("position"),
    words("title"),
    words("body", ""),
    maybe("minutes", Integer),
    document("objectives", "[]"),
    document("questions", "[]"),
    document("keypoints", "[]"),
    document("requires", "[]"),
    flag("published", False),
    maybe_moment("retired_at"),
    UniqueConstraint("institution_id", "course_id", "lesson_id"),
    refers("courses", "institution_id", "course_id"),
    key="institution_id lesson_id",
)

sections = table(
    "sections",
    *ids("institution_id", "section_id", "course_id", "lesson_id"),
    words("slug"),
    number("position"),
    words("title"),
    words("type"),
    maybe("minutes", Integer),
    flag("required", True),
    document("rules", "{}"),
    maybe("pass_mark", Numeric),
    maybe("attempts_limit", Integer),
    maybe_moment("opens_at"),
    maybe_moment("closes_at"),
    maybe("time_limit_seconds", Integer),
    flag("needs_connection", False),
    maybe("video", JSONB),
    words("content_hash", ""),
    flag("published", False),
    maybe_moment("retired_at"),
    number("opens_with", 0),
    UniqueConstraint("institution_id", "course_id", "section_id"),
    refers("lessons", "institution_id", "course_id", "lesson_id"),
    key="institution_id section_id",
)

section_contents = table(
    "section_contents",
    *ids("institution_id", "section_id"),
    words("body"),
    flag("published", False),
    refers("sections", "institution_id", "section_id"),
    key="institution_id section_id",
)

questions = table(
    "questions",
    *ids("institution_id", "question_id", "course_id", "section_id"),
    words("key"),
    number("position"),
    words("kind"),
    needed("points", Numeric(12, 4)),
    document("question"),
    flag("published", False),
    maybe_moment("retired_at"),
    maybe_moment("opens_at"),
    refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id question_id",
)
Index("questions_section", questions.c.institution_id, questions.c.section_id, questions.c.position)
Index("questions_course", questions.c.institution_id, questions.c.course_id)

answer_keys = table(
    "answer_keys",
    *ids("institution_id", "question_id"),
    document("answer_key"),
    refers("questions", "institution_id", "question_id"),
    key="institution_id question_id",
)

search_entries = table(
    "search_entries",
    *ids("institution_id", "entry_id", "course_id"),
    maybe("lesson_id", UUID),
    words("ref"),
    words("title"),
    words("path"),
    words("body"),
    maybe("difficulty", Text),
    maybe("category", Text),
    flag("published"),
    needed("words", TSVECTOR),
    refers("courses", "institution_id", "course_id"),
    key="institution_id entry_id",
)
Index("search_entries_course", search_entries.c.institution_id, search_entries.c.course_id)
Index("search_entries_words", search_entries.c.words, postgresql_using="gin")

# --- what people did

sync_head = table("sync_head", *ids("institution_id", "user_id"), number("version", 0, BigInteger), owner(), key="institution_id user_id")

learning_events = table(
    "learning_events",
    *ids("institution_id", "user_id", "event_id"),
    words("kind"),
    *ids("course_id"),
    maybe("section_id", UUID),
    number("content_v", 0),
    moment("occurred_at"),
    moment("effective_at"),
    moment("received_at"),
    *ids("device_id"),
    number("seq", 0, BigInteger),
    words("boot", ""),
    number("mono_ms", 0, BigInteger),
    number("format", 1, SmallInteger),
    document("body", "{}"),
    key="institution_id user_id event_id",
)

event_rejects = table(
    "event_rejects",
    *ids("institution_id", "user_id"),
    needed("digest", LargeBinary),
    words("code"),
    maybe("event", JSONB),
    *ids("device_id"),
    moment("received_at"),
    owner(),
    key="institution_id user_id digest",
)

enrollments = table(
    "enrollments",
    *ids("institution_id", "user_id", "course_id"),
    maybe_moment("enrolled_at"),
    flag("active"),
    moment("state_at"),
    *ids("state_device"),
    number("state_seq", kind=BigInteger),
    *ids("state_event"),
    owner(),
    refers("courses", "institution_id", "course_id"),
    key="institution_id user_id course_id",
)

attempts = table(
    "attempts",
    *ids("institution_id", "user_id", "attempt_id", "course_id", "section_id"),
    maybe_moment("effective_at"),
    *ids("device_id"),
    number("seq", kind=BigInteger),
    document("responses"),
    document("hints"),
    document("points"),
    maybe("score", _PERCENT),
    words("standing"),
    maybe("start_id", UUID),
    maybe_moment("started_at"),
    maybe_moment("received_at"),
    maybe_moment("tried_at"),
    maybe("version", BigInteger),
    owner(),
    refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id attempt_id",
)
Index("attempts_section", attempts.c.institution_id, attempts.c.user_id, attempts.c.section_id)
Index("attempts_waiting", attempts.c.institution_id, attempts.c.user_id, postgresql_where=text("standing = 'waiting'"))
Index("attempts_changed", attempts.c.institution_id, attempts.c.user_id, attempts.c.version, postgresql_where=text("version IS NOT NULL"))

# --- what it adds up to

section_progress = table(
    "section_progress",
    *ids("institution_id", "user_id", "course_id", "section_id"),
    maybe_moment("completed_at"),
    number("active_seconds", 0, BigInteger),
    moment("last_accessed_at"),
    number("attempts", 0),
    maybe("score", _PERCENT),
    document("questions", "{}"),
    version(),
    owner(),
    refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id course_id section_id",
)


def _roll_up() -> list[SchemaItem]:
    return [
        number("done"),
        number("total"),
        number("percent"),
        maybe_moment("completed_at"),
        number("active_seconds", kind=BigInteger),
        maybe_moment("last_accessed_at"),
        maybe("score", _PERCENT),
        version(),
    ]


lesson_progress = table(
    "lesson_progress",
    *ids("institution_id", "user_id", "course_id", "lesson_id"),
    *_roll_up(),
    owner(),
    refers("lessons", "institution_id", "course_id", "lesson_id"),
    key="institution_id user_id course_id lesson_id",
)

course_progress = table(
    "course_progress",
    *ids("institution_id", "user_id", "course_id"),
    flag("enrolled"),
    moment("recent_at"),
    *_roll_up(),
    owner(),
    refers("courses", "institution_id", "course_id"),
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

daily_activity = table(
    "daily_activity",
    *ids("institution_id", "user_id"),
    needed("day", Date),
    number("active_seconds", 0),
    number("completed", 0),
    number("answered", 0),
    version(),
    owner(),
    key="institution_id user_id day",
)

places = table(
    "places",
    *ids("institution_id", "user_id", "course_id", "section_id"),
    words("block", ""),
    words("quote", ""),
    needed("ratio", DOUBLE_PRECISION, text("0")),
    moment("effective_at"),
    *ids("device_id"),
    number("seq", kind=BigInteger),
    *ids("event_id"),
    version(),
    owner(),
    refers("sections", "institution_id", "course_id", "section_id"),
    key="institution_id user_id section_id",
)
