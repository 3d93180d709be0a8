ALTER TABLE lms.course_tags DROP COLUMN sort_title;
ALTER TABLE lms.courses DROP COLUMN sort_title;
