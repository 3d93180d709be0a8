DROP TABLE lms.places, lms.daily_activity, lms.course_progress, lms.lesson_progress, lms.section_progress;
