"""Courses in, published, and practice keys out."""

from lms_tui.db.migrate import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0008_import.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0008_import.down.sql")
