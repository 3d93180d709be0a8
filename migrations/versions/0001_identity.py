"""Institutions, people, and which login role is whom."""

from lms_tui.db.migrate import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0001_identity.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_script("0001_identity.down.sql")
