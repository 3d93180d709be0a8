"""Walls: what a session is set to, what can be read when, and what one person can hold up for others."""

from lms_tui.db.migrate import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0012_walls.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0012_walls.down.sql")
