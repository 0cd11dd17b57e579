"""How Alembic runs the steps here: on the connection that `store.migrate` gives, in one transaction."""

from alembic import context

from plainrad.store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
