"""Events by month, enrolments, attempts."""

from lms_tui.db.migrate import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0003_events.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0003_events.down.sql")
