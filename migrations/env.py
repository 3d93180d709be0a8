"""Runs revisions on the connection that ``lms_tui.db.migrate`` has opened, each in a transaction of its own."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    version_table_schema="lms",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
