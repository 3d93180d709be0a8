"""Progress at three levels, days and places."""

from lms_tui.db.migrate import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0004_progress.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0004_progress.down.sql")
