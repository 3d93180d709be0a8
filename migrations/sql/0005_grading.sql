-- Grading: the twin of lms_tui/model/grading.py; a test with generated answers holds the two together.
-- Nothing here depends on a locale: blanks and capitals are listed, comparison is by code point, numbers are decimal.

CREATE FUNCTION lms.one_spaced(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN btrim(regexp_replace(t COLLATE "C", '[\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+', ' ', 'g'), ' ');

CREATE FUNCTION lms.canonical(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN lms.one_spaced(normalize(t, NFC));

CREATE FUNCTION lms.fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN translate(t,
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
    'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþαβγδεζηθικλμνξοπρστυφχψωѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя');

-- The decimal number that a text is, or null.
CREATE FUNCTION lms.as_number(t text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT
  RETURN CASE WHEN t COLLATE "C" ~ '^[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?$' THEN t::numeric END;

-- The whole number of at most 15 digits that a JSON value is, or null. A number of JSON is never made a text:
-- ten bytes of it, as 1e131071, would be 131,072 characters.
CREATE FUNCTION lms.as_integer(j jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN jsonb_typeof(j) = 'number' THEN
    CASE WHEN j::numeric BETWEEN -999999999999999 AND 999999999999999 AND scale(j::numeric) = 0 THEN j::numeric::bigint END END;

-- The list of whole numbers that a JSON value is, or null.
CREATE FUNCTION lms.as_integers(j jsonb) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF jsonb_typeof(j) <> 'array' THEN RETURN NULL; END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(j) e WHERE lms.as_integer(e) IS NULL) THEN RETURN NULL; END IF;
  RETURN ARRAY(SELECT lms.as_integer(e) FROM jsonb_array_elements(j) WITH ORDINALITY a(e, n) ORDER BY n);
END $$;

-- The text that a JSON value is, or null; nobody types more than 10,000 characters.
CREATE FUNCTION lms.as_typed(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN CASE WHEN jsonb_typeof(j) = 'string' AND length(j #>> '{}') <= 10000 THEN j #>> '{}' END;

-- Printed output by what counts: no blanks at line ends, no empty lines at the end.
CREATE FUNCTION lms.printed(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  RETURN rtrim(regexp_replace(normalize(replace(t, E'\r\n', E'\n'), NFC), '[ \t]+(\n|$)', '\1', 'g'), E'\n');

CREATE FUNCTION lms.answer_matches(answer jsonb, response text, exact boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE given text; pattern text := answer ->> 'pattern';
BEGIN
  IF answer ->> 'low' IS NOT NULL AND answer ->> 'high' IS NOT NULL THEN
    RETURN coalesce(lms.as_number(lms.one_spaced(response)) BETWEEN lms.as_number(answer ->> 'low') AND lms.as_number(answer ->> 'high'), false);
  END IF;
  given := CASE WHEN exact THEN lms.canonical(response) ELSE lms.fold(lms.canonical(response)) END;
  IF pattern IS NOT NULL THEN
    RETURN given COLLATE "C" ~ ('^(?:' || CASE WHEN exact THEN pattern ELSE lms.fold(pattern) END || ')$');
  END IF;
  RETURN given = CASE WHEN exact THEN lms.canonical(coalesce(answer ->> 'text', '')) ELSE lms.fold(lms.canonical(coalesce(answer ->> 'text', ''))) END;
END $$;

-- Whether the first foreseen answer, in the author's order, that the response is, is a right one.
CREATE FUNCTION lms.typed_right(answers jsonb, response jsonb, exact boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE answer jsonb; typed text := lms.as_typed(response);
BEGIN
  IF typed IS NULL OR jsonb_typeof(answers) IS DISTINCT FROM 'array' THEN RETURN false; END IF;
  FOR answer IN SELECT a.answer FROM jsonb_array_elements(answers) WITH ORDINALITY a(answer, n) ORDER BY a.n LOOP
    IF lms.answer_matches(answer, typed, exact) THEN RETURN answer -> 'correct' IS DISTINCT FROM 'false'; END IF;
  END LOOP;
  RETURN false;
END $$;

-- The right ones of how many, for single, multiple, order and matching.
CREATE FUNCTION lms.chosen_share(kind text, key jsonb, response jsonb, OUT won numeric, OUT of numeric) LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  chosen  bigint[] := lms.as_integers(CASE kind WHEN 'single' THEN jsonb_build_array(response) ELSE response END);
  correct bigint[] := coalesce(lms.as_integers(key -> 'correct'), '{}');
  partial boolean  := kind = 'matching' OR key -> 'partial' = 'true';
  equal   int;
BEGIN
  won := 0; of := 1;
  IF chosen IS NULL THEN RETURN; END IF;
  IF kind = 'single' THEN
    won := (chosen[1] = correct[1])::int;
  ELSIF kind = 'multiple' THEN
    IF cardinality(chosen) <> (SELECT count(DISTINCT c) FROM unnest(chosen) c) THEN RETURN; END IF;
    equal := (SELECT count(*) FROM unnest(chosen) c WHERE c = ANY (correct));
    IF partial AND cardinality(correct) > 0 THEN
      won := greatest(0, 2 * equal - cardinality(chosen)); of := cardinality(correct);
    ELSE
      won := (chosen <@ correct AND correct <@ chosen)::int;
    END IF;
  ELSIF cardinality(chosen) = cardinality(correct) AND cardinality(chosen) > 0 THEN
    equal := (SELECT count(*) FROM unnest(chosen, correct) p(a, b) WHERE a = b);
    of := cardinality(correct);
    won := CASE WHEN partial OR equal = of THEN equal ELSE 0 END;
  END IF;
  won := coalesce(won, 0);
END $$;

-- The points that a response wins, rounded half away from zero to four places. Another shape than the kind asks for wins nothing.
CREATE FUNCTION lms.grade(kind text, key jsonb, question jsonb, response jsonb) RETURNS numeric LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  points numeric := coalesce(lms.as_number(question ->> 'points'), 1);
  exact  boolean := coalesce(key -> 'case' = 'true', false);
  won numeric := 0; whole numeric := 1;
BEGIN
  key := coalesce(key, '{}'); response := coalesce(response, 'null');
  IF kind IN ('single', 'multiple', 'order', 'matching') THEN
    SELECT s.won, s.of INTO won, whole FROM lms.chosen_share(kind, key, response) s;
  ELSIF kind IN ('text', 'numeric') THEN
    won := lms.typed_right(key -> 'answers', response, exact)::int;
  ELSIF kind = 'code_output' THEN
    won := coalesce((SELECT (a.answer -> 'correct' IS DISTINCT FROM 'false')::int
      FROM jsonb_array_elements(CASE WHEN jsonb_typeof(key -> 'answers') = 'array' THEN key -> 'answers' ELSE '[]' END) WITH ORDINALITY a(answer, n)
      WHERE lms.printed(coalesce(a.answer ->> 'text', '')) = lms.printed(lms.as_typed(response)) ORDER BY a.n LIMIT 1), 0);
  ELSIF kind = 'blanks' THEN
    IF jsonb_typeof(response) = 'array' AND jsonb_typeof(key -> 'gaps') = 'array' THEN
      whole := greatest(1, jsonb_array_length(key -> 'gaps'));
      IF jsonb_array_length(response) = jsonb_array_length(key -> 'gaps') THEN
        won := (SELECT count(*) FROM generate_series(0, jsonb_array_length(response) - 1) n
                WHERE lms.typed_right(key -> 'gaps' -> n, response -> n, exact));
      END IF;
    END IF;
  ELSIF kind = 'self_marked' AND jsonb_typeof(response) = 'object' AND jsonb_typeof(response -> 'points') = 'number' THEN
    RETURN round(least(greatest((response -> 'points')::numeric, 0), points), 4);
  END IF;
  RETURN round(points * won / whole, 4);
END $$;

-- What is wrong with a key, in words, or null. What passes here can never make grading fail.
CREATE FUNCTION lms.key_problem(key jsonb) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE answer jsonb; pattern text;
BEGIN
  FOR answer IN SELECT a FROM jsonb_path_query(key, 'strict $.answers[*]', silent => true) a
      UNION ALL SELECT a FROM jsonb_path_query(key, 'strict $.gaps[*][*]', silent => true) a LOOP
    IF (answer ->> 'low' IS NULL) <> (answer ->> 'high' IS NULL) THEN RETURN 'a range needs both its ends'; END IF;
    IF answer ->> 'low' IS NOT NULL AND (lms.as_number(answer ->> 'low') IS NULL OR lms.as_number(answer ->> 'high') IS NULL) THEN
      RETURN 'the ends of a range must be decimal numbers';
    END IF;
    pattern := answer ->> 'pattern';
    CONTINUE WHEN pattern IS NULL;
    -- the client's checker is stricter; this keeps out what is slow or what the two engines read differently
    IF length(pattern) > 2000 OR replace(pattern, '\\', '') ~ '\\[^d[:punct:]]' OR replace(pattern, '\(', '') ~ '\(\?[^:]' THEN
      RETURN 'a pattern uses signs that patterns here may not use';
    END IF;
    BEGIN
      PERFORM '' ~ ('^(?:' || pattern || ')$'), '' ~ ('^(?:' || lms.fold(pattern) || ')$');
    EXCEPTION WHEN invalid_regular_expression THEN
      RETURN 'a pattern cannot be read';
    END;
  END LOOP;
  RETURN NULL;
END $$;
