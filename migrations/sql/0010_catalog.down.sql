DROP INDEX lms.courses_drafts;
DROP INDEX lms.courses_both;
ALTER TABLE lms.course_tags DROP COLUMN sort_title, DROP COLUMN difficulty, DROP COLUMN category;
ALTER TABLE lms.courses DROP COLUMN sort_title;
