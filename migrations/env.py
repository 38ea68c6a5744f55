"""How Alembic runs the migrations: on the connection it is handed, inside the transaction begun there."""

from alembic import context

from launchpad.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
