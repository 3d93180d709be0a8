"""Grading."""

from lms_tui.db.migrate import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0005_grading.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0005_grading.down.sql")
