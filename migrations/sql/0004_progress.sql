-- What the events add up to. Each row carries the person's version at its last change.

CREATE TABLE lms.section_progress (                   -- the key is its only index: updates stay in their page
  institution_id   uuid NOT NULL,
  user_id          uuid NOT NULL,
  course_id        uuid NOT NULL,
  section_id       uuid NOT NULL,
  completed_at     timestamptz,
  active_seconds   bigint NOT NULL DEFAULT 0 CHECK (active_seconds >= 0),
  last_accessed_at timestamptz NOT NULL,
  attempts         int NOT NULL DEFAULT 0,
  score            numeric(5, 2),
  questions        jsonb NOT NULL DEFAULT '{}',       -- {question id: [best points, first answered at]}
  version          bigint NOT NULL,
  PRIMARY KEY (institution_id, user_id, course_id, section_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id, section_id) REFERENCES lms.sections (institution_id, course_id, section_id)
) WITH (fillfactor = 90);

CREATE TABLE lms.lesson_progress (
  institution_id   uuid NOT NULL,
  user_id          uuid NOT NULL,
  course_id        uuid NOT NULL,
  lesson_id        uuid NOT NULL,
  done             int NOT NULL,
  total            int NOT NULL,
  percent          int NOT NULL CHECK (percent BETWEEN 0 AND 100),
  completed_at     timestamptz,
  active_seconds   bigint NOT NULL,
  last_accessed_at timestamptz,
  score            numeric(5, 2),
  version          bigint NOT NULL,
  PRIMARY KEY (institution_id, user_id, course_id, lesson_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id, lesson_id) REFERENCES lms.lessons (institution_id, course_id, lesson_id)
) WITH (fillfactor = 85);

CREATE TABLE lms.course_progress (
  institution_id   uuid NOT NULL,
  user_id          uuid NOT NULL,
  course_id        uuid NOT NULL,
  enrolled         boolean NOT NULL,
  recent_at        timestamptz NOT NULL,              -- last access, or enrolment where there was none: the order of "my courses"
  done             int NOT NULL,
  total            int NOT NULL,
  percent          int NOT NULL CHECK (percent BETWEEN 0 AND 100),
  completed_at     timestamptz,
  active_seconds   bigint NOT NULL,
  last_accessed_at timestamptz,
  score            numeric(5, 2),
  version          bigint NOT NULL,
  PRIMARY KEY (institution_id, user_id, course_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id) REFERENCES lms.courses
) WITH (fillfactor = 80);
CREATE INDEX course_progress_recent ON lms.course_progress (institution_id, user_id, recent_at DESC, course_id DESC) WHERE enrolled;
CREATE INDEX course_progress_course ON lms.course_progress (institution_id, course_id);

CREATE TABLE lms.daily_activity (                     -- days are local to the person's stored zone
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  day            date NOT NULL,
  active_seconds int NOT NULL DEFAULT 0 CHECK (active_seconds BETWEEN 0 AND 86400),
  completed      int NOT NULL DEFAULT 0,
  answered       int NOT NULL DEFAULT 0,
  version        bigint NOT NULL,
  PRIMARY KEY (institution_id, user_id, day),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE
) WITH (fillfactor = 80);

CREATE TABLE lms.places (                             -- where a person was last in a section, newest by (time, device, seq, id)
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  course_id      uuid NOT NULL,
  section_id     uuid NOT NULL,
  block          text NOT NULL DEFAULT '',
  quote          text NOT NULL DEFAULT '',
  ratio          double precision NOT NULL DEFAULT 0,
  effective_at   timestamptz NOT NULL,
  device_id      uuid NOT NULL,
  seq            bigint NOT NULL,
  event_id       uuid NOT NULL,
  version        bigint NOT NULL,
  PRIMARY KEY (institution_id, user_id, section_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id, section_id) REFERENCES lms.sections (institution_id, course_id, section_id)
) WITH (fillfactor = 80);

SELECT lms.guard('own', 'section_progress', 'lesson_progress', 'course_progress', 'daily_activity', 'places');
