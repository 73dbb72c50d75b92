"""Runs the scripts on the connection that the store hands over; the store owns the transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=False)
context.run_migrations()
