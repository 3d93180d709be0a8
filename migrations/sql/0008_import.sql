-- Courses in: the model's JSON becomes rows. A node keeps its id where the document names it, or where its slug is known in its
-- place, retired ones included; everything else is new. What the document lacks is retired. Rows that stay the same are not written.
-- A personal library that was lost comes back from its person's cache under the ids that their events name: there, what is new takes
-- the id that the document gives it, where nothing has it. `restored` says that such a document knows no keys of assessments.

CREATE FUNCTION lms.refuse_course(reason text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'bad_course: %', reason USING ERRCODE = 'LMS03'; END $$;

-- The elements of a JSON list; none for anything else.
CREATE FUNCTION lms.items(j jsonb) RETURNS TABLE (item jsonb, n bigint) LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT e.item, e.n FROM jsonb_array_elements(CASE WHEN jsonb_typeof(j) = 'array' THEN j ELSE '[]' END) WITH ORDINALITY e(item, n);
END;

CREATE FUNCTION lms.list_of(j jsonb, key text) RETURNS jsonb LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN jsonb_typeof(j -> key) = 'array' THEN j -> key ELSE '[]' END;

-- What makes a document no course, in words, or null.
CREATE FUNCTION lms.course_problem(document jsonb) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE problem text;
BEGIN
  IF jsonb_typeof(document) IS DISTINCT FROM 'object' THEN RETURN 'it is not an object'; END IF;
  IF jsonb_typeof(document -> 'slug') IS DISTINCT FROM 'string' THEN RETURN 'it has no slug'; END IF;
  IF coalesce(length(lms.text_or(document, 'title', '')), 0) NOT BETWEEN 1 AND 500 THEN RETURN 'it has no title of at most 500 characters'; END IF;
  SELECT format('the %s %s stands there twice', x.what, x.name) INTO problem FROM (
    SELECT 'lesson' AS what, l.item ->> 'slug' AS name, '' AS place FROM lms.items(document -> 'lessons') l
    UNION ALL SELECT 'section', s.item ->> 'slug', l.n::text FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s
    UNION ALL SELECT 'question', q.item ->> 'key', l.n || '/' || s.n FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s, lms.items(s.item -> 'questions') q
    UNION ALL SELECT 'id', x.id::text, '' FROM (
      SELECT lms.as_uuid(l.item ->> 'id') FROM lms.items(document -> 'lessons') l
      UNION ALL SELECT lms.as_uuid(s.item ->> 'id') FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s
      UNION ALL SELECT lms.as_uuid(q.item ->> 'id') FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s, lms.items(s.item -> 'questions') q
    ) x(id) WHERE x.id IS NOT NULL
  ) x GROUP BY x.what, x.name, x.place HAVING count(*) > 1 LIMIT 1;
  IF problem IS NOT NULL THEN RETURN problem; END IF;
  SELECT format('the %s %s: %s', x.what, x.name, x.problem) INTO problem FROM (
    SELECT 'question' AS what, k.key AS name, lms.key_problem(k.value) AS problem
    FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s,
      jsonb_each(CASE WHEN jsonb_typeof(s.item -> 'keys') = 'object' THEN s.item -> 'keys' ELSE '{}' END) k
    UNION ALL
    SELECT 'question', q.item ->> 'key', CASE WHEN lms.as_number(coalesce(q.item ->> 'points', '1')) BETWEEN 0 AND 10000 THEN NULL ELSE 'its points must be a number from 0 to 10000' END
    FROM lms.items(document -> 'lessons') l, lms.items(l.item -> 'sections') s, lms.items(s.item -> 'questions') q
  ) x WHERE x.problem IS NOT NULL LIMIT 1;
  RETURN problem;
END $$;

-- The id that something new in a personal library may take, or null.
CREATE FUNCTION lms.free_id(institution uuid, wanted text) RETURNS uuid LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.id FROM (SELECT lms.as_uuid(wanted)) w(id)
  WHERE w.id IS NOT NULL AND EXISTS (SELECT FROM lms.institutions i WHERE i.institution_id = institution AND i.personal)
    AND NOT EXISTS (SELECT FROM lms.courses x WHERE x.institution_id = institution AND x.course_id = w.id)
    AND NOT EXISTS (SELECT FROM lms.lessons x WHERE x.institution_id = institution AND x.lesson_id = w.id)
    AND NOT EXISTS (SELECT FROM lms.sections x WHERE x.institution_id = institution AND x.section_id = w.id)
    AND NOT EXISTS (SELECT FROM lms.questions x WHERE x.institution_id = institution AND x.question_id = w.id)
$$;

-- The course's row, made or brought up to date, and locked. `changed` tells whether anything in it was new.
CREATE FUNCTION lms.import_head(institution uuid, document jsonb, OUT course uuid, OUT changed boolean) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE wanted text := document ->> 'slug'; origin text := lms.text_or(document, 'source', ''); taken lms.courses;
BEGIN
  INSERT INTO lms.courses (institution_id, course_id, slug, title)
    SELECT institution, coalesce(lms.free_id(institution, document ->> 'id'), lms.uuid7()), wanted, document ->> 'title'
    WHERE NOT EXISTS (SELECT FROM lms.courses c WHERE c.institution_id = institution AND c.course_id = lms.as_uuid(document ->> 'id'))
    ON CONFLICT DO NOTHING;
  SELECT c.* INTO taken FROM lms.courses c WHERE c.institution_id = institution AND (c.course_id = lms.as_uuid(document ->> 'id') OR c.slug = wanted)
    ORDER BY c.course_id = lms.as_uuid(document ->> 'id') DESC NULLS LAST LIMIT 1 FOR NO KEY UPDATE;
  course := taken.course_id;
  IF taken.content_version > 0 AND taken.source <> origin AND lms.as_uuid(document ->> 'id') IS DISTINCT FROM course THEN
    PERFORM lms.refuse_course(format('another course is called %s already', wanted));
  END IF;
  UPDATE lms.courses c SET slug = n.slug, title = n.title, summary = n.summary, body = n.body, language = n.language, version = n.version,
    authors = n.authors, license = n.license, tags = n.tags, difficulty = n.difficulty, category = n.category, pass_mark = n.pass_mark,
    source = n.source, content_hash = n.content_hash
  FROM (SELECT wanted AS slug, document ->> 'title' AS title, lms.text_or(document, 'summary', '') AS summary, lms.text_or(document, 'body', '') AS body,
      lms.text_or(document, 'language', 'en') AS language, lms.text_or(document, 'version', '') AS version, lms.list_of(document, 'authors') AS authors,
      lms.text_or(document, 'license', '') AS license, lms.list_of(document, 'tags') AS tags, lms.text_or(document, 'difficulty', NULL) AS difficulty,
      lms.text_or(document, 'category', NULL) AS category, lms.as_number(document ->> 'pass_mark') AS pass_mark, origin AS source,
      lms.text_or(document, 'content_hash', '') AS content_hash) n
  WHERE c.institution_id = institution AND c.course_id = course AND (c.content_version = 0
    OR (c.slug, c.title, c.summary, c.body, c.language, c.version, c.authors, c.license, c.tags, c.difficulty, c.category, c.pass_mark, c.source)
    IS DISTINCT FROM (n.slug, n.title, n.summary, n.body, n.language, n.version, n.authors, n.license, n.tags, n.difficulty, n.category, n.pass_mark, n.source));
  changed := FOUND;
END $$;

-- `nodes`: the lessons with their ids and places.
CREATE FUNCTION lms.import_lessons(institution uuid, course uuid, document jsonb, OUT nodes jsonb, OUT changed int) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone int;
BEGIN
  WITH named AS (
    SELECT d.n, d.item, l.lesson_id, CASE WHEN l.lesson_id IS NULL THEN lms.free_id(institution, d.item ->> 'id') END AS free FROM lms.items(document -> 'lessons') d
    LEFT JOIN lms.lessons l ON l.institution_id = institution AND l.course_id = course AND l.lesson_id = lms.as_uuid(d.item ->> 'id')
  ), placed AS (
    SELECT d.n, d.item, coalesce(d.lesson_id, d.free, l.lesson_id, lms.uuid7()) AS id FROM named d
    LEFT JOIN LATERAL (SELECT x.lesson_id FROM lms.lessons x WHERE coalesce(d.lesson_id, d.free) IS NULL AND x.institution_id = institution AND x.course_id = course
      AND x.slug = d.item ->> 'slug' AND x.lesson_id NOT IN (SELECT y.lesson_id FROM named y WHERE y.lesson_id IS NOT NULL)
      ORDER BY x.retired_at DESC NULLS FIRST LIMIT 1) l ON true
  ) SELECT coalesce(jsonb_agg(p.item || jsonb_build_object('id', p.id, 'position', p.n) ORDER BY p.n), '[]') INTO nodes FROM placed p;

  INSERT INTO lms.lessons AS t (institution_id, lesson_id, course_id, slug, position, title, body, minutes, objectives, questions, keypoints, requires)
  SELECT institution, (l.item ->> 'id')::uuid, course, l.item ->> 'slug', l.n, l.item ->> 'title', lms.text_or(l.item, 'body', ''), lms.as_count(l.item -> 'minutes'),
    lms.list_of(l.item, 'objectives'), lms.list_of(l.item, 'questions'), lms.list_of(l.item, 'keypoints'), lms.list_of(l.item, 'requires')
  FROM lms.items(nodes) l ORDER BY 2
  ON CONFLICT (institution_id, lesson_id) DO UPDATE SET slug = excluded.slug, position = excluded.position, title = excluded.title, body = excluded.body,
    minutes = excluded.minutes, objectives = excluded.objectives, questions = excluded.questions, keypoints = excluded.keypoints,
    requires = excluded.requires, retired_at = NULL
  WHERE t.retired_at IS NOT NULL OR (t.slug, t.position, t.title, t.body, t.minutes, t.objectives, t.questions, t.keypoints, t.requires) IS DISTINCT FROM
    (excluded.slug, excluded.position, excluded.title, excluded.body, excluded.minutes, excluded.objectives, excluded.questions, excluded.keypoints, excluded.requires);
  GET DIAGNOSTICS changed = ROW_COUNT;
  UPDATE lms.lessons l SET retired_at = now() WHERE l.institution_id = institution AND l.course_id = course AND l.retired_at IS NULL
    AND l.lesson_id <> ALL (ARRAY(SELECT (x.item ->> 'id')::uuid FROM lms.items(nodes) x));
  GET DIAGNOSTICS gone = ROW_COUNT;
  changed := changed + gone;
END $$;

-- `nodes`: the sections with their ids, places and lessons' ids, without bodies.
CREATE FUNCTION lms.import_sections(institution uuid, course uuid, lessons jsonb, OUT nodes jsonb, OUT changed int) LANGUAGE plpgsql
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
    attempts_limit, video, content_hash)
  SELECT institution, (s.item ->> 'id')::uuid, course, (s.item ->> 'lesson_id')::uuid, s.item ->> 'slug', (s.item ->> 'position')::int, s.item ->> 'title',
    lms.text_or(s.item, 'type', 'TEXT'), lms.as_count(s.item -> 'minutes'), s.item -> 'required' IS DISTINCT FROM 'false', r.rules,
    lms.as_number(r.rules ->> 'pass_mark'), nullif(lms.as_count(r.rules -> 'attempts'), 0), nullif(s.item -> 'video', 'null'), lms.text_or(s.item, 'content_hash', '')
  FROM lms.items(full_nodes) s, LATERAL (SELECT CASE WHEN jsonb_typeof(s.item -> 'rules') = 'object' THEN s.item -> 'rules' ELSE '{}' END) r(rules) ORDER BY 2
  ON CONFLICT (institution_id, section_id) DO UPDATE SET lesson_id = excluded.lesson_id, slug = excluded.slug, position = excluded.position,
    title = excluded.title, type = excluded.type, minutes = excluded.minutes, required = excluded.required, rules = excluded.rules,
    pass_mark = excluded.pass_mark, attempts_limit = excluded.attempts_limit, video = excluded.video, content_hash = excluded.content_hash, retired_at = NULL
  WHERE t.retired_at IS NOT NULL OR (t.lesson_id, t.slug, t.position, t.title, t.type, t.minutes, t.required, t.rules, t.video, t.content_hash) IS DISTINCT FROM
    (excluded.lesson_id, excluded.slug, excluded.position, excluded.title, excluded.type, excluded.minutes, excluded.required, excluded.rules, excluded.video, excluded.content_hash);
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

