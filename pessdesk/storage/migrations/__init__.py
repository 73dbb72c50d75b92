"""alembic's scripts, shipped as data."""
