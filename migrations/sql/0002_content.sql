-- What is taught. `published` is copied down from the course, so that a policy can hide drafts without a join.
-- A node that an edit removed is retired, not deleted: what people did there stays.

CREATE TABLE lms.courses (
  institution_id  uuid NOT NULL REFERENCES lms.institutions,
  course_id       uuid NOT NULL DEFAULT lms.uuid7(),
  slug            text NOT NULL CHECK (length(slug) BETWEEN 1 AND 200 AND slug !~ '[/[:space:]]'),
  title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
  summary         text NOT NULL DEFAULT '',
  body            text NOT NULL DEFAULT '',
  language        text NOT NULL DEFAULT 'en',
  version         text NOT NULL DEFAULT '',
  authors         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(authors) = 'array'),
  license         text NOT NULL DEFAULT '',
  tags            jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tags) = 'array'),
  difficulty      text CHECK (difficulty IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT')),
  category        text,
  pass_mark       numeric CHECK (pass_mark BETWEEN 0 AND 100),
  source          text NOT NULL DEFAULT '',
  content_hash    text NOT NULL DEFAULT '',
  content_version int NOT NULL DEFAULT 0,
  lesson_count    int NOT NULL DEFAULT 0,
  section_count   int NOT NULL DEFAULT 0,
  minutes         int NOT NULL DEFAULT 0,
  published       boolean NOT NULL DEFAULT false,
  published_at    timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (institution_id, course_id),
  -- an exclusion and not a unique key: renaming a course then takes no lock that learners' foreign keys wait for
  CONSTRAINT courses_slug EXCLUDE USING btree (institution_id WITH =, slug WITH =)
);
CREATE INDEX courses_recent ON lms.courses (institution_id, created_at DESC, course_id DESC) WHERE published;
CREATE INDEX courses_difficulty ON lms.courses (institution_id, difficulty, created_at DESC, course_id DESC) WHERE published;
CREATE INDEX courses_category ON lms.courses (institution_id, category, created_at DESC, course_id DESC) WHERE published;

-- Equality of text is leakproof, array operators are not: under row-level security only this form can use an index.
CREATE TABLE lms.course_tags (
  institution_id uuid NOT NULL,
  course_id      uuid NOT NULL,
  tag            text NOT NULL,
  created_at     timestamptz NOT NULL,
  published      boolean NOT NULL DEFAULT false,
  PRIMARY KEY (institution_id, course_id, tag),
  FOREIGN KEY (institution_id, course_id) REFERENCES lms.courses
);
CREATE INDEX course_tags_recent ON lms.course_tags (institution_id, tag, created_at DESC, course_id DESC);

CREATE TABLE lms.lessons (
  institution_id uuid NOT NULL,
  lesson_id      uuid NOT NULL,
  course_id      uuid NOT NULL,
  slug           text NOT NULL CHECK (length(slug) BETWEEN 1 AND 200 AND slug !~ '[/[:space:]]'),
  position       int NOT NULL,
  title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
  body           text NOT NULL DEFAULT '',
  minutes        int,
  objectives     jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(objectives) = 'array'),
  questions      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(questions) = 'array'),
  keypoints      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(keypoints) = 'array'),
  requires       jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(requires) = 'array'),
  published      boolean NOT NULL DEFAULT false,
  retired_at     timestamptz,
  PRIMARY KEY (institution_id, lesson_id),
  UNIQUE (institution_id, course_id, lesson_id),
  FOREIGN KEY (institution_id, course_id) REFERENCES lms.courses,
  CONSTRAINT lessons_slug EXCLUDE USING btree (institution_id WITH =, course_id WITH =, slug WITH =)
    WHERE (retired_at IS NULL) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE lms.sections (
  institution_id uuid NOT NULL,
  section_id     uuid NOT NULL,
  course_id      uuid NOT NULL,
  lesson_id      uuid NOT NULL,
  slug           text NOT NULL CHECK (length(slug) BETWEEN 1 AND 200 AND slug !~ '[/[:space:]]'),
  position       int NOT NULL,
  title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
  type           text NOT NULL CHECK (type IN ('TEXT', 'VIDEO', 'QUIZ', 'ACTIVITY', 'ASSESSMENT')),
  minutes        int,
  required       boolean NOT NULL DEFAULT true,
  rules          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(rules) = 'object'),
  pass_mark      numeric CHECK (pass_mark BETWEEN 0 AND 100),
  attempts_limit int CHECK (attempts_limit > 0),
  video          jsonb,
  content_hash   text NOT NULL DEFAULT '',
  published      boolean NOT NULL DEFAULT false,
  retired_at     timestamptz,
  PRIMARY KEY (institution_id, section_id),
  UNIQUE (institution_id, course_id, section_id),
  FOREIGN KEY (institution_id, course_id, lesson_id) REFERENCES lms.lessons (institution_id, course_id, lesson_id),
  CONSTRAINT sections_slug EXCLUDE USING btree (institution_id WITH =, lesson_id WITH =, slug WITH =)
    WHERE (retired_at IS NULL) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE lms.section_contents (                   -- bodies apart: outlines read none of them
  institution_id uuid NOT NULL,
  section_id     uuid NOT NULL,
  body           text NOT NULL,
  published      boolean NOT NULL DEFAULT false,
  PRIMARY KEY (institution_id, section_id),
  FOREIGN KEY (institution_id, section_id) REFERENCES lms.sections
);

CREATE TABLE lms.questions (                          -- what a learner may see; `question` is the model's JSON as imported
  institution_id uuid NOT NULL,
  question_id    uuid NOT NULL,
  course_id      uuid NOT NULL,
  section_id     uuid NOT NULL,
  key            text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  position       int NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('single', 'multiple', 'numeric', 'text', 'blanks', 'matching', 'order', 'code_output', 'self_marked')),
  points         numeric(12, 4) NOT NULL CHECK (points >= 0),
  question       jsonb NOT NULL CHECK (jsonb_typeof(question) = 'object'),
  published      boolean NOT NULL DEFAULT false,
  retired_at     timestamptz,
  PRIMARY KEY (institution_id, question_id),
  FOREIGN KEY (institution_id, course_id, section_id) REFERENCES lms.sections (institution_id, course_id, section_id)
);
CREATE INDEX questions_section ON lms.questions (institution_id, section_id, position);
CREATE INDEX questions_course ON lms.questions (institution_id, course_id);

CREATE TABLE lms.answer_keys (                        -- for the grading functions alone
  institution_id uuid NOT NULL,
  question_id    uuid NOT NULL,
  answer_key     jsonb NOT NULL CHECK (jsonb_typeof(answer_key) = 'object'),
  PRIMARY KEY (institution_id, question_id),
  FOREIGN KEY (institution_id, question_id) REFERENCES lms.questions
);

SELECT lms.guard('content', 'courses', 'course_tags', 'lessons', 'sections', 'section_contents', 'questions');
SELECT lms.guard('closed', 'answer_keys');
