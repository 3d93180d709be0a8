-- What a device sends, and what it gets back. The protocol: lms_tui/model/wire.py.

CREATE FUNCTION lms.as_uuid(t text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
  RETURN CASE WHEN t COLLATE "C" ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN t::uuid END;

CREATE FUNCTION lms.as_count(j jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN lms.as_integer(j) >= 0 THEN lms.as_integer(j) END;

-- The text of a key, where it has one: anything else could be very long as a text.
CREATE FUNCTION lms.text_or(j jsonb, key text, otherwise text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN jsonb_typeof(j -> key) = 'string' THEN j ->> key ELSE otherwise END;

-- The moment that an ISO 8601 text with a zone is, or null. Each part is checked, because PostgreSQL 15 has no cast that cannot fail.
CREATE FUNCTION lms.as_moment(t text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p text[] := regexp_match(t COLLATE "C",
    '^([0-9]{4})-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$');
  y int; m int; d int;
BEGIN
  IF p IS NULL THEN RETURN NULL; END IF;
  y := p[1]; m := p[2]; d := p[3];
  IF y < 1 OR d < 1 OR d > (CASE WHEN m = 2 THEN 28 + (y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0))::int WHEN m IN (4, 6, 9, 11) THEN 30 ELSE 31 END) THEN
    RETURN NULL;
  END IF;
  RETURN t::timestamptz;
END $$;

-- Events as columns; whatever cannot be read is null. `n` is the place in the batch, from 1; `again` is true from an id's second place on.
CREATE FUNCTION lms.read_events(events jsonb) RETURNS TABLE (n bigint, raw jsonb, id uuid, again boolean, format bigint, kind text,
  course uuid, section uuid, content_v int, at timestamptz, seq bigint, boot text, mono_ms bigint, body jsonb, readable boolean)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.n, p.raw, p.id, row_number() OVER (PARTITION BY p.id ORDER BY p.n) > 1, p.format, p.kind, p.course, p.section,
    least(coalesce(lms.as_count(p.raw -> 'content_v'), 0), 1000000000)::int, lms.as_moment(lms.text_or(p.raw, 'at', NULL)),
    coalesce(lms.as_count(p.raw -> 'seq'), 0), left(lms.text_or(p.raw, 'boot', ''), 64), coalesce(lms.as_count(p.raw -> 'mono_ms'), 0),
    coalesce(p.raw -> 'body', '{}'),
    jsonb_typeof(p.raw) = 'object' AND p.id IS NOT NULL AND p.course IS NOT NULL AND p.format IS NOT NULL
      AND p.kind IS NOT NULL AND coalesce(jsonb_typeof(p.raw -> 'body'), 'object') = 'object'
      AND (p.section IS NOT NULL OR coalesce(jsonb_typeof(p.raw -> 'section'), 'null') = 'null')
  FROM (SELECT e.n, e.raw, lms.text_or(e.raw, 'kind', NULL) AS kind, lms.as_uuid(lms.text_or(e.raw, 'id', NULL)) AS id,
      lms.as_uuid(lms.text_or(e.raw, 'course', NULL)) AS course, lms.as_uuid(lms.text_or(e.raw, 'section', NULL)) AS section,
      lms.as_count(coalesce(e.raw -> 'v', '1')) AS format
    FROM jsonb_array_elements(events) WITH ORDINALITY e(raw, n)
    OFFSET 0) p                                       -- so that each is read once
$$;

-- The verdict on each event, and the new ones stored, in one statement: `fresh` are the rows that were new.
-- Work counts when the person was enrolled at its time, by what is stored or by an `enrolled` event before it in the batch.
CREATE FUNCTION lms.take_events(person lms.users, device uuid, received timestamptz, skew interval, events jsonb,
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
  ), judged AS MATERIALIZED (
    SELECT k.*, CASE
      WHEN k.flaw IS NOT NULL THEN k.flaw
      WHEN k.kind = 'enrolled' THEN 'applied'
      WHEN k.active IS NULL AND t.joined IS NOT TRUE THEN 'rejected:not_enrolled'
      WHEN k.kind = 'left' THEN 'applied'
      WHEN NOT coalesce(t.kind = 'enrolled' OR k.effective <= t.effective, k.active OR k.effective <= k.state_at) THEN 'rejected:not_enrolled'
      WHEN k.kind = 'time' AND NOT coalesce(lms.as_count(k.body -> 'seconds') <= 300, false) THEN 'rejected:bad_duration'
      WHEN k.kind = 'completed' AND k.type IN ('QUIZ', 'ASSESSMENT') THEN 'rejected:not_by_hand'
      WHEN k.kind = 'answered' AND jsonb_typeof(k.body -> 'responses') IS DISTINCT FROM 'object' THEN 'rejected:bad_event'
      ELSE 'applied' END AS verdict
    FROM sound k
    LEFT JOIN LATERAL (SELECT t.kind, t.effective, bool_or(t.kind = 'enrolled') OVER () AS joined FROM turn t WHERE t.course = k.course AND (t.seq, t.at, t.n) < (k.seq, k.at, k.n)
      ORDER BY t.seq DESC, t.at DESC, t.n DESC LIMIT 1) t ON true
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

-- The latest of the enrolled and left events says whether a person is enrolled; what is stored is one of the candidates.
CREATE FUNCTION lms.apply_enrolments(person lms.users, fresh lms.learning_events[]) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.enrollments AS t (institution_id, user_id, course_id, enrolled_at, active, state_at, state_device, state_seq, state_event)
  SELECT DISTINCT ON (x.course_id) person.institution_id, person.user_id, x.course_id, min(x.enrolled_at) OVER (PARTITION BY x.course_id),
    x.active, x.at, x.device, x.seq, x.event
  FROM (
    SELECT e.course_id, CASE e.kind WHEN 'enrolled' THEN e.effective_at END, e.kind = 'enrolled', e.effective_at, e.device_id, e.seq, e.event_id
    FROM unnest(fresh) e WHERE e.kind IN ('enrolled', 'left')
    UNION ALL
    SELECT n.course_id, n.enrolled_at, n.active, n.state_at, n.state_device, n.state_seq, n.state_event FROM lms.enrollments n
    WHERE n.institution_id = person.institution_id AND n.user_id = person.user_id
      AND n.course_id IN (SELECT e.course_id FROM unnest(fresh) e WHERE e.kind IN ('enrolled', 'left'))
  ) x(course_id, enrolled_at, active, at, device, seq, event)
  ORDER BY x.course_id, x.at DESC, x.device DESC, x.seq DESC, x.event DESC
  ON CONFLICT (institution_id, user_id, course_id) DO UPDATE SET enrolled_at = excluded.enrolled_at, active = excluded.active,
    state_at = excluded.state_at, state_device = excluded.state_device, state_seq = excluded.state_seq, state_event = excluded.state_event
$$;

-- An answered set graded: points by question, and the score of a QUIZ or an ASSESSMENT, null where nothing can be graded. In an
-- ASSESSMENT nobody marks themself, and a question whose key is not here does not count.
CREATE FUNCTION lms.grade_set(institution uuid, section uuid, type text, responses jsonb, OUT points jsonb, OUT score numeric) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(q.question_id, trim_scale(w.points)) FILTER (WHERE w.points IS NOT NULL), '{}'),
    CASE WHEN type IN ('QUIZ', 'ASSESSMENT') THEN round(100 * coalesce(sum(w.points) FILTER (WHERE q.retired_at IS NULL AND counts), 0)
      / nullif(sum(q.points) FILTER (WHERE q.retired_at IS NULL AND counts), 0), 2) END
  FROM lms.questions q
  LEFT JOIN lms.answer_keys k ON k.institution_id = institution AND k.question_id = q.question_id
  CROSS JOIN LATERAL (SELECT type <> 'ASSESSMENT' OR q.kind <> 'self_marked' AND k.answer_key IS NOT NULL AS counts) c
  CROSS JOIN LATERAL (SELECT CASE WHEN responses ? q.question_id::text THEN
    CASE WHEN counts AND (k.answer_key IS NOT NULL OR q.kind = 'self_marked')
      THEN lms.grade(q.kind, k.answer_key, q.question, responses -> q.question_id::text) ELSE 0 END END AS points) w
  WHERE q.institution_id = institution AND q.section_id = section
$$;

-- Answers become attempts, graded here whatever the device thinks. An assessment's limit is used up in the order of arrival, in one
-- batch in that of the device: a time would be the learner's choice, and a wrong attempt could be pushed out by a later one. Once
-- counted is counted; one over the limit keeps its responses and is not graded, so that it tells nothing.
CREATE FUNCTION lms.apply_answers(person lms.users, fresh lms.learning_events[]) RETURNS uuid[] LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE i uuid := person.institution_id; u uuid := person.user_id; answered uuid[];
BEGIN
  answered := ARRAY(SELECT DISTINCT e.section_id FROM unnest(fresh) e WHERE e.kind = 'answered');
  IF answered = '{}' THEN RETURN answered; END IF;
  WITH turn AS MATERIALIZED (
    SELECT e.event_id, CASE WHEN s.type = 'ASSESSMENT' AND s.attempts_limit IS NOT NULL THEN
      row_number() OVER (PARTITION BY e.section_id ORDER BY e.seq, e.event_id) + (SELECT count(*) FROM lms.attempts x
        WHERE x.institution_id = i AND x.user_id = u AND x.section_id = e.section_id AND NOT x.over_limit) > s.attempts_limit ELSE false END AS over_limit
    FROM unnest(fresh) e JOIN lms.sections s ON s.institution_id = i AND s.section_id = e.section_id WHERE e.kind = 'answered'
  )
  INSERT INTO lms.attempts (institution_id, user_id, attempt_id, course_id, section_id, effective_at, device_id, seq, responses, hints, points, score, over_limit)
  SELECT i, u, e.event_id, e.course_id, e.section_id, e.effective_at, e.device_id, e.seq, e.body -> 'responses',
    CASE WHEN jsonb_typeof(e.body -> 'hints') = 'object' THEN e.body -> 'hints' ELSE '{}' END, coalesce(g.points, '{}'), g.score, t.over_limit
  FROM unnest(fresh) e
  JOIN turn t ON t.event_id = e.event_id
  JOIN lms.sections s ON s.institution_id = i AND s.section_id = e.section_id
  LEFT JOIN LATERAL lms.grade_set(i, e.section_id, s.type, e.body -> 'responses') g ON NOT t.over_limit
  WHERE e.kind = 'answered' ORDER BY e.event_id
  ON CONFLICT (institution_id, user_id, attempt_id) DO NOTHING;
  RETURN answered;
END $$;

CREATE FUNCTION lms.apply_to_sections(person lms.users, fresh lms.learning_events[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.section_progress AS t (institution_id, user_id, course_id, section_id, completed_at, active_seconds, last_accessed_at, attempts, version)
  SELECT person.institution_id, person.user_id, e.course_id, e.section_id, min(e.effective_at) FILTER (WHERE e.kind = 'completed'),
    coalesce(sum((e.body ->> 'seconds')::int) FILTER (WHERE e.kind = 'time'), 0), max(e.effective_at), count(*) FILTER (WHERE e.kind = 'answered'), at_version
  FROM unnest(fresh) e WHERE e.section_id IS NOT NULL
  GROUP BY e.course_id, e.section_id ORDER BY e.course_id, e.section_id
  ON CONFLICT (institution_id, user_id, course_id, section_id) DO UPDATE SET completed_at = least(t.completed_at, excluded.completed_at),
    active_seconds = t.active_seconds + excluded.active_seconds, last_accessed_at = greatest(t.last_accessed_at, excluded.last_accessed_at),
    attempts = t.attempts + excluded.attempts, version = excluded.version
$$;

CREATE FUNCTION lms.apply_places(person lms.users, fresh lms.learning_events[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.places AS t (institution_id, user_id, course_id, section_id, block, quote, ratio, effective_at, device_id, seq, event_id, version)
  SELECT DISTINCT ON (e.section_id) person.institution_id, person.user_id, e.course_id, e.section_id, left(lms.text_or(e.body, 'block', ''), 64),
    left(lms.text_or(e.body, 'quote', ''), 64),
    CASE WHEN jsonb_typeof(e.body -> 'ratio') = 'number' THEN least(greatest((e.body -> 'ratio')::numeric, 0), 1) ELSE 0 END,
    e.effective_at, e.device_id, e.seq, e.event_id, at_version
  FROM unnest(fresh) e WHERE e.kind = 'position'
  ORDER BY e.section_id, e.effective_at DESC, e.device_id DESC, e.seq DESC, e.event_id DESC
  ON CONFLICT (institution_id, user_id, section_id) DO UPDATE SET block = excluded.block, quote = excluded.quote, ratio = excluded.ratio,
    effective_at = excluded.effective_at, device_id = excluded.device_id, seq = excluded.seq, event_id = excluded.event_id, version = excluded.version
  WHERE (excluded.effective_at, excluded.device_id, excluded.seq, excluded.event_id) > (t.effective_at, t.device_id, t.seq, t.event_id)
$$;

CREATE FUNCTION lms.apply_to_days(person lms.users, fresh lms.learning_events[], at_version bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO lms.daily_activity AS t (institution_id, user_id, day, active_seconds, answered, version)
  SELECT person.institution_id, person.user_id, (e.effective_at AT TIME ZONE person.timezone)::date,
    least(86400, coalesce(sum((e.body ->> 'seconds')::int) FILTER (WHERE e.kind = 'time'), 0)), count(*) FILTER (WHERE e.kind = 'answered'), at_version
  FROM unnest(fresh) e WHERE e.kind IN ('time', 'answered') GROUP BY 3 ORDER BY 3
  ON CONFLICT (institution_id, user_id, day) DO UPDATE SET active_seconds = least(86400, t.active_seconds + excluded.active_seconds),
    answered = t.answered + excluded.answered, version = excluded.version
$$;

-- The local days on which the given sections were completed.
CREATE FUNCTION lms.completion_days(person lms.users, sections uuid[]) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(p.section_id, (p.completed_at AT TIME ZONE person.timezone)::date), '{}')
  FROM lms.section_progress p WHERE p.institution_id = person.institution_id AND p.user_id = person.user_id AND p.section_id = ANY (sections)
    AND p.completed_at IS NOT NULL
$$;

-- Everything that follows from the new events, in the same transaction and under the person's lock.
CREATE FUNCTION lms.apply_events(person lms.users, fresh lms.learning_events[]) RETURNS void LANGUAGE plpgsql
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

-- What changed for a person after a version, up to `until`, which ends after about 2,000 sections.
-- Versions are taken under the person's lock, so that no commit is missed.
CREATE FUNCTION lms.changes(person lms.users, after bigint) RETURNS jsonb LANGUAGE plpgsql STABLE
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
    'places', (SELECT coalesce(jsonb_agg(jsonb_build_object('section', p.section_id, 'block', p.block, 'quote', p.quote, 'ratio', p.ratio,
        'at', p.effective_at) ORDER BY p.section_id), '[]')
      FROM lms.places p WHERE p.institution_id = i AND p.user_id = u AND p.version > after AND p.version <= until));
END $$;

-- What to add to a device's times. Under two seconds it is the network and no error of the clock: times stay as the device has them.
CREATE FUNCTION lms.clock_error(sent_at timestamptz, received timestamptz) RETURNS interval LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE error interval := received - greatest(least(coalesce(sent_at, received), received + interval '100 years'), received - interval '100 years');
BEGIN RETURN CASE WHEN error BETWEEN interval '-2 seconds' AND interval '2 seconds' THEN interval '0' ELSE error END; END $$;

-- One call, one transaction, one round trip. Errors: 42501 for who may not; LMS01 for a batch that is too large;
-- LMS02 for another protocol; LMS03 for arguments that are not of the protocol's shape. No single event can cause one.
-- A cursor with an event that is not here is of a time that this database was taken back from: all is told anew, and that it is.
CREATE FUNCTION lms.sync(institution uuid, device uuid, protocol int, client text, sent_at timestamptz, events jsonb, cursors jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  person lms.users := lms.caller(institution);
  received timestamptz := clock_timestamp();
  epoch text := (SELECT m.value FROM lms.meta m WHERE m.key = 'sync_epoch');
  same_epoch boolean := coalesce(cursors #> '{me,epoch}' = to_jsonb(epoch), false);
  seen uuid := lms.as_uuid(lms.text_or(cursors -> 'me', 'event', NULL)); restored boolean;
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
  IF jsonb_array_length(events) > 0 THEN
    -- as a clause of the function it would end before the commit
    PERFORM set_config('synchronous_commit', 'on', true);
    -- an import recounts those who take the course already: who comes new waits for it, and is counted by what it left
    PERFORM FROM lms.courses c WHERE c.institution_id = person.institution_id AND c.course_id IN (SELECT lms.as_uuid(lms.text_or(e.event, 'course', NULL))
      FROM jsonb_array_elements(events) e(event) WHERE lms.text_or(e.event, 'kind', NULL) = 'enrolled') ORDER BY c.course_id FOR SHARE;
    INSERT INTO lms.sync_head (institution_id, user_id) VALUES (person.institution_id, person.user_id) ON CONFLICT (institution_id, user_id) DO NOTHING;
    PERFORM FROM lms.sync_head h WHERE h.institution_id = person.institution_id AND h.user_id = person.user_id FOR UPDATE;
    received := clock_timestamp();
    person := lms.caller(institution);                -- their zone may have changed while this waited
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

-- The same as sending one event. Raises P0002 for a course that is not there for this person, LMS04 for another refusal.
CREATE FUNCTION lms.one_event(institution uuid, kind text, course uuid) RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  moment timestamptz := clock_timestamp();
  reply jsonb := lms.sync(institution, '00000000-0000-0000-0000-000000000000', 1, 'lms.' || kind, moment,
    jsonb_build_array(jsonb_build_object('id', lms.uuid7(), 'kind', kind, 'course', course, 'at', moment)), '{}');
BEGIN
  IF reply #>> '{verdicts,0,1}' <> 'applied' THEN
    RAISE EXCEPTION '%', reply #>> '{verdicts,0,2}' USING ERRCODE = CASE WHEN reply #>> '{verdicts,0,2}' = 'unknown_item' THEN 'P0002' ELSE 'LMS04' END;
  END IF;
  RETURN reply;
END $$;

CREATE FUNCTION lms.enrol(institution uuid, course uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN lms.one_event(institution, 'enrolled', course); END $$;

CREATE FUNCTION lms.leave(institution uuid, course uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN lms.one_event(institution, 'left', course); END $$;

-- The zone that days are counted in from now on, and all days so far anew. Raises LMS03 for a name that is no zone.
CREATE FUNCTION lms.set_timezone(institution uuid, zone text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users := lms.caller(institution); at_version bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = zone) THEN RAISE EXCEPTION 'bad_timezone: not a time zone' USING ERRCODE = 'LMS03'; END IF;
  IF person.timezone = zone THEN RETURN; END IF;
  INSERT INTO lms.sync_head AS h (institution_id, user_id, version) VALUES (person.institution_id, person.user_id, 1)
    ON CONFLICT (institution_id, user_id) DO UPDATE SET version = h.version + 1 RETURNING h.version INTO at_version;
  UPDATE lms.users u SET timezone = zone WHERE u.institution_id = person.institution_id AND u.user_id = person.user_id RETURNING u.* INTO person;
  PERFORM lms.recount_days(person.institution_id, person, at_version);
END $$;

GRANT EXECUTE ON FUNCTION lms.sync(uuid, uuid, int, text, timestamptz, jsonb, jsonb), lms.enrol(uuid, uuid), lms.leave(uuid, uuid),
  lms.set_timezone(uuid, text) TO lms_learner;
