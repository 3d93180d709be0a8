-- What people did. Events are the truth; everything else of a person is derived from them.

CREATE TABLE lms.sync_head (                          -- one person's lock, and the commit-ordered number of their last change
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  version        bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (institution_id, user_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE
) WITH (fillfactor = 50);

-- By range of the event's own UUIDv7, so that an id counts once whatever its time. The first and the last partition take
-- every id before and after the months, because clocks lie and old work is accepted.
CREATE TABLE lms.learning_events (
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  event_id       uuid NOT NULL,
  kind           text NOT NULL,
  course_id      uuid NOT NULL,
  section_id     uuid,
  content_v      int NOT NULL DEFAULT 0,
  occurred_at    timestamptz NOT NULL,                -- what the device said
  effective_at   timestamptz NOT NULL,                -- corrected by the device's clock error, fixed at first receipt
  received_at    timestamptz NOT NULL,
  device_id      uuid NOT NULL,
  seq            bigint NOT NULL DEFAULT 0,
  boot           text NOT NULL DEFAULT '',
  mono_ms        bigint NOT NULL DEFAULT 0,
  format         smallint NOT NULL DEFAULT 1,
  body           jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (institution_id, user_id, event_id)
) PARTITION BY RANGE (event_id);
SELECT lms.guard('own', 'learning_events');

-- Grants and policies of the parent do not hold for a partition that is named directly, so each is closed by itself.
CREATE FUNCTION lms.add_event_partition(name text, bounds text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TABLE lms.%I PARTITION OF lms.learning_events FOR VALUES %s', name, bounds);
  PERFORM lms.guard('closed', name);
END $$;

-- Makes the months up to `until` and gives how many it made. Ids of later months that are there already move into theirs.
CREATE FUNCTION lms.ensure_event_months(until date) RETURNS int LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  month date := (SELECT value::date FROM lms.meta WHERE key = 'event_months_end');
  made  int := 0;
BEGIN
  IF month >= until THEN RETURN 0; END IF;
  LOCK TABLE lms.learning_events IN ACCESS EXCLUSIVE MODE;
  ALTER TABLE lms.learning_events DETACH PARTITION lms.learning_events_after;
  WHILE month < until LOOP
    PERFORM lms.add_event_partition('learning_events_' || to_char(month, 'YYYYMM'),
      format('FROM (%L) TO (%L)', lms.uuid7_floor(month), lms.uuid7_floor(month + interval '1 month')));
    month := month + interval '1 month';
    made := made + 1;
  END LOOP;
  WITH moved AS (DELETE FROM lms.learning_events_after a WHERE a.event_id < lms.uuid7_floor(month) RETURNING a.*)
  INSERT INTO lms.learning_events SELECT * FROM moved;
  EXECUTE format('ALTER TABLE lms.learning_events ATTACH PARTITION lms.learning_events_after FOR VALUES FROM (%L) TO (MAXVALUE)', lms.uuid7_floor(month));
  UPDATE lms.meta SET value = month::text WHERE key = 'event_months_end';
  RETURN made;
END $$;

DO $do$
DECLARE first date := date_trunc('month', now() AT TIME ZONE 'UTC' - interval '3 months');
BEGIN
  INSERT INTO lms.meta VALUES ('event_months_end', first::text);
  PERFORM lms.add_event_partition('learning_events_before', format('FROM (MINVALUE) TO (%L)', lms.uuid7_floor(first::timestamp AT TIME ZONE 'UTC')));
  PERFORM lms.add_event_partition('learning_events_after', format('FROM (%L) TO (MAXVALUE)', lms.uuid7_floor(first::timestamp AT TIME ZONE 'UTC')));
  PERFORM lms.ensure_event_months((first + interval '15 months')::date);
END $do$;

CREATE TABLE lms.event_rejects (                      -- kept, so that people who help can see them; `digest` makes a repetition one row
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  digest         bytea NOT NULL,
  code           text NOT NULL,
  event          jsonb,
  device_id      uuid NOT NULL,
  received_at    timestamptz NOT NULL,
  PRIMARY KEY (institution_id, user_id, digest),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE
);

-- `active` is what the latest of the enrolled and left events says; the state_ columns are that event's place in the order.
CREATE TABLE lms.enrollments (
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  course_id      uuid NOT NULL,
  enrolled_at    timestamptz,
  active         boolean NOT NULL,
  state_at       timestamptz NOT NULL,
  state_device   uuid NOT NULL,
  state_seq      bigint NOT NULL,
  state_event    uuid NOT NULL,
  PRIMARY KEY (institution_id, user_id, course_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id) REFERENCES lms.courses
);

CREATE TABLE lms.attempts (                           -- one answered set; its id is the event's
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  attempt_id     uuid NOT NULL,
  course_id      uuid NOT NULL,
  section_id     uuid NOT NULL,
  effective_at   timestamptz NOT NULL,
  device_id      uuid NOT NULL,
  seq            bigint NOT NULL,
  responses      jsonb NOT NULL,
  hints          jsonb NOT NULL,
  points         jsonb NOT NULL,                      -- {question id: points won}
  score          numeric(5, 2),                       -- 0 to 100; null where nothing is graded
  over_limit     boolean NOT NULL DEFAULT false,      -- not graded: no points, no score
  PRIMARY KEY (institution_id, user_id, attempt_id),
  FOREIGN KEY (institution_id, user_id) REFERENCES lms.users ON DELETE CASCADE,
  FOREIGN KEY (institution_id, course_id, section_id) REFERENCES lms.sections (institution_id, course_id, section_id)
);
CREATE INDEX attempts_section ON lms.attempts (institution_id, user_id, section_id);

SELECT lms.guard('own', 'sync_head', 'event_rejects', 'enrollments', 'attempts');
