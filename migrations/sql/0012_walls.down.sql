DO $do$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'lms'::regnamespace AND p.prosecdef AND p.proname NOT IN ('my_institution', 'my_user') LOOP
    EXECUTE format('ALTER FUNCTION %s RESET debug_print_parse RESET debug_print_rewritten RESET debug_print_plan RESET client_min_messages', f);
  END LOOP;
END $do$;
DROP FUNCTION lms.silence_functions;
