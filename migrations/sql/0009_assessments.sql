-- Assessments: opened, limited in number and time, and graded so that nobody learns a score without using up an attempt.

ALTER TABLE lms.sections ADD COLUMN IF NOT EXISTS opens_at timestamptz, ADD COLUMN IF NOT EXISTS closes_at timestamptz,
  ADD COLUMN IF NOT EXISTS time_limit_seconds int CHECK (time_limit_seconds > 0), ADD COLUMN IF NOT EXISTS needs_connection boolean NOT NULL DEFAULT false;
UPDATE lms.sections s SET opens_at = lms.as_moment(lms.text_or(s.rules, 'opens', NULL)), closes_at = lms.as_moment(lms.text_or(s.rules, 'closes', NULL)),
  time_limit_seconds = nullif(least(coalesce(lms.as_count(s.rules -> 'time_limit_seconds'), 0), 2147483647), 0),
  needs_connection = s.rules -> 'connection' IS NOT DISTINCT FROM '"required"'
WHERE s.rules ?| ARRAY['opens', 'closes', 'time_limit_seconds', 'connection'];

-- An attempt at an ASSESSMENT is begun by an `attempt_started`, whose id it has, and completed by the first `answered` that names it;
-- one that was answered without a beginning has the id of the answer. `effective_at` and `received_at` are those of the answer.
-- Standings: started; waiting is answered and not graded yet; graded; the others are kept and do not count. `tried_at`: could not be graded then.
ALTER TABLE lms.attempts ALTER COLUMN effective_at DROP NOT NULL, ADD COLUMN IF NOT EXISTS standing text NOT NULL DEFAULT 'graded'
    CHECK (standing IN ('started', 'waiting', 'graded', 'over_limit', 'late', 'early')),
  ADD COLUMN IF NOT EXISTS start_id uuid, ADD COLUMN IF NOT EXISTS started_at timestamptz, ADD COLUMN IF NOT EXISTS received_at timestamptz,
  ADD COLUMN IF NOT EXISTS tried_at timestamptz,
  ADD COLUMN IF NOT EXISTS version bigint;            -- of an ASSESSMENT's attempts alone: the others are told of by their section
UPDATE lms.attempts SET standing = 'over_limit' WHERE over_limit;
UPDATE lms.attempts a SET version = (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = a.institution_id AND h.user_id = a.user_id),
  received_at = (SELECT e.received_at FROM lms.learning_events e
    WHERE e.institution_id = a.institution_id AND e.user_id = a.user_id AND e.event_id = a.attempt_id AND e.kind = 'answered')
FROM lms.sections s WHERE s.institution_id = a.institution_id AND s.section_id = a.section_id AND s.type = 'ASSESSMENT';
ALTER TABLE lms.attempts DROP COLUMN over_limit, ALTER COLUMN standing DROP DEFAULT;
CREATE INDEX attempts_waiting ON lms.attempts (institution_id, user_id) WHERE standing = 'waiting';
CREATE INDEX attempts_changed ON lms.attempts (institution_id, user_id, version) WHERE version IS NOT NULL;


-- The attempt that an answered set names, or null.
CREATE FUNCTION lms.attempt_of(body jsonb) RETURNS uuid LANGUAGE sql IMMUTABLE
  RETURN lms.as_uuid(lms.text_or(body, 'attempt', NULL));

