-- Progress of lessons and courses, recounted from section progress and never incremented: the twin of model/progress.py, roll_up.
-- Rows that stay the same keep their version. Each person's version must have been taken before, under their sync_head row.

CREATE FUNCTION lms.roll_up_lessons(institution uuid, users uuid[], courses uuid[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.lesson_progress AS t (institution_id, user_id, course_id, lesson_id, done, total, percent, completed_at, active_seconds,
    last_accessed_at, score, version)
  SELECT institution, h.user_id, r.course_id, r.lesson_id, r.done, r.total, CASE WHEN r.total > 0 THEN 100 * r.done / r.total ELSE 0 END,
    CASE WHEN r.total > 0 AND r.done = r.total THEN r.completed_at END, r.active_seconds, r.last_accessed_at, r.score, h.version
  FROM lms.sync_head h
  CROSS JOIN LATERAL (
    SELECT l.course_id, l.lesson_id, bool_or(p.section_id IS NOT NULL) AS touched,
      (count(*) FILTER (WHERE s.required AND s.retired_at IS NULL AND p.completed_at IS NOT NULL))::int AS done,
      (count(*) FILTER (WHERE s.required AND s.retired_at IS NULL))::int AS total,
      max(p.completed_at) FILTER (WHERE s.required AND s.retired_at IS NULL) AS completed_at,
      coalesce(sum(p.active_seconds), 0)::bigint AS active_seconds, max(p.last_accessed_at) AS last_accessed_at,
      round(avg(p.score) FILTER (WHERE s.retired_at IS NULL), 2) AS score
    FROM lms.lessons l
    LEFT JOIN lms.sections s ON s.institution_id = institution AND s.course_id = l.course_id AND s.lesson_id = l.lesson_id
    LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = h.user_id AND p.course_id = s.course_id
      AND p.section_id = s.section_id
    WHERE l.institution_id = institution AND l.course_id = ANY (courses)
    GROUP BY l.course_id, l.lesson_id) r
  -- a lesson whose touched sections have all moved to another one has a row, and no section that says so
  LEFT JOIN lms.lesson_progress o ON o.institution_id = institution AND o.user_id = h.user_id AND o.course_id = r.course_id
    AND o.lesson_id = r.lesson_id
  WHERE h.institution_id = institution AND h.user_id = ANY (users) AND (r.touched OR o.lesson_id IS NOT NULL)
  ORDER BY h.user_id, r.course_id, r.lesson_id
  ON CONFLICT (institution_id, user_id, course_id, lesson_id) DO UPDATE SET done = excluded.done, total = excluded.total,
    percent = excluded.percent, completed_at = excluded.completed_at, active_seconds = excluded.active_seconds,
    last_accessed_at = excluded.last_accessed_at, score = excluded.score, version = excluded.version
  WHERE (t.done, t.total, t.percent, t.completed_at, t.active_seconds, t.last_accessed_at, t.score) IS DISTINCT FROM
    (excluded.done, excluded.total, excluded.percent, excluded.completed_at, excluded.active_seconds, excluded.last_accessed_at, excluded.score)
$$;

-- A course's row takes the new version in any case: it is what a pull finds the changed sections and lessons by.
CREATE FUNCTION lms.roll_up_courses(institution uuid, users uuid[], courses uuid[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.course_progress AS t (institution_id, user_id, course_id, enrolled, recent_at, done, total, percent, completed_at,
    active_seconds, last_accessed_at, score, version)
  SELECT institution, e.user_id, e.course_id, e.active, coalesce(r.last_accessed_at, e.enrolled_at, e.state_at), r.done, r.total,
    CASE WHEN r.total > 0 THEN 100 * r.done / r.total ELSE 0 END, CASE WHEN r.total > 0 AND r.done = r.total THEN r.completed_at END,
    r.active_seconds, r.last_accessed_at, r.score, h.version
  FROM lms.enrollments e
  JOIN lms.sync_head h ON h.institution_id = institution AND h.user_id = e.user_id
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE s.required AND s.retired_at IS NULL AND p.completed_at IS NOT NULL))::int AS done,
      (count(*) FILTER (WHERE s.required AND s.retired_at IS NULL))::int AS total,
      max(p.completed_at) FILTER (WHERE s.required AND s.retired_at IS NULL) AS completed_at,
      coalesce(sum(p.active_seconds), 0)::bigint AS active_seconds, max(p.last_accessed_at) AS last_accessed_at,
      round(avg(p.score) FILTER (WHERE s.retired_at IS NULL), 2) AS score
    FROM lms.sections s
    LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = e.user_id AND p.course_id = e.course_id
      AND p.section_id = s.section_id
    WHERE s.institution_id = institution AND s.course_id = e.course_id) r
  WHERE e.institution_id = institution AND e.user_id = ANY (users) AND e.course_id = ANY (courses)
  ORDER BY e.user_id, e.course_id
  ON CONFLICT (institution_id, user_id, course_id) DO UPDATE SET enrolled = excluded.enrolled, recent_at = excluded.recent_at,
    done = excluded.done, total = excluded.total, percent = excluded.percent, completed_at = excluded.completed_at,
    active_seconds = excluded.active_seconds, last_accessed_at = excluded.last_accessed_at, score = excluded.score, version = excluded.version
$$;

-- The best points and the first answer of each question, the score, and when a QUIZ was done, from all attempts of the sections.
-- Completion is the earliest that is known: an edit of the course never takes it away.
CREATE FUNCTION lms.rescore(institution uuid, users uuid[], sections uuid[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
  WITH section AS (
    SELECT s.course_id, s.section_id, s.type, s.pass_mark, coalesce(sum(q.points), 0) AS points, count(q.question_id) AS questions,
      coalesce(array_agg(q.question_id::text) FILTER (WHERE q.question_id IS NOT NULL), '{}') AS live
    FROM lms.sections s
    LEFT JOIN lms.questions q ON q.institution_id = institution AND q.section_id = s.section_id AND q.retired_at IS NULL
    WHERE s.institution_id = institution AND s.section_id = ANY (sections)
    GROUP BY s.course_id, s.section_id, s.type, s.pass_mark
  ), answer AS MATERIALIZED (
    SELECT a.user_id, a.section_id, a.effective_at, a.device_id, a.seq, a.attempt_id, p.key AS question, p.value::numeric AS points
    FROM lms.attempts a CROSS JOIN LATERAL jsonb_each_text(a.points) p
    WHERE a.institution_id = institution AND a.user_id = ANY (users) AND a.section_id = ANY (sections) AND NOT a.over_limit
  ), best AS (
    SELECT user_id, section_id, question, max(points) AS points, min(effective_at) AS first_at FROM answer GROUP BY user_id, section_id, question
  ), state AS (
    SELECT b.user_id, s.section_id, jsonb_object_agg(b.question, jsonb_build_array(trim_scale(b.points), b.first_at)) AS questions,
      coalesce(sum(b.points) FILTER (WHERE b.question = ANY (s.live)), 0) AS won,
      count(*) FILTER (WHERE b.question = ANY (s.live)) AS answered, max(b.first_at) FILTER (WHERE b.question = ANY (s.live)) AS last_first_at
    FROM best b JOIN section s ON s.section_id = b.section_id GROUP BY b.user_id, s.section_id
  ), gain AS (                                        -- what each answer added to the best so far, in the order of time
    SELECT a.*, greatest(0, a.points - coalesce(max(a.points) OVER (PARTITION BY a.user_id, a.section_id, a.question
        ORDER BY a.effective_at, a.device_id, a.seq, a.attempt_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS added
    FROM answer a JOIN section s ON s.section_id = a.section_id WHERE s.type = 'QUIZ' AND s.pass_mark IS NOT NULL AND a.question = ANY (s.live)
  ), passed AS (
    SELECT g.user_id, g.section_id, min(g.effective_at) AS at
    FROM (SELECT user_id, section_id, effective_at, sum(added) OVER (PARTITION BY user_id, section_id ORDER BY effective_at, device_id, seq, attempt_id) AS won FROM gain) g
    JOIN section s ON s.section_id = g.section_id
    WHERE s.points > 0 AND round(100 * g.won / s.points, 2) >= s.pass_mark GROUP BY g.user_id, g.section_id
  ), graded AS (                                      -- an assessment's attempts are whole sets, graded one by one
    SELECT a.user_id, a.section_id, max(a.score) AS score, min(a.effective_at) AS at FROM lms.attempts a
    WHERE a.institution_id = institution AND a.user_id = ANY (users) AND a.section_id = ANY (sections) AND NOT a.over_limit
    GROUP BY a.user_id, a.section_id
  ), result AS (
    SELECT g.user_id, s.section_id, s.course_id, coalesce(t.questions, '{}') AS questions,
      CASE s.type WHEN 'QUIZ' THEN round(100 * coalesce(t.won, 0) / nullif(s.points, 0), 2) WHEN 'ASSESSMENT' THEN g.score END AS score,
      CASE s.type WHEN 'ASSESSMENT' THEN g.at WHEN 'QUIZ' THEN
        CASE WHEN s.pass_mark IS NOT NULL THEN p.at WHEN s.questions > 0 AND t.answered = s.questions THEN t.last_first_at END END AS completed_at
    FROM graded g JOIN section s ON s.section_id = g.section_id
    LEFT JOIN state t ON t.user_id = g.user_id AND t.section_id = g.section_id
    LEFT JOIN passed p ON p.user_id = g.user_id AND p.section_id = g.section_id
  )
  UPDATE lms.section_progress t SET questions = r.questions, score = r.score, completed_at = least(t.completed_at, r.completed_at), version = h.version
  FROM result r JOIN lms.sync_head h ON h.institution_id = institution AND h.user_id = r.user_id
  WHERE t.institution_id = institution AND t.user_id = r.user_id AND t.course_id = r.course_id AND t.section_id = r.section_id
    AND (t.questions, t.score, t.completed_at) IS DISTINCT FROM (r.questions, r.score, least(t.completed_at, r.completed_at))
$$;

-- A day counts the sections whose completion falls on it: recounted for the given days, because a late event can move one.
CREATE FUNCTION lms.count_completions(institution uuid, person lms.users, days date[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.daily_activity AS t (institution_id, user_id, day, completed, version)
  SELECT institution, person.user_id, d.day, count(p.section_id), at_version
  FROM (SELECT DISTINCT day FROM unnest(days) u(day)) d
  LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = person.user_id
    AND (p.completed_at AT TIME ZONE person.timezone)::date = d.day
  GROUP BY d.day ORDER BY d.day
  ON CONFLICT (institution_id, user_id, day) DO UPDATE SET completed = excluded.completed, version = excluded.version
  WHERE t.completed <> excluded.completed
$$;

-- All days of a person anew, from events and completions: after another zone was set, and after an edit moved completions.
-- Days that are empty now stay as rows of zeros, so that devices hear of them.
CREATE FUNCTION lms.recount_days(institution uuid, person lms.users, at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.daily_activity AS t (institution_id, user_id, day, active_seconds, completed, answered, version)
  SELECT institution, person.user_id, day, least(86400, sum(seconds)), sum(completed), sum(answered), at_version
  FROM (
    SELECT (e.effective_at AT TIME ZONE person.timezone)::date AS day,
      CASE WHEN e.kind = 'time' THEN (e.body ->> 'seconds')::int ELSE 0 END AS seconds, 0 AS completed, (e.kind = 'answered')::int AS answered
    FROM lms.learning_events e WHERE e.institution_id = institution AND e.user_id = person.user_id AND e.kind IN ('time', 'answered')
    UNION ALL
    SELECT (p.completed_at AT TIME ZONE person.timezone)::date, 0, 1, 0 FROM lms.section_progress p
    WHERE p.institution_id = institution AND p.user_id = person.user_id AND p.completed_at IS NOT NULL
    UNION ALL
    SELECT d.day, 0, 0, 0 FROM lms.daily_activity d WHERE d.institution_id = institution AND d.user_id = person.user_id
  ) x GROUP BY day ORDER BY day
  ON CONFLICT (institution_id, user_id, day) DO UPDATE SET active_seconds = excluded.active_seconds, completed = excluded.completed,
    answered = excluded.answered, version = excluded.version
  WHERE (t.active_seconds, t.completed, t.answered) IS DISTINCT FROM (excluded.active_seconds, excluded.completed, excluded.answered)
$$;
