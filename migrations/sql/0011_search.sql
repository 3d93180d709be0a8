-- Search by words. What is searched stands in a table of its own that nobody reads but lms.search: the words that a reader sees of a
-- course or a section, kept by whatever imports or publishes. Never an option, a hint or a key, and of an ASSESSMENT no question.
--
-- All texts are read as English. Its stemmer does no harm to words of other languages, because a query is stemmed in the same way, and
-- a configuration for each language would mean that a query has to be parsed once for each. A regconfig is never stored: it is a number
-- that means something else after a restore.

CREATE TABLE lms.search_entries (
  institution_id uuid NOT NULL,
  entry_id       uuid NOT NULL,                       -- of a section, or of a course
  course_id      uuid NOT NULL,
  lesson_id      uuid,                                -- null for a course
  ref            text NOT NULL,
  title          text NOT NULL,
  path           text NOT NULL,
  body           text NOT NULL,
  difficulty     text,
  category       text,
  published      boolean NOT NULL,
  words          tsvector NOT NULL,
  PRIMARY KEY (institution_id, entry_id),
  FOREIGN KEY (institution_id, course_id) REFERENCES lms.courses
);
CREATE INDEX search_entries_course ON lms.search_entries (institution_id, course_id);
SELECT lms.guard('closed', 'search_entries');

