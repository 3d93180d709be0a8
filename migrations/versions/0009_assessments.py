"""Assessments: opening, closing, a time limit, and grades that cannot be read before an attempt is used up."""

from lms_tui.db.migrate import run_functions, run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Runs the scripts of this revision."""
    run_script("0009_assessments.sql")
    run_script("0009_assessments_in_sync.sql")


def downgrade() -> None:
    """Runs the script that undoes it, and brings the functions back that it replaced."""
    run_script("0009_assessments.down.sql")
    run_functions("0006_roll_up.sql", "rescore")
    run_functions("0007_sync.sql", "take_events", "apply_answers", "apply_events", "changes", "sync")
    run_functions("0008_import.sql", "regrade", "import_sections")
