-- Functions of before that know of assessments' attempts and rules now.

-- As it was, of the attempts that are graded.
CREATE OR REPLACE FUNCTION lms.rescore(institution uuid, users uuid[], sections uuid[]) RETURNS void LANGUAGE sql
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
    WHERE a.institution_id = institution AND a.user_id = ANY (users) AND a.section_id = ANY (sections) AND a.standing = 'graded'
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
    WHERE a.institution_id = institution AND a.user_id = ANY (users) AND a.section_id = ANY (sections) AND a.standing = 'graded'
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

-- As it was, with what an edit cannot have graded left alone.
CREATE OR REPLACE FUNCTION lms.regrade(institution uuid, people uuid[], sections uuid[], keyed uuid[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE lms.attempts a SET points = r.points, score = r.score,
    version = (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = institution AND h.user_id = a.user_id)
  FROM (SELECT x.user_id, x.attempt_id, g.points, g.score
    FROM lms.attempts x
    JOIN lms.sections s ON s.institution_id = institution AND s.section_id = x.section_id AND s.type = 'ASSESSMENT'
    CROSS JOIN LATERAL lms.grade_set(institution, x.section_id, s.type, x.responses) g
    WHERE x.institution_id = institution AND x.user_id = ANY (people) AND x.section_id = ANY (sections) AND x.standing = 'graded'
      AND x.responses ?| keyed::text[]) r
  WHERE a.institution_id = institution AND a.user_id = r.user_id AND a.attempt_id = r.attempt_id
$$;

-- As it was, with what an assessment is judged by in columns of its own.
CREATE OR REPLACE FUNCTION lms.import_sections(institution uuid, course uuid, lessons jsonb, OUT nodes jsonb, OUT changed int) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone int; bodies int; full_nodes jsonb;
BEGIN
  WITH named AS (
    SELECT l.n AS lesson_n, (l.item ->> 'id')::uuid AS lesson_id, d.n, d.item, s.section_id,
      CASE WHEN s.section_id IS NULL THEN lms.free_id(institution, d.item ->> 'id') END AS free
    FROM lms.items(lessons) l, lms.items(l.item -> 'sections') d
    LEFT JOIN lms.sections s ON s.institution_id = institution AND s.course_id = course AND s.section_id = lms.as_uuid(d.item ->> 'id')
  ), placed AS (
    SELECT d.*, coalesce(d.section_id, d.free, s.section_id, lms.uuid7()) AS id FROM named d
    LEFT JOIN LATERAL (SELECT x.section_id FROM lms.sections x WHERE coalesce(d.section_id, d.free) IS NULL AND x.institution_id = institution AND x.course_id = course
      AND x.lesson_id = d.lesson_id AND x.slug = d.item ->> 'slug' AND x.section_id NOT IN (SELECT y.section_id FROM named y WHERE y.section_id IS NOT NULL)
      ORDER BY x.retired_at DESC NULLS FIRST LIMIT 1) s ON true
  ) SELECT coalesce(jsonb_agg(p.item || jsonb_build_object('id', p.id, 'position', p.n, 'lesson_id', p.lesson_id) ORDER BY p.lesson_n, p.n), '[]')
    INTO full_nodes FROM placed p;

  INSERT INTO lms.sections AS t (institution_id, section_id, course_id, lesson_id, slug, position, title, type, minutes, required, rules, pass_mark,
    attempts_limit, opens_at, closes_at, time_limit_seconds, needs_connection, video, content_hash)
  SELECT institution, (s.item ->> 'id')::uuid, course, (s.item ->> 'lesson_id')::uuid, s.item ->> 'slug', (s.item ->> 'position')::int, s.item ->> 'title',
    lms.text_or(s.item, 'type', 'TEXT'), lms.as_count(s.item -> 'minutes'), s.item -> 'required' IS DISTINCT FROM 'false', r.rules,
    lms.as_number(r.rules ->> 'pass_mark'), nullif(lms.as_count(r.rules -> 'attempts'), 0),
    lms.as_moment(lms.text_or(r.rules, 'opens', NULL)), lms.as_moment(lms.text_or(r.rules, 'closes', NULL)),
    nullif(least(coalesce(lms.as_count(r.rules -> 'time_limit_seconds'), 0), 2147483647), 0), r.rules -> 'connection' IS NOT DISTINCT FROM '"required"', nullif(s.item -> 'video', 'null'), lms.text_or(s.item, 'content_hash', '')
  FROM lms.items(full_nodes) s, LATERAL (SELECT CASE WHEN jsonb_typeof(s.item -> 'rules') = 'object' THEN s.item -> 'rules' ELSE '{}' END) r(rules) ORDER BY 2
  ON CONFLICT (institution_id, section_id) DO UPDATE SET lesson_id = excluded.lesson_id, slug = excluded.slug, position = excluded.position,
    title = excluded.title, type = excluded.type, minutes = excluded.minutes, required = excluded.required, rules = excluded.rules,
    pass_mark = excluded.pass_mark, attempts_limit = excluded.attempts_limit,
    opens_at = excluded.opens_at, closes_at = excluded.closes_at, time_limit_seconds = excluded.time_limit_seconds,
    needs_connection = excluded.needs_connection, video = excluded.video, content_hash = excluded.content_hash, retired_at = NULL
  WHERE t.retired_at IS NOT NULL OR (t.lesson_id, t.slug, t.position, t.title, t.type, t.minutes, t.required, t.rules, t.video, t.content_hash,
      t.opens_at, t.closes_at, t.time_limit_seconds, t.needs_connection) IS DISTINCT FROM
    (excluded.lesson_id, excluded.slug, excluded.position, excluded.title, excluded.type, excluded.minutes, excluded.required, excluded.rules, excluded.video, excluded.content_hash,
      excluded.opens_at, excluded.closes_at, excluded.time_limit_seconds, excluded.needs_connection);
  GET DIAGNOSTICS changed = ROW_COUNT;
  UPDATE lms.sections s SET retired_at = now() WHERE s.institution_id = institution AND s.course_id = course AND s.retired_at IS NULL
    AND s.section_id <> ALL (ARRAY(SELECT (x.item ->> 'id')::uuid FROM lms.items(full_nodes) x));
  GET DIAGNOSTICS gone = ROW_COUNT;
  INSERT INTO lms.section_contents AS t (institution_id, section_id, body)
  SELECT institution, (s.item ->> 'id')::uuid, lms.text_or(s.item, 'body', '') FROM lms.items(full_nodes) s ORDER BY 2
  ON CONFLICT (institution_id, section_id) DO UPDATE SET body = excluded.body WHERE t.body <> excluded.body;
  GET DIAGNOSTICS bodies = ROW_COUNT;
  changed := changed + gone + bodies;
  nodes := (SELECT coalesce(jsonb_agg(s.item - 'body' ORDER BY s.n), '[]') FROM lms.items(full_nodes) s);
END $$;

-- As it was; an answer to an assessment that names an attempt is taken only where that was started.
CREATE OR REPLACE FUNCTION lms.take_events(person lms.users, device uuid, received timestamptz, skew interval, events jsonb,
  OUT verdicts jsonb, OUT fresh lms.learning_events[]) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE i uuid := person.institution_id; u uuid := person.user_id;
BEGIN
  WITH read AS MATERIALIZED (
    SELECT r.*, greatest(least(r.at + skew, received), timestamptz '2000-01-01 00:00+00') AS effective FROM lms.read_events(events) r
  ), known AS MATERIALIZED (
    SELECT r.*, c.content_version, c.course_id IS NOT NULL AND (c.published OR person.role <> 'STUDENT' OR n.user_id IS NOT NULL) AS visible,
      s.type, n.active, n.state_at, o.event_id IS NOT NULL AS stored,
      coalesce(o.kind, f.kind) = r.kind AND coalesce(o.course_id, f.course) = r.course AND coalesce(o.occurred_at, f.at) IS NOT DISTINCT FROM r.at
        AND coalesce(o.body, f.body) = r.body
        AND CASE WHEN o.event_id IS NULL THEN f.section ELSE o.section_id END IS NOT DISTINCT FROM r.section AS same
    FROM read r
    LEFT JOIN lms.courses c ON c.institution_id = i AND c.course_id = r.course
    LEFT JOIN lms.sections s ON s.institution_id = i AND s.section_id = r.section AND s.course_id = r.course
    LEFT JOIN lms.enrollments n ON n.institution_id = i AND n.user_id = u AND n.course_id = r.course
    LEFT JOIN lms.learning_events o ON o.institution_id = i AND o.user_id = u AND o.event_id = r.id
    LEFT JOIN read f ON r.again AND f.id = r.id AND NOT f.again
  ), sound AS MATERIALIZED (                           -- `flaw`: what is wrong with an event whoever is enrolled
    SELECT k.*, CASE
      WHEN NOT k.readable THEN 'rejected:bad_event'
      WHEN pg_column_size(k.raw) > 65536 THEN 'rejected:too_large'
      WHEN k.stored OR k.again THEN CASE WHEN k.same THEN 'duplicate' ELSE 'rejected:id_collision' END
      WHEN k.format <> 1 THEN 'deferred:unknown_format'
      WHEN k.kind NOT IN ('enrolled', 'left', 'opened', 'time', 'completed', 'attempt_started', 'answered', 'position', 'note', 'bookmark',
        'highlight', 'reviewed') THEN 'deferred:unknown_kind'
      WHEN k.at IS NULL THEN 'rejected:bad_time'
      WHEN NOT k.visible THEN 'rejected:unknown_item'
      WHEN k.section IS NOT NULL AND k.type IS NULL THEN CASE WHEN k.content_v > k.content_version THEN 'deferred:newer_content' ELSE 'rejected:unknown_item' END
      WHEN k.section IS NULL AND k.kind IN ('opened', 'time', 'completed', 'attempt_started', 'answered', 'position') THEN 'rejected:bad_event'
      END AS flaw
    FROM known k
  ), turn AS MATERIALIZED (
    SELECT n, kind, course, seq, at, effective FROM sound WHERE flaw IS NULL AND kind IN ('enrolled', 'left')
  ), counted AS MATERIALIZED (
    SELECT k.*, CASE
      WHEN k.flaw IS NOT NULL THEN k.flaw
      WHEN k.kind = 'enrolled' THEN 'applied'
      WHEN k.active IS NULL AND t.joined IS NOT TRUE THEN 'rejected:not_enrolled'
      WHEN k.kind = 'left' THEN 'applied'
      WHEN NOT coalesce(t.kind = 'enrolled' OR k.effective <= t.effective, k.active OR k.effective <= k.state_at) THEN 'rejected:not_enrolled'
      WHEN k.kind = 'time' AND NOT coalesce(lms.as_count(k.body -> 'seconds') <= 300, false) THEN 'rejected:bad_duration'
      WHEN k.kind = 'completed' AND k.type IN ('QUIZ', 'ASSESSMENT') THEN 'rejected:not_by_hand'
      WHEN k.kind = 'answered' AND (jsonb_typeof(k.body -> 'responses') IS DISTINCT FROM 'object' OR k.type = 'ASSESSMENT'
        AND coalesce(jsonb_typeof(k.body -> 'attempt'), 'null') <> 'null' AND lms.attempt_of(k.body) IS NULL) THEN 'rejected:bad_event'
      ELSE 'applied' END AS verdict
    FROM sound k
    LEFT JOIN LATERAL (SELECT t.kind, t.effective, bool_or(t.kind = 'enrolled') OVER () AS joined FROM turn t WHERE t.course = k.course AND (t.seq, t.at, t.n) < (k.seq, k.at, k.n)
      ORDER BY t.seq DESC, t.at DESC, t.n DESC LIMIT 1) t ON true
  ), judged AS MATERIALIZED (
    SELECT c.n, c.raw, c.id, c.again, c.format, c.kind, c.course, c.section, c.content_v, c.at, c.seq, c.boot, c.mono_ms, c.body, c.effective,
      CASE WHEN c.verdict = 'applied' AND c.kind = 'answered' AND c.type = 'ASSESSMENT' AND lms.attempt_of(c.body) IS NOT NULL
          AND NOT EXISTS (SELECT FROM counted b WHERE b.id = lms.attempt_of(c.body) AND b.kind = 'attempt_started' AND b.section = c.section AND b.verdict = 'applied')
          AND NOT EXISTS (SELECT FROM lms.attempts a WHERE a.institution_id = i AND a.user_id = u AND a.attempt_id = lms.attempt_of(c.body)
            AND a.start_id = a.attempt_id AND a.section_id = c.section)
        THEN 'rejected:not_started' ELSE c.verdict END AS verdict
    FROM counted c
  ), stored AS (
    INSERT INTO lms.learning_events (institution_id, user_id, event_id, kind, course_id, section_id, content_v, occurred_at, effective_at,
      received_at, device_id, seq, boot, mono_ms, format, body)
    SELECT i, u, id, kind, course, section, content_v, at, effective, received, device, seq, boot, mono_ms, format, body
    FROM judged WHERE verdict = 'applied' ORDER BY id
    ON CONFLICT (institution_id, user_id, event_id) DO NOTHING
    RETURNING *
  ), refused AS (
    INSERT INTO lms.event_rejects (institution_id, user_id, digest, code, event, device_id, received_at)
    SELECT DISTINCT ON (d.digest) i, u, d.digest, split_part(verdict, ':', 2),
      CASE WHEN pg_column_size(raw) <= 65536 THEN raw END, device, received
    FROM judged CROSS JOIN LATERAL (SELECT textsend(jsonb_typeof(raw)) || int4send(pg_column_size(raw)) || int8send(jsonb_hash_extended(raw, 0))
        || int8send(jsonb_hash_extended(raw, 1)) AS digest) d
    WHERE verdict LIKE 'rejected:%' AND (SELECT count(*) FROM lms.event_rejects x WHERE x.institution_id = i AND x.user_id = u) < 1000
    ON CONFLICT (institution_id, user_id, digest) DO NOTHING
  )
  SELECT (SELECT coalesce(jsonb_agg(jsonb_build_array(coalesce(j.id::text, left(lms.text_or(j.raw, 'id', NULL), 64)), split_part(v.verdict, ':', 1),
             nullif(split_part(v.verdict, ':', 2), ''), NULL) ORDER BY j.n), '[]')
           FROM judged j
           LEFT JOIN judged f ON j.again AND f.id = j.id AND NOT f.again
           CROSS JOIN LATERAL (SELECT CASE WHEN j.verdict = 'duplicate' AND f.verdict <> 'applied' THEN f.verdict ELSE j.verdict END) v(verdict)),
         (SELECT coalesce(array_agg(ROW(s.*)::lms.learning_events), '{}') FROM stored s)
    INTO verdicts, fresh;
END $$;

-- As it was, with attempts at assessments.
CREATE OR REPLACE FUNCTION lms.apply_events(person lms.users, fresh lms.learning_events[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i uuid := person.institution_id; u uuid := person.user_id; at_version bigint;
  touched uuid[] := ARRAY(SELECT DISTINCT e.section_id FROM unnest(fresh) e WHERE e.section_id IS NOT NULL);
  courses uuid[] := ARRAY(SELECT DISTINCT e.course_id FROM unnest(fresh) e);
  answered uuid[]; before jsonb; after jsonb;
BEGIN
  UPDATE lms.sync_head h SET version = h.version + 1 WHERE h.institution_id = i AND h.user_id = u RETURNING h.version INTO at_version;
  before := lms.completion_days(person, touched);
  PERFORM lms.apply_enrolments(person, fresh);
  answered := lms.apply_answers(person, fresh);
  IF EXISTS (SELECT FROM unnest(fresh) e WHERE e.kind IN ('attempt_started', 'answered') AND e.section_id <> ALL (answered)) THEN
    PERFORM lms.apply_starts(person, fresh, at_version);
    PERFORM lms.apply_hand_ins(person, fresh, at_version);
  END IF;
  PERFORM lms.apply_to_sections(person, fresh, at_version);
  IF answered <> '{}' THEN PERFORM lms.rescore(i, ARRAY[u], answered); END IF;
  PERFORM lms.apply_places(person, fresh, at_version);
  PERFORM lms.roll_up_lessons(i, ARRAY[u], courses);
  PERFORM lms.roll_up_courses(i, ARRAY[u], courses);
  PERFORM lms.apply_to_days(person, fresh, at_version);
  after := lms.completion_days(person, touched);
  IF before <> after THEN
    PERFORM lms.count_completions(i, person, ARRAY(SELECT value::date FROM jsonb_each_text(before) UNION SELECT value::date FROM jsonb_each_text(after)), at_version);
  END IF;
END $$;

-- As it was, with the attempts at assessments.
CREATE OR REPLACE FUNCTION lms.changes(person lms.users, after bigint) RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  i uuid := person.institution_id; u uuid := person.user_id; head bigint; until bigint;
BEGIN
  head := coalesce((SELECT h.version FROM lms.sync_head h WHERE h.institution_id = i AND h.user_id = u), 0);
  until := head;
  IF head - after > 1 THEN
    until := coalesce((SELECT p.version FROM lms.section_progress p WHERE p.institution_id = i AND p.user_id = u AND p.version > after
      ORDER BY p.version OFFSET 2000 LIMIT 1), head);
  END IF;
  RETURN jsonb_build_object('version', until, 'more', until < head,
    'sections', (SELECT coalesce(jsonb_agg(jsonb_build_object('course', p.course_id, 'lesson', s.lesson_id, 'section', p.section_id,
        'completed_at', p.completed_at, 'active_seconds', p.active_seconds, 'last_accessed_at', p.last_accessed_at, 'attempts', p.attempts,
        'score', p.score, 'questions', p.questions, 'version', p.version) ORDER BY p.section_id), '[]')
      FROM lms.course_progress c
      JOIN lms.section_progress p ON p.institution_id = i AND p.user_id = u AND p.course_id = c.course_id AND p.version > after AND p.version <= until
      JOIN lms.sections s ON s.institution_id = i AND s.section_id = p.section_id
      WHERE c.institution_id = i AND c.user_id = u AND c.version > after),
    'lessons', (SELECT coalesce(jsonb_agg(jsonb_build_object('course', l.course_id, 'lesson', l.lesson_id, 'done', l.done, 'total', l.total,
        'percent', l.percent, 'completed_at', l.completed_at, 'active_seconds', l.active_seconds, 'last_accessed_at', l.last_accessed_at,
        'score', l.score) ORDER BY l.lesson_id), '[]')
      FROM lms.course_progress c
      JOIN lms.lesson_progress l ON l.institution_id = i AND l.user_id = u AND l.course_id = c.course_id AND l.version > after AND l.version <= until
      WHERE c.institution_id = i AND c.user_id = u AND c.version > after),
    'courses', (SELECT coalesce(jsonb_agg(jsonb_build_object('course', p.course_id, 'enrolled', p.enrolled, 'enrolled_at', e.enrolled_at,
        'content_version', c.content_version, 'done', p.done, 'total', p.total, 'percent', p.percent, 'completed_at', p.completed_at,
        'active_seconds', p.active_seconds, 'last_accessed_at', p.last_accessed_at, 'score', p.score) ORDER BY p.course_id), '[]')
      FROM lms.course_progress p
      JOIN lms.courses c ON c.institution_id = i AND c.course_id = p.course_id
      JOIN lms.enrollments e ON e.institution_id = i AND e.user_id = u AND e.course_id = p.course_id
      WHERE p.institution_id = i AND p.user_id = u AND p.version > after AND p.version <= until),
    'days', (SELECT coalesce(jsonb_agg(jsonb_build_object('date', d.day, 'active_seconds', d.active_seconds, 'completed', d.completed,
        'answered', d.answered) ORDER BY d.day), '[]')
      FROM lms.daily_activity d WHERE d.institution_id = i AND d.user_id = u AND d.version > after AND d.version <= until),
    'attempts', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.attempt_id, 'course', a.course_id, 'section', a.section_id,
        'started_at', a.started_at, 'at', a.effective_at, 'received_at', a.received_at, 'standing', a.standing, 'score', a.score)
        ORDER BY a.attempt_id), '[]')
      FROM lms.attempts a WHERE a.institution_id = i AND a.user_id = u AND a.version > after AND a.version <= until),
    'places', (SELECT coalesce(jsonb_agg(jsonb_build_object('section', p.section_id, 'block', p.block, 'quote', p.quote, 'ratio', p.ratio,
        'at', p.effective_at) ORDER BY p.section_id), '[]')
      FROM lms.places p WHERE p.institution_id = i AND p.user_id = u AND p.version > after AND p.version <= until));
