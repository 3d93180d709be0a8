"""Progress recounted."""

from lms_tui.db.migrate import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0006_roll_up.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0006_roll_up.down.sql")
