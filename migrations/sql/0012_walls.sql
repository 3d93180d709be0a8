-- Walls: what a session is set to shows nothing of what the owner's functions work with.

-- Every function that runs with the owner's rights keeps to itself what it plans and reads: a caller could have had the server send its
-- plans, with keys and answers in them. CREATE OR REPLACE loses these settings, so that every revision that makes such a function ends
-- with this. Not for my_institution and my_user: they read no more than who the caller is, and policies call them for every row.
CREATE FUNCTION lms.silence_functions() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'lms'::regnamespace AND p.prosecdef AND p.proname NOT IN ('my_institution', 'my_user') LOOP
    EXECUTE format('ALTER FUNCTION %s SET debug_print_parse = off SET debug_print_rewritten = off SET debug_print_plan = off SET client_min_messages = error', f);
  END LOOP;
END $$;

SELECT lms.silence_functions();