-- `rescored`: the sections whose questions or points are others now, or that got keys; `keyed`: the questions that had none before.
CREATE FUNCTION lms.import_questions(institution uuid, course uuid, sections jsonb, keep_keys boolean, OUT rescored uuid[], OUT keyed uuid[], OUT changed int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone uuid[]; written int; unkeyed int; nodes jsonb;
BEGIN
  WITH named AS (
    SELECT s.n AS section_n, (s.item ->> 'id')::uuid AS section_id, d.n, d.item, s.item -> 'keys' -> (d.item ->> 'key') AS answer_key, q.question_id,
      CASE WHEN q.question_id IS NULL THEN lms.free_id(institution, d.item ->> 'id') END AS free
    FROM lms.items(sections) s, lms.items(s.item -> 'questions') d
    LEFT JOIN lms.questions q ON q.institution_id = institution AND q.course_id = course AND q.question_id = lms.as_uuid(d.item ->> 'id')
  ), placed AS (
    SELECT d.*, coalesce(d.question_id, d.free, q.question_id, lms.uuid7()) AS id FROM named d
    LEFT JOIN LATERAL (SELECT x.question_id FROM lms.questions x WHERE coalesce(d.question_id, d.free) IS NULL AND x.institution_id = institution
      AND x.section_id = d.section_id AND x.key = d.item ->> 'key' AND x.question_id NOT IN (SELECT y.question_id FROM named y WHERE y.question_id IS NOT NULL)
      ORDER BY x.retired_at DESC NULLS FIRST LIMIT 1) q ON true
  ) SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'n', p.n, 'section_id', p.section_id, 'question', p.item, 'answer_key', p.answer_key) ORDER BY p.section_n, p.n), '[]')
    INTO nodes FROM placed p;

  WITH new AS (
    INSERT INTO lms.questions AS t (institution_id, question_id, course_id, section_id, key, position, kind, points, question)
    SELECT institution, (q.item ->> 'id')::uuid, course, (q.item ->> 'section_id')::uuid, q.item -> 'question' ->> 'key', (q.item ->> 'n')::int,
      q.item -> 'question' ->> 'kind', coalesce(lms.as_number(q.item -> 'question' ->> 'points'), 1), (q.item -> 'question') - 'id'
    FROM lms.items(nodes) q ORDER BY 2
    ON CONFLICT (institution_id, question_id) DO UPDATE SET section_id = excluded.section_id, key = excluded.key, position = excluded.position,
      kind = excluded.kind, points = excluded.points, question = excluded.question, retired_at = NULL
    WHERE t.retired_at IS NOT NULL OR (t.section_id, t.key, t.position, t.kind, t.points, t.question) IS DISTINCT FROM
      (excluded.section_id, excluded.key, excluded.position, excluded.kind, excluded.points, excluded.question)
    RETURNING t.section_id
  ) SELECT coalesce(array_agg(n.section_id), '{}') INTO rescored FROM new n;
  WITH retired AS (
    UPDATE lms.questions q SET retired_at = now() WHERE q.institution_id = institution AND q.course_id = course AND q.retired_at IS NULL
      AND q.question_id <> ALL (ARRAY(SELECT (x.item ->> 'id')::uuid FROM lms.items(nodes) x)) RETURNING q.section_id
  ) SELECT coalesce(array_agg(r.section_id), '{}') INTO gone FROM retired r;
  WITH put AS (
    INSERT INTO lms.answer_keys AS t (institution_id, question_id, answer_key)
    SELECT institution, (q.item ->> 'id')::uuid, q.item -> 'answer_key' FROM lms.items(nodes) q WHERE jsonb_typeof(q.item -> 'answer_key') = 'object' ORDER BY 2
    ON CONFLICT (institution_id, question_id) DO UPDATE SET answer_key = excluded.answer_key WHERE t.answer_key <> excluded.answer_key
    RETURNING t.question_id, t.xmax = 0 AS new
  ) SELECT count(*), coalesce(array_agg(p.question_id) FILTER (WHERE p.new), '{}') INTO written, keyed FROM put p;
  DELETE FROM lms.answer_keys k WHERE NOT keep_keys AND k.institution_id = institution AND k.question_id = ANY
    (ARRAY(SELECT (q.item ->> 'id')::uuid FROM lms.items(nodes) q WHERE jsonb_typeof(q.item -> 'answer_key') IS DISTINCT FROM 'object'));
  GET DIAGNOSTICS unkeyed = ROW_COUNT;
  changed := cardinality(rescored) + cardinality(gone) + written + unkeyed;
  rescored := ARRAY(SELECT DISTINCT x FROM unnest(rescored || gone) x
    UNION SELECT (q.item ->> 'section_id')::uuid FROM lms.items(nodes) q WHERE (q.item ->> 'id')::uuid = ANY (keyed));
