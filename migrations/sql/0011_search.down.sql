DROP FUNCTION lms.search, lms.any_of, lms.settle_course, lms.keep_words, lms.entries_of, lms.words_of, lms.institution_word, lms.words, lms.unaccented, lms.spaced, lms.shown;
ALTER FUNCTION lms.settle_rows(uuid, uuid, boolean, int) RENAME TO settle_course;
DROP TABLE lms.search_entries;
