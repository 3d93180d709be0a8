DROP FUNCTION lms.recount_days, lms.count_completions, lms.rescore, lms.roll_up_courses, lms.roll_up_lessons;
