"""Alembic migrations, run from `storage.schema`."""