END $$;

-- As it was; what waits to be graded is graded first, under the same lock.
CREATE OR REPLACE FUNCTION lms.sync(institution uuid, device uuid, protocol int, client text, sent_at timestamptz, events jsonb, cursors jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  person lms.users := lms.caller(institution);
  received timestamptz := clock_timestamp();
  epoch text := (SELECT m.value FROM lms.meta m WHERE m.key = 'sync_epoch');
  same_epoch boolean := coalesce(cursors #> '{me,epoch}' = to_jsonb(epoch), false);
  seen uuid := lms.as_uuid(lms.text_or(cursors -> 'me', 'event', NULL)); restored boolean;
  grades boolean := EXISTS (SELECT FROM lms.attempts a WHERE a.institution_id = person.institution_id AND a.user_id = person.user_id
    AND a.standing = 'waiting' AND a.received_at < transaction_timestamp() AND coalesce(a.tried_at < transaction_timestamp() - interval '10 minutes', true));
  cursor_version bigint; verdicts jsonb := '[]'; fresh lms.learning_events[];
BEGIN
  IF protocol IS DISTINCT FROM 1 THEN RAISE EXCEPTION 'protocol: this database speaks protocol 1' USING ERRCODE = 'LMS02'; END IF;
  IF device IS NULL OR jsonb_typeof(events) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'bad_request: a device and an array of events are needed' USING ERRCODE = 'LMS03';
  END IF;
  IF jsonb_array_length(events) > 1000 OR pg_column_size(events) > 1048576 THEN
    RAISE EXCEPTION 'too_large: at most 1000 events and 1 MiB a call' USING ERRCODE = 'LMS01';
  END IF;
  restored := same_epoch AND seen IS NOT NULL AND NOT EXISTS (SELECT FROM lms.learning_events e
    WHERE e.institution_id = person.institution_id AND e.user_id = person.user_id AND e.event_id = seen);
  IF grades OR jsonb_array_length(events) > 0 THEN
    -- as a clause of the function it would end before the commit
    PERFORM set_config('synchronous_commit', 'on', true);
    -- an import recounts those who take the course already: who comes new waits for it, and is counted by what it left
    PERFORM FROM lms.courses c WHERE c.institution_id = person.institution_id AND c.course_id IN (SELECT lms.as_uuid(lms.text_or(e.event, 'course', NULL))
      FROM jsonb_array_elements(events) e(event) WHERE lms.text_or(e.event, 'kind', NULL) = 'enrolled') ORDER BY c.course_id FOR SHARE;
    INSERT INTO lms.sync_head (institution_id, user_id) VALUES (person.institution_id, person.user_id) ON CONFLICT (institution_id, user_id) DO NOTHING;
    PERFORM FROM lms.sync_head h WHERE h.institution_id = person.institution_id AND h.user_id = person.user_id FOR UPDATE;
    received := clock_timestamp();
    person := lms.caller(institution);                -- their zone may have changed while this waited
    IF grades THEN PERFORM lms.grade_waiting(person); END IF;
    SELECT t.verdicts, t.fresh INTO verdicts, fresh FROM lms.take_events(person, device, received, lms.clock_error(sent_at, received), events) t;
    IF cardinality(fresh) > 0 THEN PERFORM lms.apply_events(person, fresh); END IF;
  END IF;
  cursor_version := CASE WHEN same_epoch AND NOT restored THEN coalesce(lms.as_count(cursors #> '{me,version}'), 0) ELSE 0 END;
  IF cursor_version > coalesce((SELECT h.version FROM lms.sync_head h WHERE h.institution_id = person.institution_id AND h.user_id = person.user_id), 0) THEN
    cursor_version := 0;
  END IF;
  RETURN jsonb_build_object('now', received, 'protocol', '{"min": 1, "max": 1}'::jsonb, 'epoch', epoch, 'restored', restored,
      'verdicts', verdicts, 'notices', '[]'::jsonb)
    || lms.changes(person, cursor_version);
END $$;
