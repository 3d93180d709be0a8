ALTER POLICY published ON lms.questions USING (institution_id = lms.my_institution(current_user) AND published);
ALTER TABLE lms.questions DROP COLUMN opens_at;
ALTER TABLE lms.sections DROP COLUMN opens_with;
DROP FUNCTION lms.grade_course, lms.settle_questions;