-- A text without what the reader does not see; the twin of lms_tui/model/passage.py. What marks a match is taken out first.
CREATE FUNCTION lms.shown(markdown text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text := left(translate(markdown, U&'\E000\E001' || chr(1), ''), 100000);
BEGIN
  t := regexp_replace(t, '^[ \t]*:{3,}[ \t]*\{?\.?(solution|answer|explanation|hint|instructor)(?![A-Za-z0-9_]).*(\n(?![ \t]*:::).*)*', ' ', 'gn');
  t := regexp_replace(t, '^[ \t]*(:::|```|~~~).*$', ' ', 'gn');
  t := regexp_replace(t, '<!--.*?-->', ' ', 'g');
  t := regexp_replace(t, '</?[A-Za-z][^<>]{0,250}>', ' ', 'g');
  t := regexp_replace(t, '\]\([^() \t\r\n\f\v]*( "[^"]*")?\)(\{[^{}]*\})?', '', 'g');
  t := regexp_replace(t, '^[ \t]*(\|[ \t]*)?:?--[-:| \t]*$', ' ', 'gn');
  t := regexp_replace(t, '^([ \t]*(#{1,6}|>|[-*+]|[0-9]{1,3}[.)])[ \t]+)+', ' ', 'gn');
  t := regexp_replace(t, '\[\[[0-9]{1,3}\]\]', '…', 'g');
  t := regexp_replace(t, '\*\*|__|~~|!?\[|\]|[`|]', '', 'g');
  RETURN btrim(regexp_replace(t, '[ \t\r\n\f\v]+', ' ', 'g'));
END $$;

-- A text in which every sign stands alone, so that no word hides in a file name, an address, a compound or between quotes; chr(1) is
-- taken away again. The signs are listed, because what PostgreSQL takes for a letter hangs on the database's locale: punctuation of
-- ASCII, Latin 1, typography, money, arrows, mathematics and boxes, CJK, full width, and pictures.
CREATE FUNCTION lms.spaced(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN regexp_replace(t, U&'([!-/:-@[-`{-~\0080-\00A9\00AB-\00B4\00B6-\00B9\00BB-\00BF\00D7\00F7\2000-\206F\20A0-\20CF\2190-\2BFF\2E00-\2E7F'
    '\3000-\3004\3008-\3020\3030\30FB\FE30-\FE6F\FF00-\FF0F\FF1A-\FF20\FF3B-\FF40\FF5B-\FF65\+01F000-\+01FAFF])', chr(1) || '\1' || chr(1), 'g');

-- Without capitals and accents. Letters without end are parted before: to bring the accents on one letter in order costs their square.
CREATE FUNCTION lms.unaccented(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN lms.fold(normalize(regexp_replace(normalize(regexp_replace(t, '([^ \t\r\n\x01]{250})', '\1 ', 'g'), NFD), U&'[\0300-\036F]', '', 'g'), NFC));

-- The words of a text as they are, and where it has other letters than those of ASCII, without capitals and accents as well.
CREATE FUNCTION lms.words(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT
  RETURN to_tsvector('pg_catalog.english', lms.spaced(t)) || CASE WHEN octet_length(t) > length(t)
    THEN to_tsvector('pg_catalog.english', lms.spaced(lms.unaccented(t))) ELSE '' END;

-- The institution as a word that no text can have: the index finds an institution's rows without looking at others'.
CREATE FUNCTION lms.institution_word(institution uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN '=' || institution;

-- The words of an entry, by where they stand, with its institution's.
CREATE FUNCTION lms.words_of(institution uuid, title text, path text, body text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN setweight(lms.words(title), 'A') || setweight(lms.words(path), 'B') || lms.words(body) || array_to_tsvector(ARRAY[lms.institution_word(institution)]);
END $$;

-- What is searched of a course and its sections, as they are now.
CREATE FUNCTION lms.entries_of(institution uuid, course uuid) RETURNS TABLE (entry_id uuid, lesson_id uuid, ref text, title text, path text, body text,
  difficulty text, category text, published boolean) LANGUAGE sql STABLE ROWS 30 SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.course_id, NULL, c.slug, c.title, '', lms.shown(c.summary), c.difficulty, c.category, c.published
  FROM lms.courses c WHERE c.institution_id = institution AND c.course_id = course
  UNION ALL
  SELECT s.section_id, s.lesson_id, c.slug || '/' || l.slug || '/' || s.slug, s.title, c.title || ' ' || l.title,
    lms.shown(concat_ws(E'\n\n', b.body, s.video ->> 'transcript', q.asked)), c.difficulty, c.category, s.published
  FROM lms.courses c
  JOIN lms.sections s ON s.institution_id = institution AND s.course_id = course AND s.retired_at IS NULL
  JOIN lms.lessons l ON l.institution_id = institution AND l.lesson_id = s.lesson_id AND l.retired_at IS NULL
  LEFT JOIN lms.section_contents b ON b.institution_id = institution AND b.section_id = s.section_id
  LEFT JOIN (SELECT x.section_id, string_agg(concat_ws(' ', x.question ->> 'title', x.question ->> 'prompt'), E'\n\n' ORDER BY x.position) AS asked
    FROM lms.questions x WHERE x.institution_id = institution AND x.course_id = course AND x.retired_at IS NULL GROUP BY x.section_id) q
    ON q.section_id = s.section_id AND s.type <> 'ASSESSMENT'
  WHERE c.institution_id = institution AND c.course_id = course
$$;

-- Rows that stay the same are not written. LIMIT has each looked up by its key, however little the planner knows of the table.
CREATE FUNCTION lms.keep_words(institution uuid, course uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM lms.search_entries e WHERE e.institution_id = institution AND e.course_id = course AND e.entry_id <> course
    AND NOT EXISTS (SELECT FROM lms.sections s WHERE s.institution_id = institution AND s.section_id = e.entry_id AND s.retired_at IS NULL);
  INSERT INTO lms.search_entries AS t (institution_id, entry_id, course_id, lesson_id, ref, title, path, body, difficulty, category, published, words)
  SELECT institution, n.entry_id, course, n.lesson_id, n.ref, n.title, n.path, n.body, n.difficulty, n.category, n.published,
    lms.words_of(institution, n.title, n.path, n.body)
  FROM lms.entries_of(institution, course) n
  LEFT JOIN LATERAL (SELECT * FROM lms.search_entries x WHERE x.institution_id = institution AND x.entry_id = n.entry_id LIMIT 1) o ON true
  WHERE o.entry_id IS NULL OR (o.lesson_id, o.ref, o.title, o.path, o.body, o.difficulty, o.category, o.published) IS DISTINCT FROM
    (n.lesson_id, n.ref, n.title, n.path, n.body, n.difficulty, n.category, n.published)
  ORDER BY n.entry_id
  ON CONFLICT (institution_id, entry_id) DO UPDATE SET course_id = excluded.course_id, lesson_id = excluded.lesson_id, ref = excluded.ref, title = excluded.title,
    path = excluded.path, body = excluded.body, difficulty = excluded.difficulty, category = excluded.category, published = excluded.published, words = excluded.words
$$;

-- Whatever settles a course keeps its words as well: the function from before does its work under another name.
ALTER FUNCTION lms.settle_course(uuid, uuid, boolean, int) RENAME TO settle_rows;
CREATE FUNCTION lms.settle_course(institution uuid, course uuid, live boolean, edits int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lms.settle_rows(institution, course, live, edits);
  PERFORM lms.keep_words(institution, course);
END $$;

-- The words of what is there already. Imports wait meanwhile, and learners do not; the table is new, so that nobody else waits for it.
LOCK TABLE lms.courses IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO lms.search_entries (institution_id, entry_id, course_id, lesson_id, ref, title, path, body, difficulty, category, published, words)
  SELECT c.institution_id, n.entry_id, c.course_id, n.lesson_id, n.ref, n.title, n.path, n.body, n.difficulty, n.category, n.published,
    lms.words_of(c.institution_id, n.title, n.path, n.body)
  FROM lms.courses c CROSS JOIN LATERAL lms.entries_of(c.institution_id, c.course_id) n;
CREATE INDEX search_entries_words ON lms.search_entries USING gin (words);
ANALYZE lms.search_entries;

-- Any of the words, each quoted: nothing of a query language can come in with one. `flags`: the weights that count, and * for a prefix.
-- What signs or blanks part is looked for as a phrase, of each part once: a repeated word in a long phrase costs its square.
CREATE FUNCTION lms.any_of(wanted text[], prefix boolean, weights text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE every tsquery := ''; form text; flags text; n int := 0; word text;
BEGIN
  FOREACH word IN ARRAY wanted LOOP
    n := n + 1;
    flags := CASE WHEN prefix AND n = cardinality(wanted) THEN '*' ELSE '' END || weights;
    FOREACH form IN ARRAY ARRAY[word, nullif(lms.unaccented(word), word)] LOOP
      form := (SELECT string_agg(p.part, ' ' ORDER BY p.n) FROM (SELECT x.part, min(x.n) AS n
        FROM regexp_split_to_table(lms.spaced(form), '[\s\x01]+') WITH ORDINALITY x(part, n) WHERE x.part <> '' GROUP BY 1 ORDER BY 2 LIMIT 8) p);
      CONTINUE WHEN form IS NULL;
      every := every || to_tsquery('pg_catalog.english', '''' || replace(replace(form, '\', '\\'), '''', '''''') || '''' || CASE WHEN flags <> '' THEN ':' || flags ELSE '' END);
    END LOOP;
  END LOOP;
  RETURN every;
END $$;

-- The best `most` of what holds any of the words and may be seen by the one who asks, best first. `within` is a ref or an id.
-- Candidates are capped after visibility: those with all the words first, then others. Ranking by ts_rank with all weights 1 over the
-- logarithm of the length was measured against ts_rank_cd, which finds next to nothing of what people ask in sentences.
CREATE FUNCTION lms.search(institution uuid, wanted text[], prefix boolean, within text, level text, subject text, include_completed boolean, most int)
RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person lms.users := lms.caller(institution);
  here constant tsquery := quote_literal(lms.institution_word(institution))::tsquery;
  given text[] := (SELECT coalesce(array_agg(left(w.w, 200) ORDER BY w.n), '{}') FROM unnest(wanted) WITH ORDINALITY w(w, n) WHERE w.n <= 16 AND w.w <> '');
  some_of tsquery := lms.any_of(given, prefix, '');
  all_of tsquery := here;
  in_title tsquery := lms.any_of(given, prefix, 'A');
  in_text tsquery := lms.any_of(given, prefix, 'D');
  place uuid := lms.as_uuid(within);
  one tsquery;
  n int;
BEGIN
  IF numnode(some_of) = 0 THEN RETURN '[]'; END IF;
  FOR n IN 1..cardinality(given) LOOP
    one := lms.any_of(given[n:n], prefix AND n = cardinality(given), '');
    IF numnode(one) > 0 THEN all_of := all_of && one; END IF;
  END LOOP;
  RETURN (
    WITH candidate AS MATERIALIZED (
      SELECT x.* FROM (SELECT e.entry_id, p.completed_at IS NOT NULL AS completed FROM lms.search_entries e
        LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = person.user_id AND p.section_id = e.entry_id
        WHERE e.words @@ all_of AND e.institution_id = institution AND (e.published OR person.role <> 'STUDENT')
          AND (level IS NULL OR e.difficulty = level) AND (subject IS NULL OR e.category = subject)
          AND (within IS NULL OR place IN (e.entry_id, e.course_id, e.lesson_id) OR e.ref = within OR starts_with(e.ref, within || '/'))
          AND (include_completed OR p.completed_at IS NULL) LIMIT 1000) x
      UNION
      SELECT x.* FROM (SELECT e.entry_id, p.completed_at IS NOT NULL AS completed FROM lms.search_entries e
        LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = person.user_id AND p.section_id = e.entry_id
        WHERE e.words @@ (here && some_of) AND e.institution_id = institution AND (e.published OR person.role <> 'STUDENT')
          AND (level IS NULL OR e.difficulty = level) AND (subject IS NULL OR e.category = subject)
          AND (within IS NULL OR place IN (e.entry_id, e.course_id, e.lesson_id) OR e.ref = within OR starts_with(e.ref, within || '/'))
          AND (include_completed OR p.completed_at IS NULL) LIMIT 1000) x
    ), best AS MATERIALIZED (
      SELECT e.*, c.completed, ts_rank('{1, 1, 1, 1}', e.words, some_of, 1) AS score
      FROM candidate c JOIN lms.search_entries e ON e.institution_id = institution AND e.entry_id = c.entry_id
      ORDER BY score DESC, e.entry_id LIMIT greatest(1, least(most, 100))
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.entry_id, 'kind', CASE WHEN b.lesson_id IS NULL THEN 'course' ELSE 'section' END, 'type', s.type,
        'ref', b.ref, 'title', b.title, 'course_id', b.course_id, 'course_ref', c.slug, 'course_title', c.title, 'lesson_title', l.title,
        'completed', b.completed OR g.completed_at IS NOT NULL, 'score', b.score,
        'matched', CASE WHEN b.words @@ in_title THEN 'title' WHEN b.words @@ in_text THEN 'text' ELSE 'path' END,
        'snippet', translate(ts_headline('pg_catalog.english', lms.spaced(left(b.body, 20000)), some_of,
          U&'StartSel="\E000", StopSel="\E001", MaxWords=28, MinWords=14, ShortWord=0'), chr(1), '')) ORDER BY b.score DESC, b.entry_id), '[]')
    FROM best b
    JOIN lms.courses c ON c.institution_id = institution AND c.course_id = b.course_id
    LEFT JOIN lms.lessons l ON l.institution_id = institution AND l.lesson_id = b.lesson_id
    LEFT JOIN lms.sections s ON s.institution_id = institution AND s.section_id = b.entry_id
    LEFT JOIN lms.course_progress g ON g.institution_id = institution AND g.user_id = person.user_id AND g.course_id = b.entry_id
  );
END $$;

GRANT EXECUTE ON FUNCTION lms.search(uuid, text[], boolean, text, text, text, boolean, int) TO lms_learner;
