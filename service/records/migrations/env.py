"""Runs the steps over the connection that `service.records.database` hands in."""

from alembic import context

from service.records.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
