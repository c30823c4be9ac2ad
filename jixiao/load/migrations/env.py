"""Alembic's environment: migrations run on the connection that the loader hands over, inside its transaction."""

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl


class DuckDBImpl(PostgresqlImpl):
    """DuckDB speaks PostgreSQL's DDL, as far as these migrations need it."""

    __dialect__ = "duckdb"


context.configure(connection=context.config.attributes["connection"], version_table="jixiao_version")
context.run_migrations()
