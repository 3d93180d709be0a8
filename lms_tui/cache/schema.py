"""The tables of the cache file.

``WORK`` is precious: a learner's events and what the database said of them; it only changes by a migration.
``CONTENT`` can be dropped at any time and fetched again; it is dropped and made anew when its number changes.
Times ending in ``_ms`` are Unix milliseconds. ``doc`` columns are JSON of the model's shapes; no CHECK
says so, because older SQLites refuse ``json_valid`` in a schema that is not trusted.
"""

import sqlite3

APPLICATION_ID = 0x4C4D5354

_WORK_1 = """
CREATE TABLE kept(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE device(
  one INTEGER PRIMARY KEY CHECK(one = 1), device_id TEXT NOT NULL, fingerprint TEXT NOT NULL, created_ms INTEGER NOT NULL,
  institution_id TEXT, user_id TEXT, person TEXT) STRICT;

CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL UNIQUE CHECK(length(event_id) = 36),
  v INTEGER NOT NULL, kind TEXT NOT NULL, section_id TEXT, course_id TEXT NOT NULL, content_v INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, boot TEXT NOT NULL, mono_ms INTEGER NOT NULL,
  body TEXT NOT NULL CHECK(length(CAST(body AS BLOB)) <= 65536),
  state INTEGER NOT NULL DEFAULT 0 CHECK(state IN (0, 1, 2, 3)),
  again INTEGER NOT NULL DEFAULT 0 CHECK(again IN (0, 1)),
  tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0,
  code TEXT, detail TEXT, acked_version INTEGER, acked_ms INTEGER) STRICT;
CREATE INDEX outbox_todo ON outbox(seq, next_ms, state, at_ms) WHERE state IN (0, 3);
CREATE INDEX outbox_overlay ON outbox(course_id, seq) WHERE state IN (0, 3) AND again = 0;
CREATE INDEX outbox_dead ON outbox(seq) WHERE state = 2;
CREATE INDEX outbox_acked ON outbox(acked_ms) WHERE state = 1;
CREATE INDEX outbox_last ON outbox(acked_version, seq) WHERE state = 1;
CREATE TRIGGER outbox_immutable
  BEFORE UPDATE OF seq, event_id, v, kind, section_id, course_id, content_v, at_ms, boot, mono_ms, body ON outbox
  BEGIN SELECT RAISE(ABORT, 'an event never changes'); END;
CREATE TRIGGER outbox_keep BEFORE DELETE ON outbox WHEN OLD.state <> 1
  BEGIN SELECT RAISE(ABORT, 'the event is not acknowledged'); END;

CREATE TABLE section_state(
  section_id TEXT PRIMARY KEY, course_id TEXT NOT NULL, lesson_id TEXT NOT NULL, version INTEGER NOT NULL,
  completed INTEGER NOT NULL, score_hundredths INTEGER, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX section_state_course ON section_state(course_id);
CREATE TABLE rollup_state(
  scope TEXT NOT NULL CHECK(scope IN ('course', 'lesson')), id TEXT NOT NULL, course_id TEXT NOT NULL,
  doc TEXT NOT NULL, PRIMARY KEY(scope, id)) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_state_course ON rollup_state(course_id);
CREATE TABLE enrolment(
  course_id TEXT PRIMARY KEY, enrolled INTEGER NOT NULL, enrolled_ms INTEGER, content_version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE day_state(
  date TEXT PRIMARY KEY, active_seconds INTEGER NOT NULL, completed INTEGER NOT NULL, answered INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE cursor(scope TEXT PRIMARY KEY, epoch TEXT NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE place(
  section_id TEXT PRIMARY KEY, block TEXT NOT NULL, quote TEXT NOT NULL, ratio REAL NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE draft(
  section_id TEXT NOT NULL, question_id TEXT NOT NULL, response TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(section_id, question_id)) STRICT, WITHOUT ROWID;
CREATE TABLE sync_run(
  id INTEGER PRIMARY KEY AUTOINCREMENT, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, outcome TEXT NOT NULL,
  sent INTEGER NOT NULL, applied INTEGER NOT NULL, duplicate INTEGER NOT NULL, rejected INTEGER NOT NULL, deferred INTEGER NOT NULL,
  pulled INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
"""