CREATE FUNCTION lms.hints_of(body jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN jsonb_typeof(body -> 'hints') = 'object' THEN body -> 'hints' ELSE '{}' END;

-- What begins an attempt at an assessment: an `attempt_started`, or an answered set that names none. The limit is used up in the order of
-- arrival, in one batch in that of the device: a time would be the learner's choice, and a wrong attempt could be pushed out by a later
-- one. Nothing is used up by an attempt begun before the assessment opened, nor by an answer without a beginning that comes after closing,
-- or where time or a connection counts and nothing says when it was begun: it is kept as late, and nobody learns a score by it.
-- Where a connection is needed, time counts from when the database heard of the beginning; from when it was, where that was long before.
CREATE FUNCTION lms.apply_starts(person lms.users, fresh lms.learning_events[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  WITH begun AS MATERIALIZED (
    SELECT e.*, e.kind = 'answered' AS done, s.attempts_limit, coalesce(e.effective_at < s.opens_at, false) AS early,
      e.kind = 'answered' AND (coalesce(e.received_at > s.closes_at, false) OR s.time_limit_seconds IS NOT NULL OR s.needs_connection) AS late,
      CASE WHEN s.needs_connection AND e.received_at - e.effective_at <= interval '120 seconds' THEN e.received_at ELSE e.effective_at END AS from_when
    FROM unnest(fresh) e
    JOIN lms.sections s ON s.institution_id = person.institution_id AND s.section_id = e.section_id AND s.type = 'ASSESSMENT'
    WHERE e.kind = 'attempt_started' OR e.kind = 'answered' AND lms.attempt_of(e.body) IS NULL
  ), turn AS (
    SELECT b.*, b.attempts_limit IS NOT NULL AND count(*) FILTER (WHERE NOT b.early AND NOT b.late) OVER (PARTITION BY b.section_id ORDER BY b.seq, b.event_id)
      + (SELECT count(*) FROM lms.attempts x WHERE x.institution_id = person.institution_id AND x.user_id = person.user_id
          AND x.section_id = b.section_id AND x.standing NOT IN ('over_limit', 'early') AND (x.standing <> 'late' OR x.start_id IS NOT NULL))
        > b.attempts_limit AS over_limit
    FROM begun b
  )
  INSERT INTO lms.attempts (institution_id, user_id, attempt_id, course_id, section_id, effective_at, device_id, seq, responses, hints, points,
    standing, start_id, started_at, received_at, version)
  SELECT person.institution_id, person.user_id, t.event_id, t.course_id, t.section_id, CASE WHEN t.done THEN t.effective_at END, t.device_id, t.seq,
    CASE WHEN t.done THEN t.body -> 'responses' ELSE '{}' END, CASE WHEN t.done THEN lms.hints_of(t.body) ELSE '{}' END, '{}',
    CASE WHEN t.early THEN 'early' WHEN t.late THEN 'late' WHEN t.over_limit THEN 'over_limit' WHEN NOT t.done THEN 'started' ELSE 'waiting' END,
    CASE WHEN NOT t.done THEN t.event_id END, CASE WHEN NOT t.done THEN t.from_when END,
    CASE WHEN t.done THEN greatest(t.received_at, transaction_timestamp()) END, at_version
  FROM turn t ORDER BY t.event_id
  ON CONFLICT (institution_id, user_id, attempt_id) DO NOTHING
$$;

-- Answered sets of attempts that were started. The first completes its attempt; each other is kept beside it. Only a beginning can be early:
-- by a time before the opening, an attempt that is used up would be given back.
CREATE FUNCTION lms.apply_hand_ins(person lms.users, fresh lms.learning_events[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS MATERIALIZED (
    SELECT e.*, lms.attempt_of(e.body) AS attempt, s.closes_at, s.time_limit_seconds, s.needs_connection
    FROM unnest(fresh) e
    JOIN lms.sections s ON s.institution_id = person.institution_id AND s.section_id = e.section_id AND s.type = 'ASSESSMENT'
    WHERE e.kind = 'answered' AND lms.attempt_of(e.body) IS NOT NULL
  ), handed AS MATERIALIZED (
    SELECT e.event_id, e.course_id, e.section_id, e.effective_at, greatest(e.received_at, transaction_timestamp()) AS received_at, e.device_id, e.seq, e.body,
      a.attempt_id AS started, a.started_at, a.effective_at IS NULL AND row_number() OVER (PARTITION BY a.attempt_id ORDER BY e.seq, e.event_id) = 1 AS first,
      CASE WHEN a.standing IN ('over_limit', 'early') THEN a.standing
        WHEN e.received_at > e.closes_at OR e.needs_connection AND b.received_at >= transaction_timestamp() THEN 'late'
        WHEN CASE WHEN e.needs_connection THEN e.received_at ELSE e.effective_at END - a.started_at > (e.time_limit_seconds + 60) * interval '1 second' THEN 'late'
        ELSE 'waiting' END AS standing
    FROM named e
    CROSS JOIN LATERAL (SELECT x.* FROM lms.attempts x WHERE x.institution_id = person.institution_id AND x.user_id = person.user_id
      AND x.attempt_id = e.attempt LIMIT 1) a
    CROSS JOIN LATERAL (SELECT x.received_at FROM lms.learning_events x WHERE x.institution_id = person.institution_id AND x.user_id = person.user_id
      AND x.event_id = e.attempt LIMIT 1) b
  ), completed AS (
    UPDATE lms.attempts a SET effective_at = h.effective_at, received_at = h.received_at, device_id = h.device_id, seq = h.seq,
      responses = h.body -> 'responses', hints = lms.hints_of(h.body), standing = h.standing, version = at_version
    FROM handed h WHERE h.first AND a.institution_id = person.institution_id AND a.user_id = person.user_id AND a.attempt_id = h.started
  )
  INSERT INTO lms.attempts (institution_id, user_id, attempt_id, course_id, section_id, effective_at, device_id, seq, responses, hints, points,
    standing, start_id, started_at, received_at, version)
  SELECT person.institution_id, person.user_id, h.event_id, h.course_id, h.section_id, h.effective_at, h.device_id, h.seq, h.body -> 'responses',
    lms.hints_of(h.body), '{}', 'over_limit', h.started, h.started_at, h.received_at, at_version
  FROM handed h WHERE NOT h.first ORDER BY h.event_id
  ON CONFLICT (institution_id, user_id, attempt_id) DO NOTHING
$$;

-- Answers to practice and quizzes become attempts, graded here whatever the device thinks. Gives the sections of these.
CREATE OR REPLACE FUNCTION lms.apply_answers(person lms.users, fresh lms.learning_events[]) RETURNS uuid[] LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  WITH answered AS MATERIALIZED (
    SELECT e.*, s.type FROM unnest(fresh) e
    JOIN lms.sections s ON s.institution_id = person.institution_id AND s.section_id = e.section_id AND s.type <> 'ASSESSMENT'
    WHERE e.kind = 'answered'
  ), kept AS (
    INSERT INTO lms.attempts (institution_id, user_id, attempt_id, course_id, section_id, effective_at, device_id, seq, responses, hints, points, score,
      standing, received_at)
    SELECT person.institution_id, person.user_id, e.event_id, e.course_id, e.section_id, e.effective_at, e.device_id, e.seq, e.body -> 'responses',
      lms.hints_of(e.body), g.points, g.score, 'graded', e.received_at
    FROM answered e
    CROSS JOIN LATERAL lms.grade_set(person.institution_id, e.section_id, e.type, e.body -> 'responses') g
    ORDER BY e.event_id
    ON CONFLICT (institution_id, user_id, attempt_id) DO NOTHING
  )
  SELECT ARRAY(SELECT DISTINCT a.section_id FROM answered a)
$$;

-- Progress after attempts at some sections were graded, and lessons and courses after them.
CREATE FUNCTION lms.count_grades(person lms.users, sections uuid[], courses uuid[], at_version bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE i uuid := person.institution_id; u uuid := person.user_id; before jsonb := lms.completion_days(person, sections); after jsonb;
BEGIN
  PERFORM lms.rescore(i, ARRAY[u], sections);
  PERFORM lms.roll_up_lessons(i, ARRAY[u], courses);
  PERFORM lms.roll_up_courses(i, ARRAY[u], courses);
  after := lms.completion_days(person, sections);
  IF before <> after THEN
    PERFORM lms.count_completions(i, person, ARRAY(SELECT value::date FROM jsonb_each_text(before) UNION SELECT value::date FROM jsonb_each_text(after)), at_version);
  END IF;
END $$;

-- Grades what an earlier transaction received, under the person's lock. In the transaction that received it a score could be read and
-- the attempt taken back. What cannot be graded waits, is tried again ten minutes later and after what was not
-- tried yet, and holds nothing else up; so many at a time, so that no call is long.
CREATE FUNCTION lms.grade_waiting(person lms.users) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE i uuid := person.institution_id; u uuid := person.user_id; attempt record; at_version bigint; sections uuid[] := '{}'; courses uuid[] := '{}';
BEGIN
  at_version := 1 + (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = i AND h.user_id = u);
  FOR attempt IN SELECT a.attempt_id, a.course_id, a.section_id, a.responses FROM lms.attempts a WHERE a.institution_id = i AND a.user_id = u
      AND a.standing = 'waiting' AND a.received_at < transaction_timestamp() AND coalesce(a.tried_at < transaction_timestamp() - interval '10 minutes', true)
      ORDER BY a.tried_at NULLS FIRST, a.received_at, a.attempt_id LIMIT 250 LOOP
    BEGIN
      UPDATE lms.attempts a SET points = g.points, score = g.score, standing = 'graded', version = at_version
      FROM lms.grade_set(i, attempt.section_id, 'ASSESSMENT', attempt.responses) g
      WHERE a.institution_id = i AND a.user_id = u AND a.attempt_id = attempt.attempt_id;
      sections := sections || attempt.section_id;
      courses := courses || attempt.course_id;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'an attempt could not be graded (%)', SQLSTATE;
      UPDATE lms.attempts a SET tried_at = transaction_timestamp() WHERE a.institution_id = i AND a.user_id = u AND a.attempt_id = attempt.attempt_id;
    END;
  END LOOP;
  IF sections = '{}' THEN RETURN; END IF;
  UPDATE lms.sync_head h SET version = at_version WHERE h.institution_id = i AND h.user_id = u;
  PERFORM lms.count_grades(person, sections, courses, at_version);
END $$;

-- Where this revision was here before and was taken back: what was begun and not handed in is under way again, and what was handed in
-- knows its beginning again.
UPDATE lms.attempts a SET start_id = e.event_id, started_at = e.effective_at, received_at = (SELECT min(x.received_at) FROM lms.learning_events x
    WHERE x.institution_id = a.institution_id AND x.user_id = a.user_id AND x.kind = 'answered' AND lms.attempt_of(x.body) = a.attempt_id)
FROM lms.learning_events e, lms.sections s WHERE s.institution_id = a.institution_id AND s.section_id = a.section_id AND s.type = 'ASSESSMENT'
  AND e.institution_id = a.institution_id AND e.user_id = a.user_id AND e.event_id = a.attempt_id AND e.kind = 'attempt_started';
DO $do$
DECLARE person lms.users;
BEGIN
  FOR person IN SELECT u.* FROM lms.users u WHERE EXISTS (SELECT FROM lms.learning_events e
      WHERE e.institution_id = u.institution_id AND e.user_id = u.user_id AND e.kind = 'attempt_started') LOOP
    PERFORM lms.apply_starts(person, ARRAY(SELECT e FROM lms.learning_events e
        WHERE e.institution_id = person.institution_id AND e.user_id = person.user_id AND e.kind = 'attempt_started'
          AND NOT EXISTS (SELECT FROM lms.attempts a WHERE a.institution_id = e.institution_id AND a.user_id = e.user_id AND a.attempt_id = e.event_id)
          AND NOT EXISTS (SELECT FROM lms.learning_events x WHERE x.institution_id = e.institution_id AND x.user_id = e.user_id AND x.kind = 'answered'
            AND lms.attempt_of(x.body) = e.event_id)),
      (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = person.institution_id AND h.user_id = person.user_id));
  END LOOP;
END $do$;
