"""Walls: what a session is set to, what can be read when, and what one person can hold up for others."""

from lms_tui.db.migrate import run_functions, run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Runs the scripts of this revision."""
    run_script("0012_grading.sql")
    run_script("0012_assessments.sql")
    run_script("0012_walls.sql")


def downgrade() -> None:
    """Brings the functions back that it replaced, and runs the scripts that undo it."""
    run_script("0012_walls.down.sql")
    run_functions("0008_import.sql", "import_course")
    run_functions("0009_assessments.sql", "apply_starts", "grade_waiting")
    run_functions("0011_search.sql", "settle_course")
    run_script("0012_assessments.down.sql")
    run_functions("0005_grading.sql", "as_typed", "answer_matches", "typed_right")
    run_script("0012_grading.down.sql")
