"""Courses, lessons, sections, questions, and their keys apart."""

from lms_tui.db.migrate import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0002_content.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0002_content.down.sql")
