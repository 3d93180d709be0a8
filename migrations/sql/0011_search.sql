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

-- English without a list of words that are too common: a search for nothing but such words finds them.
CREATE TEXT SEARCH DICTIONARY lms.english_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = 'english');
CREATE TEXT SEARCH CONFIGURATION lms.english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION lms.english ALTER MAPPING REPLACE pg_catalog.english_stem WITH lms.english_stem;

-- Code, whose signs have stand-ins while markup is taken out around it. In prose spans of code stand between backticks.
CREATE FUNCTION lms.kept(code text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN translate(code, '<>[]()*_~!`|', U&'\E002\E003\E004\E005\E006\E007\E008\E009\E00A\E00B\E00C\E00D');
CREATE FUNCTION lms.with_code(prose text, around text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE pieces text[] := string_to_array(prose, around); n int;
BEGIN
  IF cardinality(pieces) % 2 = 0 THEN RETURN CASE WHEN around = '`' THEN prose ELSE lms.with_code(prose, '`') END; END IF;
  FOR n IN 1..cardinality(pieces) LOOP
    pieces[n] := CASE WHEN n % 2 = 0 THEN lms.kept(pieces[n]) WHEN around = '``' AND pieces[n] <> '' THEN lms.with_code(pieces[n], '`') ELSE pieces[n] END;
  END LOOP;
  RETURN array_to_string(pieces, '');
END $$;

-- What is read of a page, line by line: without what is folded, the lines around boxes and code, the bars of tables, and what begins a
-- line. The twin of _Page in lms_tui/model/passage.py.
CREATE FUNCTION lms.shown_lines(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kinds constant text := '(answer|details|explanation|hint|instructor|solution|spoiler)';
  below_head constant text := '^[ \t>]*(\|[ \t]*)?:?--[-:| \t]*$';
  lines text[] := string_to_array(t, E'\n');
  line text; bare text; box text; seen text; below text;
  fence text := ''; quoted boolean := false; boxes int := 0; details int := 0; folded_quote boolean := false; in_table boolean := false;
  opened int; closed int; n int;
BEGIN
  FOR n IN 1..cardinality(lines) LOOP
    line := lines[n]; bare := btrim(line, E' \t>'); box := btrim(line, E' \t:'); seen := '';
    IF fence <> '' THEN
      IF length(bare) >= length(fence) AND bare = repeat(left(fence, 1), length(bare)) THEN fence := '';
      ELSE seen := lms.kept(CASE WHEN quoted THEN regexp_replace(line, '^[ \t]*> ?', '') ELSE line END); END IF;
    ELSE
      folded_quote := folded_quote AND starts_with(ltrim(line, E' \t'), '>');
      opened := 0; closed := 0;
      IF position('<' IN line) > 0 AND (details > 0 OR starts_with(ltrim(lower(line), E' \t>'), '<details')) THEN
        opened := cardinality(string_to_array(lower(line), '<details')) - 1; closed := cardinality(string_to_array(lower(line), '</details')) - 1;
      END IF;
      IF line ~ '^([ \t>]|[-*+][ \t]|[0-9]{1,3}[.)][ \t])*(`{3,}|~{3,})[^`]*$' THEN
        fence := (regexp_match(line, '(`{3,}|~{3,})'))[1]; quoted := starts_with(ltrim(line, E' \t'), '>'); in_table := false;
      ELSIF starts_with(ltrim(line, E' \t'), ':::') AND box ~* ('^(\{?\.?|\{[^{}]*[ \t]\.)' || kinds || '([^A-Za-z0-9_-]|$)') THEN
        boxes := boxes + 1; in_table := false;
      ELSIF starts_with(ltrim(line, E' \t'), ':::') AND box ~ '^[^ \t{}:]*([ \t]*\{.*\})?$' THEN
        IF boxes > 0 THEN boxes := boxes + CASE WHEN box = '' THEN -1 ELSE 1 END; END IF;
        in_table := false;
      ELSIF starts_with(bare, '[!') AND line ~* ('^[ \t]*>[ \t]*\[!' || kinds || '\]') THEN
        folded_quote := true; in_table := false;
      ELSIF opened + closed > 0 THEN
        details := greatest(0, details + opened - closed); in_table := false;
      ELSIF bare = '' OR starts_with(ltrim(bare, E'| \t:'), '--') AND line ~ below_head THEN
        in_table := position('|' IN bare) > 0;
      ELSE
        seen := line;
        IF position('|' IN bare) > 0 THEN
          below := CASE WHEN n < cardinality(lines) THEN lines[n + 1] ELSE '' END;
          IF in_table OR left(bare, 1) = '|' OR right(bare, 1) = '|' OR (position('|' IN below) > 0 AND below ~ below_head) THEN
            seen := translate(replace(seen, '\|', U&'\E00D'), '|', ' ');
          END IF;
        END IF;
        IF left(ltrim(seen, E' \t'), 1) COLLATE "C" < '?' THEN
          seen := regexp_replace(seen, '^([ \t]*(#{1,6}|>|[-*+]|[0-9]{1,3}[.)])[ \t]+)+', ' ');
        END IF;
        IF position('`' IN seen) > 0 THEN seen := lms.with_code(seen, '``'); END IF;
      END IF;
    END IF;
    lines[n] := CASE WHEN boxes = 0 AND details = 0 AND NOT folded_quote THEN seen ELSE '' END;
  END LOOP;
  RETURN array_to_string(lines, E'\n');
END $$;

-- A text without what the reader does not see; the twin of lms_tui/model/passage.py. What marks a match is taken out first.
CREATE FUNCTION lms.shown(markdown text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text := lms.shown_lines(left(translate(markdown, E'\r\x01' || U&'\E000\E001\E002\E003\E004\E005\E006\E007\E008\E009\E00A\E00B\E00C\E00D', ''), 100000));
BEGIN
  IF position('<!--' IN t) > 0 THEN
    t := (SELECT string_agg(CASE WHEN p.n = 1 THEN p.part WHEN position('-->' IN p.part) = 0 THEN '<!--' || p.part
        ELSE ' ' || substr(p.part, position('-->' IN p.part) + 3) END, '' ORDER BY p.n) FROM unnest(string_to_array(t, '<!--')) WITH ORDINALITY p(part, n));
  END IF;
  IF position('<' IN t) > 0 THEN t := regexp_replace(t, '</?[A-Za-z][^<>]{0,250}>', ' ', 'g'); END IF;
  IF position('](' IN t) > 0 THEN t := regexp_replace(t, '\]\([^() \t\n\f\v]*( "[^"]*")?\)(\{[^{}]*\})?', '', 'g'); END IF;
  IF position('[[' IN t) > 0 THEN t := regexp_replace(t, '\[\[[0-9]{1,3}\]\]', '…', 'g'); END IF;
  t := regexp_replace(t, '\*\*|__|~~|!?\[|\]|`', '', 'g');
  t := btrim(regexp_replace(t, '[ \t\n\f\v]+', ' ', 'g'), ' ');
  RETURN translate(t, U&'\E002\E003\E004\E005\E006\E007\E008\E009\E00A\E00B\E00C\E00D', '<>[]()*_~!`|');
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
  RETURN to_tsvector('lms.english', lms.spaced(t)) || CASE WHEN octet_length(t) > length(t)
    THEN to_tsvector('lms.english', lms.spaced(lms.unaccented(t))) ELSE '' END;

-- What can be asked of an entry besides its words is a word, too, such as no text can have: the index finds what has all of them without
-- looking at others. One entry of 8 is labelled so besides, and one of 64: of a word that is everywhere, such a share is looked at.
CREATE FUNCTION lms.label(kind text, value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN '=' || kind || ' ' || md5(value);
CREATE FUNCTION lms.shares(entry uuid) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT
  RETURN array_remove(ARRAY['', CASE WHEN get_byte(uuid_send(entry), 15) % 8 = 0 THEN '/8' END, CASE WHEN get_byte(uuid_send(entry), 15) % 64 = 0 THEN '/64' END], NULL);
CREATE FUNCTION lms.words_of(institution uuid, entry uuid, course uuid, title text, path text, body text, level text, subject text, published boolean)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN setweight(lms.words(title), 'A') || setweight(lms.words(path), 'B') || lms.words(body)
    || array_to_tsvector(ARRAY(SELECT '^' || w FROM unnest(tsvector_to_array(lms.words(title))) w)  -- the words of a title are found by themselves
      || ARRAY(SELECT lms.label(kind || share, institution::text) FROM unnest(lms.shares(entry)) share, unnest(ARRAY['all', 'published']) kind WHERE kind = 'all' OR published)
      || array_remove(ARRAY[lms.label('course', course::text), lms.label('level', level), lms.label('subject', subject)], NULL));
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
    lms.words_of(institution, n.entry_id, course, n.title, n.path, n.body, n.difficulty, n.category, n.published)
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
    lms.words_of(c.institution_id, n.entry_id, c.course_id, n.title, n.path, n.body, n.difficulty, n.category, n.published)
  FROM lms.courses c CROSS JOIN LATERAL lms.entries_of(c.institution_id, c.course_id) n;
CREATE INDEX search_entries_words ON lms.search_entries USING gin (words);
ANALYZE lms.search_entries;

-- A word as a query, in each form that it has, of eight parts at most; `mark` is set before it. Quoted: nothing of a query language can come in with one.
CREATE FUNCTION lms.asked(word text, begun boolean, mark text, weights text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  flags constant text := CASE WHEN begun OR weights <> '' THEN ':' || CASE WHEN begun THEN '*' ELSE '' END || weights ELSE '' END;
  any_form tsquery := ''; form text;
BEGIN
  FOREACH form IN ARRAY ARRAY[word, nullif(lms.unaccented(word), word)] LOOP
    CONTINUE WHEN form IS NULL;
    any_form := any_form || coalesce((SELECT string_agg('''' || replace(replace(mark || w, '\', '\\'), '''', '''''') || '''' || flags, ' & ')
      FROM unnest(tsvector_to_array(to_tsvector('lms.english', lms.spaced(form)))) WITH ORDINALITY x(w, n) WHERE n <= 8)::tsquery, '');
  END LOOP;
  RETURN any_form;
END $$;

-- Up to `most` of what holds `wanted` and is within `within`. Of a word that is in many entries a share of them is enough: no more are
-- looked at in a large library than in a small one. It is planned for these words: how many rows have them decides the way.
CREATE FUNCTION lms.candidates(institution uuid, person lms.users, wanted tsquery, every tsquery, within text, include_completed boolean, most int)
RETURNS TABLE (entry_id uuid, completed boolean, score real)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  place constant uuid := lms.as_uuid(within);
  kind constant text := CASE WHEN person.role = 'STUDENT' THEN 'published' ELSE 'all' END;
  share text; labelled tsquery; ids uuid[]; done boolean[];
BEGIN
  FOREACH share IN ARRAY ARRAY['/64', '/8', ''] LOOP
    labelled := quote_literal(lms.label(kind || share, institution::text))::tsquery && wanted;
    SELECT array_agg(x.entry_id), array_agg(x.completed) INTO ids, done FROM (
      SELECT e.entry_id, p.completed_at IS NOT NULL AS completed
      FROM lms.search_entries e
      LEFT JOIN lms.section_progress p ON p.institution_id = institution AND p.user_id = person.user_id AND p.section_id = e.entry_id
      WHERE e.words @@ labelled AND e.institution_id = institution AND (e.published OR person.role <> 'STUDENT')
        AND (within IS NULL OR place IN (e.entry_id, e.course_id, e.lesson_id) OR e.ref = within OR starts_with(e.ref, within || '/'))
        AND (include_completed OR p.completed_at IS NULL)
      LIMIT most) x;
    EXIT WHEN cardinality(ids) = most;
  END LOOP;
  RETURN QUERY SELECT e.entry_id, x.done, ts_rank('{1, 1, 1, 1}', e.words, every, 33)
    FROM unnest(ids, done) x(id, done) JOIN lms.search_entries e ON e.institution_id = institution AND e.entry_id = x.id;
END $$;

-- The best `most` of what holds any of the words `wanted`, and may be seen by the one who asks, best first: what has all of them in the
-- title (the shortest title before others), then by how often words stand in how long a text. Words that are too `common` to find by
-- count there as well. Ranking by ts_rank with all weights 1 over the logarithm of the length was measured against ts_rank_cd, which
-- finds next to nothing of what people ask in sentences. `within` is a ref or an id.
-- Looked at are 100 with all in the title, 100 with all the words, and 100 with each: however many have a common one, those that have a
-- rare one are among them.
CREATE FUNCTION lms.search(institution uuid, wanted text[], common text[], prefix boolean, within text, level text, subject text,
  include_completed boolean, most int)
RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person lms.users := lms.caller(institution);
  place constant uuid := lms.as_uuid(within);
  here tsquery := ''; titled tsquery; all_of tsquery; every tsquery := ''; in_title tsquery := ''; in_text tsquery := '';
  each tsquery[] := '{}'; one tsquery; word text; finds boolean; begun boolean; label text;
BEGIN
  FOREACH label IN ARRAY ARRAY[lms.label('level', level), lms.label('subject', subject), CASE WHEN within IS NOT NULL THEN lms.label('course', coalesce((SELECT coalesce(
      (SELECT l.course_id FROM lms.lessons l WHERE l.institution_id = institution AND l.lesson_id = place),
      (SELECT e.course_id FROM lms.search_entries e WHERE e.institution_id = institution AND e.entry_id = place),
      (SELECT c.course_id FROM lms.courses c WHERE c.institution_id = institution AND c.slug = split_part(within, '/', 1))))::text, '')) END] LOOP
    IF label IS NOT NULL THEN here := here && quote_literal(label)::tsquery; END IF;
  END LOOP;
  titled := here; all_of := here;
  FOR word, finds, begun IN
    SELECT left(w.w, 200), w.n <= cardinality(wanted), prefix AND w.n = cardinality(wanted)
    FROM unnest(wanted || common) WITH ORDINALITY w(w, n) WHERE w.n <= 16 AND w.w <> '' ORDER BY w.n
  LOOP
    one := lms.asked(word, begun, '', '');
    CONTINUE WHEN numnode(one) = 0;
    every := every || one; all_of := all_of && one;
    IF finds THEN
      each := each || (here && one); titled := titled && lms.asked(word, begun, '^', '');
      in_title := in_title || lms.asked(word, begun, '', 'A'); in_text := in_text || lms.asked(word, begun, '', 'D');
    END IF;
  END LOOP;
  IF each = '{}' THEN RETURN '[]'; END IF;
  RETURN (
    WITH candidate AS MATERIALIZED (
      SELECT DISTINCT ON (c.entry_id) c.entry_id, c.completed, c.score AS rank, q.titled
      FROM (SELECT titled, true UNION ALL SELECT all_of, false UNION ALL SELECT w, false FROM unnest(each) w WHERE cardinality(wanted || common) > 1) q(words, titled)
      CROSS JOIN LATERAL lms.candidates(institution, person, q.words, every, within, include_completed, 100) c
      ORDER BY c.entry_id, q.titled DESC
    ), best AS MATERIALIZED (
      SELECT e.*, c.completed, c.rank, CASE WHEN c.titled THEN 1 + 1.0 / greatest(1, length(e.title)) ELSE c.rank END AS score
      FROM (SELECT x.* FROM candidate x ORDER BY x.titled DESC, x.rank DESC, x.entry_id LIMIT 200) c
      JOIN lms.search_entries e ON e.institution_id = institution AND e.entry_id = c.entry_id
      ORDER BY score DESC, c.rank DESC, e.entry_id LIMIT greatest(1, least(most, 100))
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.entry_id, 'kind', CASE WHEN b.lesson_id IS NULL THEN 'course' ELSE 'section' END, 'type', s.type,
        'ref', b.ref, 'title', b.title, 'course_id', b.course_id, 'course_ref', c.slug, 'course_title', c.title, 'lesson_title', l.title,
        'completed', b.completed OR g.completed_at IS NOT NULL, 'score', b.score,
        'matched', CASE WHEN b.words @@ in_title THEN 'title' WHEN b.words @@ in_text THEN 'text' ELSE 'path' END,
        'snippet', translate(ts_headline('lms.english', lms.spaced(left(b.body, 20000)), every,
          U&'StartSel="\E000", StopSel="\E001", MaxWords=28, MinWords=14, ShortWord=0'), chr(1), '')) ORDER BY b.score DESC, b.rank DESC, b.entry_id), '[]')
    FROM best b
    JOIN lms.courses c ON c.institution_id = institution AND c.course_id = b.course_id
    LEFT JOIN lms.lessons l ON l.institution_id = institution AND l.lesson_id = b.lesson_id
    LEFT JOIN lms.sections s ON s.institution_id = institution AND s.section_id = b.entry_id
    LEFT JOIN lms.course_progress g ON g.institution_id = institution AND g.user_id = person.user_id AND g.course_id = b.entry_id
  );
END $$;

GRANT EXECUTE ON FUNCTION lms.search(uuid, text[], text[], boolean, text, text, text, boolean, int) TO lms_learner;
