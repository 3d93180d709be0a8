"""Assessments: questions that are read when they may be, grades for those who do not come back, and no response that is slow to grade."""

from alembic import op

from lms_tui.db.migrate import change_function, run_functions, run_script

revision = "0013"
down_revision = "0012"

_SILENCE = "SELECT lms.silence_functions()"


def upgrade() -> None:
    """Runs the scripts of this revision, and changes what earlier ones made in one passage each."""
    run_script("0013_grading.sql")
    run_script("0013_assessments.sql")
    keep_words = "  PERFORM lms.keep_words("
    change_function("0011_search.sql", "settle_course", keep_words, f"  PERFORM lms.settle_questions(institution, course);\n{keep_words}")
    # A clock that is two minutes fast begins no attempt too early, as the time limit has a minute of grace.
    change_function("0009_assessments.sql", "apply_starts", "< s.opens_at", "< s.opens_at - interval '120 seconds'")
    # A limit of years and a minute is more than an int holds.
    limit = "e.time_limit_seconds * interval '1 second' + interval '1 minute'"
    change_function("0009_assessments.sql", "apply_hand_ins", "(e.time_limit_seconds + 60) * interval '1 second'", limit)
    returns = "  RETURN lms.course_state("
    change_function("0008_import.sql", "import_course", returns, f"  PERFORM lms.grade_course(institution, head.course);\n{returns}")
    op.execute(_SILENCE)


def downgrade() -> None:
    """Brings the functions back that it replaced, and runs the scripts that undo it."""
    run_functions("0008_import.sql", "import_course")
    run_functions("0009_assessments.sql", "apply_starts", "apply_hand_ins", "grade_waiting")
    run_functions("0011_search.sql", "settle_course")
    run_script("0013_assessments.down.sql")
    run_functions("0005_grading.sql", "as_typed", "answer_matches", "typed_right")
    run_script("0013_grading.down.sql")
    op.execute(_SILENCE)
