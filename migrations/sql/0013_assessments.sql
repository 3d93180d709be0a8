-- Assessments: questions that are read when they may be, attempts around the opening, and grades for those who do not come back.

-- Imports wait for it, as they take a course first; who reads waits for the two columns, until the end.
LOCK TABLE lms.courses IN SHARE ROW EXCLUSIVE MODE;

-- `opens_at` is copied down from the section like `published`, so that the policy holds no subquery; only that of an ASSESSMENT.
-- `opens_with`: how many questions that is, for those who may not read them yet; 0 for every section that has no time to open.
ALTER TABLE lms.questions ADD COLUMN opens_at timestamptz;
ALTER TABLE lms.sections ADD COLUMN opens_with int NOT NULL DEFAULT 0;
ALTER POLICY published ON lms.questions USING (institution_id = lms.my_institution(current_user) AND published AND (opens_at IS NULL OR opens_at <= now()));

CREATE FUNCTION lms.settle_questions(institution uuid, course uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE lms.questions q SET opens_at = s.opens_at
  FROM (SELECT x.section_id, CASE WHEN x.type = 'ASSESSMENT' THEN x.opens_at END AS opens_at FROM lms.sections x
    WHERE x.institution_id = institution AND x.course_id = course) s
  WHERE q.institution_id = institution AND q.course_id = course AND q.section_id = s.section_id AND q.opens_at IS DISTINCT FROM s.opens_at;
  UPDATE lms.sections s SET opens_with = n.count
  FROM (SELECT x.section_id, (SELECT count(*)::int FROM lms.questions q WHERE q.institution_id = institution AND q.course_id = course
      AND q.section_id = x.section_id AND q.retired_at IS NULL AND q.opens_at IS NOT NULL) AS count
    FROM lms.sections x WHERE x.institution_id = institution AND x.course_id = course) n
  WHERE s.institution_id = institution AND s.section_id = n.section_id AND s.opens_with <> n.count
$$;

-- What is there already: the few courses that have such an assessment.
SELECT lms.settle_questions(c.institution_id, c.course_id)
FROM (SELECT DISTINCT s.institution_id, s.course_id FROM lms.sections s WHERE s.type = 'ASSESSMENT' AND s.opens_at IS NOT NULL) c;

-- As it was, but nothing is graded by what an edit took away, until it is back; and no longer than five seconds.
CREATE OR REPLACE FUNCTION lms.grade_waiting(person lms.users) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i uuid := person.institution_id; u uuid := person.user_id; attempt record; at_version bigint; sections uuid[] := '{}'; courses uuid[] := '{}';
  began timestamptz := clock_timestamp();
BEGIN
  at_version := 1 + (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = i AND h.user_id = u);
  UPDATE lms.attempts a SET tried_at = transaction_timestamp() FROM lms.sections s WHERE a.institution_id = i AND a.user_id = u AND a.standing = 'waiting'
    AND s.institution_id = i AND s.section_id = a.section_id AND s.retired_at IS NOT NULL;
  FOR attempt IN SELECT a.attempt_id, a.course_id, a.section_id, a.responses FROM lms.attempts a WHERE a.institution_id = i AND a.user_id = u
      AND a.standing = 'waiting' AND a.received_at < transaction_timestamp() AND coalesce(a.tried_at < transaction_timestamp() - interval '10 minutes', true)
      ORDER BY a.tried_at NULLS FIRST, a.received_at, a.attempt_id LIMIT 250 LOOP
    EXIT WHEN clock_timestamp() > began + interval '5 seconds';
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

-- The attempts of those who handed in and did not come back, as many as there is time for; what could not be graded is tried again. Who is at work is graded by their own next call.
CREATE FUNCTION lms.grade_course(institution uuid, course uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users; began timestamptz := clock_timestamp();
BEGIN
  FOR person IN SELECT u.* FROM lms.users u JOIN lms.sync_head h ON h.institution_id = institution AND h.user_id = u.user_id
      WHERE u.institution_id = institution AND u.user_id IN (SELECT a.user_id FROM lms.attempts a WHERE a.institution_id = institution
        AND a.course_id = course AND a.standing = 'waiting')
      ORDER BY u.user_id FOR UPDATE OF h SKIP LOCKED LOOP
    EXIT WHEN clock_timestamp() > began + interval '5 seconds';
    UPDATE lms.attempts a SET tried_at = NULL WHERE a.institution_id = institution AND a.user_id = person.user_id AND a.course_id = course
      AND a.standing = 'waiting' AND a.tried_at IS NOT NULL;
    PERFORM lms.grade_waiting(person);
  END LOOP;
END $$;
