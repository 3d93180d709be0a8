"""Search by words."""

from lms_tui.db.migrate import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0011_search.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0011_search.down.sql")