_WORK_2 = """
CREATE TABLE attempt_state(
  attempt_id TEXT PRIMARY KEY, section_id TEXT NOT NULL, waiting INTEGER NOT NULL, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_state_section ON attempt_state(section_id);
CREATE INDEX attempt_state_waiting ON attempt_state(attempt_id) WHERE waiting = 1;
CREATE INDEX outbox_attempts ON outbox(section_id, seq) WHERE kind IN ('attempt_started', 'answered') AND state IN (0, 3);
UPDATE cursor SET version = 0;
"""
# the cursor goes back, so that attempts of before are told of

MIGRATIONS: tuple[str, ...] = (_WORK_1, _WORK_2)
"""The script at position n takes the precious tables from version n to n + 1."""

CONTENT_NUMBER = 5
PLAIN_TABLES = ("course", "lesson", "section", "question", "practice_key", "listing", "passage")
WORD_TABLES = ("words", "words_data", "words_idx", "words_docsize", "words_config")  # FTS5 makes all but the first by itself
CONTENT_TABLES = (*WORD_TABLES, *PLAIN_TABLES)
CONTENT = """
CREATE TABLE IF NOT EXISTS course(
  id TEXT PRIMARY KEY, slug TEXT NOT NULL, title TEXT NOT NULL, difficulty TEXT, category TEXT, tags TEXT NOT NULL,
  content_version INTEGER NOT NULL, downloaded INTEGER NOT NULL,
  as_of_ms INTEGER NOT NULL, doc TEXT NOT NULL, shell TEXT, bytes INTEGER NOT NULL DEFAULT 0, fetched_ms INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS course_slug ON course(slug);
CREATE INDEX IF NOT EXISTS course_title ON course(title COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS course_listed ON course(as_of_ms, id) WHERE downloaded = 0;
CREATE TABLE IF NOT EXISTS lesson(
  id TEXT PRIMARY KEY, course_id TEXT NOT NULL, position INTEGER NOT NULL, slug TEXT NOT NULL, doc TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS lesson_course ON lesson(course_id, position);
CREATE TABLE IF NOT EXISTS section(
  id TEXT PRIMARY KEY, course_id TEXT NOT NULL, lesson_id TEXT NOT NULL, position INTEGER NOT NULL, slug TEXT NOT NULL,
  title TEXT NOT NULL, type TEXT NOT NULL, minutes INTEGER, required INTEGER NOT NULL, question_count INTEGER NOT NULL,
  facts TEXT NOT NULL, doc TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS section_course ON section(course_id, position);
CREATE TABLE IF NOT EXISTS question(
  id TEXT PRIMARY KEY, course_id TEXT NOT NULL, section_id TEXT NOT NULL, position INTEGER NOT NULL, doc TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS question_section ON question(section_id, position);
CREATE INDEX IF NOT EXISTS question_course ON question(course_id);
CREATE TABLE IF NOT EXISTS practice_key(question_id TEXT PRIMARY KEY, course_id TEXT NOT NULL, doc TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS practice_key_course ON practice_key(course_id);
CREATE TABLE IF NOT EXISTS listing(key TEXT PRIMARY KEY, ids TEXT NOT NULL, next TEXT, as_of_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS passage(
  id INTEGER PRIMARY KEY, item_id TEXT NOT NULL, course_id TEXT NOT NULL, kind TEXT NOT NULL CHECK(kind IN ('course', 'section')),
  title TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS passage_course ON passage(course_id, kind);
"""
WORDS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, path, body, content='passage', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')"
)


def for_this_sqlite(script: str) -> str:
    """The script, without strict types where the library is older than they are (3.37, 2021)."""
    if sqlite3.sqlite_version_info >= (3, 37):
        return script
    return script.replace(") STRICT, WITHOUT ROWID;", ") WITHOUT ROWID;").replace(") STRICT;", ");")


def statements(script: str) -> list[str]:
    """The statements of a script, each ending with its line, so that they run inside a transaction that is already open."""
    found: list[str] = []
    part = ""
    for line in for_this_sqlite(script).splitlines():
        part += line + "\n"
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    return [statement for statement in found if statement]
