"""The shape of the database, version by version; Alembic runs `env.py`."""
