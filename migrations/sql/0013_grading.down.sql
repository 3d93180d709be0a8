DROP FUNCTION lms.answer_matches(jsonb, text, text, boolean), lms.heaped(text);
