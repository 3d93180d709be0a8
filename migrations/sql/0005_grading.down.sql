DROP FUNCTION lms.key_problem, lms.grade, lms.chosen_share, lms.typed_right, lms.answer_matches, lms.printed, lms.as_typed, lms.as_integers, lms.as_number, lms.fold, lms.canonical, lms.one_spaced;
