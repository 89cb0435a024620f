"""Runs migrations on the connection `storage.schema` hands over."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters a table by rebuilding it.
    render_as_batch=True,
    # The whole upgrade is one transaction, which SQLite can do since we open it ourselves.
    transactional_ddl=True,
)
context.run_migrations()
