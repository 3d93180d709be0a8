"""lms.sync and what it is made of."""

from lms_tui.db.migrate import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0007_sync.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0007_sync.down.sql")
