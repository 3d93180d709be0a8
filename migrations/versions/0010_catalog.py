"""The catalogue by title."""

from lms_tui.db.migrate import run_functions, run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Runs the script of this revision."""
    run_script("0010_catalog.sql")


def downgrade() -> None:
    """Runs the script that undoes it."""
    run_functions("0008_import.sql", "settle_course")
    run_script("0010_catalog.down.sql")
