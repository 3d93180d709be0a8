DROP TABLE lms.answer_keys, lms.questions, lms.section_contents, lms.sections, lms.lessons, lms.course_tags, lms.courses;
