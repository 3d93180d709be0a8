DROP FUNCTION lms.search, lms.candidates, lms.asked, lms.settle_course, lms.keep_words, lms.entries_of, lms.words_of, lms.shares, lms.label, lms.words,
  lms.unaccented, lms.spaced, lms.shown, lms.shown_lines, lms.with_code, lms.kept;
ALTER FUNCTION lms.settle_rows(uuid, uuid, boolean, int) RENAME TO settle_course;
DROP TABLE lms.search_entries;
DROP TEXT SEARCH CONFIGURATION lms.english;
DROP TEXT SEARCH DICTIONARY lms.english_stem;