END $$;

-- Counts, tags and visibility, as the course is now. Each statement writes only what differs.
CREATE FUNCTION lms.settle_course(institution uuid, course uuid, live boolean, edits int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE lms.courses c SET content_version = c.content_version + edits, updated_at = now(), published = live,
    published_at = CASE WHEN live THEN coalesce(c.published_at, now()) ELSE c.published_at END,
    lesson_count = (SELECT count(*) FROM lms.lessons l WHERE l.institution_id = institution AND l.course_id = course AND l.retired_at IS NULL),
    section_count = (SELECT count(*) FROM lms.sections s WHERE s.institution_id = institution AND s.course_id = course AND s.retired_at IS NULL),
    minutes = (SELECT coalesce(sum(coalesce(l.minutes, (SELECT sum(s.minutes) FROM lms.sections s WHERE s.institution_id = institution
        AND s.course_id = course AND s.lesson_id = l.lesson_id AND s.retired_at IS NULL))), 0)
      FROM lms.lessons l WHERE l.institution_id = institution AND l.course_id = course AND l.retired_at IS NULL)
  WHERE c.institution_id = institution AND c.course_id = course;
  UPDATE lms.lessons l SET published = live WHERE l.institution_id = institution AND l.course_id = course AND l.published <> live;
  UPDATE lms.sections s SET published = live WHERE s.institution_id = institution AND s.course_id = course AND s.published <> live;
  UPDATE lms.section_contents b SET published = live FROM lms.sections s WHERE s.institution_id = institution AND s.course_id = course
    AND b.institution_id = institution AND b.section_id = s.section_id AND b.published <> live;
  UPDATE lms.questions q SET published = live WHERE q.institution_id = institution AND q.course_id = course AND q.published <> live;
  DELETE FROM lms.course_tags t WHERE t.institution_id = institution AND t.course_id = course;
  INSERT INTO lms.course_tags (institution_id, course_id, tag, created_at, published)
  SELECT DISTINCT institution, course, left(t.item #>> '{}', 100), c.created_at, live FROM lms.courses c, lms.items(c.tags) t
  WHERE c.institution_id = institution AND c.course_id = course AND jsonb_typeof(t.item) = 'string'
  ON CONFLICT (institution_id, course_id, tag) DO NOTHING;
END $$;

-- An assessment's attempts that answered questions whose keys came only now: the person's lock is held.
CREATE FUNCTION lms.regrade(institution uuid, people uuid[], sections uuid[], keyed uuid[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE lms.attempts a SET points = r.points, score = r.score
  FROM (SELECT x.user_id, x.attempt_id, g.points, g.score
    FROM lms.attempts x
    JOIN lms.sections s ON s.institution_id = institution AND s.section_id = x.section_id AND s.type = 'ASSESSMENT'
    CROSS JOIN LATERAL lms.grade_set(institution, x.section_id, s.type, x.responses) g
    WHERE x.institution_id = institution AND x.user_id = ANY (people) AND x.section_id = ANY (sections) AND NOT x.over_limit
      AND x.responses ?| keyed::text[]) r
  WHERE a.institution_id = institution AND a.user_id = r.user_id AND a.attempt_id = r.attempt_id
$$;

-- What an edit means for the people who take the course: scores and shares anew. Each person's row is locked, in one order.
CREATE FUNCTION lms.recount_course(institution uuid, course uuid, rescored uuid[], keyed uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE people uuid[]; moved uuid[]; person lms.users; seen jsonb;
BEGIN
  people := ARRAY(SELECT h.user_id FROM lms.sync_head h
    WHERE h.institution_id = institution AND h.user_id IN (SELECT p.user_id FROM lms.course_progress p WHERE p.institution_id = institution AND p.course_id = course)
    ORDER BY h.user_id FOR UPDATE);
  IF people = '{}' THEN RETURN; END IF;
  UPDATE lms.sync_head h SET version = h.version + 1 WHERE h.institution_id = institution AND h.user_id = ANY (people);
  IF rescored <> '{}' THEN
    seen := (SELECT jsonb_object_agg(p.user_id || ' ' || p.section_id, p.completed_at) FROM lms.section_progress p
      WHERE p.institution_id = institution AND p.user_id = ANY (people) AND p.course_id = course AND p.section_id = ANY (rescored));
    PERFORM lms.regrade(institution, people, rescored, keyed);
    PERFORM lms.rescore(institution, people, rescored);
    moved := ARRAY(SELECT DISTINCT p.user_id FROM lms.section_progress p WHERE p.institution_id = institution AND p.user_id = ANY (people)
      AND p.course_id = course AND p.section_id = ANY (rescored) AND to_jsonb(p.completed_at) IS DISTINCT FROM nullif(seen -> (p.user_id || ' ' || p.section_id), 'null'));
    FOR person IN SELECT u.* FROM lms.users u WHERE u.institution_id = institution AND u.user_id = ANY (moved) LOOP
      PERFORM lms.recount_days(institution, person, (SELECT h.version FROM lms.sync_head h WHERE h.institution_id = institution AND h.user_id = person.user_id));
    END LOOP;
  END IF;
  PERFORM lms.roll_up_lessons(institution, people, ARRAY[course]);
  PERFORM lms.roll_up_courses(institution, people, ARRAY[course]);
END $$;

CREATE FUNCTION lms.course_state(institution uuid, course uuid, changed boolean) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('course_id', c.course_id, 'content_version', c.content_version, 'changed', changed, 'published', c.published)
  FROM lms.courses c WHERE c.institution_id = institution AND c.course_id = course
$$;

-- Raises LMS03 with a reason for a document that is no course, 42501 for who may not.
CREATE FUNCTION lms.import_course(institution uuid, document jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  person lms.users := lms.calling_instructor(institution);
  problem text := lms.course_problem(document);
  head record; lessons record; sections record; questions record; live boolean; changed boolean;
BEGIN
  IF problem IS NOT NULL THEN PERFORM lms.refuse_course(problem); END IF;
  SELECT h.* INTO head FROM lms.import_head(institution, document) h;
  SELECT l.* INTO lessons FROM lms.import_lessons(institution, head.course, document) l;
  SELECT s.* INTO sections FROM lms.import_sections(institution, head.course, lessons.nodes) s;
  SELECT q.* INTO questions FROM lms.import_questions(institution, head.course, sections.nodes, document -> 'restored' IS NOT DISTINCT FROM 'true') q;
  SELECT c.published OR i.personal INTO live FROM lms.courses c JOIN lms.institutions i ON i.institution_id = institution
    WHERE c.institution_id = institution AND c.course_id = head.course;
  changed := head.changed OR lessons.changed + sections.changed + questions.changed > 0;
  IF changed THEN
    PERFORM lms.settle_course(institution, head.course, live, 1);
    PERFORM lms.recount_course(institution, head.course, questions.rescored || ARRAY(SELECT s.section_id FROM lms.sections s
      WHERE s.institution_id = institution AND s.course_id = head.course AND s.pass_mark IS NOT NULL), questions.keyed);
  END IF;
  RETURN lms.course_state(institution, head.course, changed);
END $$;

CREATE FUNCTION lms.publish_course(institution uuid, course uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users := lms.calling_instructor(institution); live boolean;
BEGIN
  SELECT c.published INTO live FROM lms.courses c WHERE c.institution_id = institution AND c.course_id = course FOR NO KEY UPDATE;
  IF live IS NULL THEN RAISE EXCEPTION 'unknown_item: no such course' USING ERRCODE = 'P0002'; END IF;
  IF NOT live THEN PERFORM lms.settle_course(institution, course, true, 0); END IF;
  RETURN lms.course_state(institution, course, NOT live);
END $$;

-- Keys for feedback without a network: to those who take the course and to instructors, and never those of an ASSESSMENT.
CREATE FUNCTION lms.practice_keys(institution uuid, course uuid) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users := lms.caller(institution);
BEGIN
  IF person.role = 'STUDENT' AND NOT EXISTS (SELECT FROM lms.enrollments e WHERE e.institution_id = institution AND e.user_id = person.user_id
      AND e.course_id = course AND e.active) THEN
    RAISE EXCEPTION 'not_enrolled: keys are for those who take the course' USING ERRCODE = '42501';
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(q.question_id, k.answer_key), '{}')
    FROM lms.questions q
    JOIN lms.sections s ON s.institution_id = institution AND s.section_id = q.section_id
    JOIN lms.answer_keys k ON k.institution_id = institution AND k.question_id = q.question_id
    WHERE q.institution_id = institution AND q.course_id = course AND q.retired_at IS NULL AND s.retired_at IS NULL AND s.type <> 'ASSESSMENT');
END $$;

GRANT EXECUTE ON FUNCTION lms.practice_keys(uuid, uuid) TO lms_learner;
GRANT EXECUTE ON FUNCTION lms.import_course(uuid, jsonb), lms.publish_course(uuid, uuid) TO lms_instructor;
