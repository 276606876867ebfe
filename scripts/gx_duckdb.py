"""A SQLAlchemy dialect that lets Great Expectations read DuckDB.

Great Expectations ends its transaction before it fetches the rows, and DuckDB drops a pending result when that
happens. The checks only read, so this dialect opens no transactions at all.

Use it by connection string, with the statements every new connection starts with::

    context.data_sources.add_sql("duckdb", connection_string=MEMORY, kwargs={"connect_args": {"setup": ["..."]}})
"""

import atexit
import os
import sys
from typing import Any

import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper, Dialect

MEMORY = "duckdb+gx:///:memory:"


class GxDuckDBDialect(Dialect):
    """DuckDB in autocommit, prepared by a list of SQL statements."""

    supports_statement_cache = True

    def connect(self, *cargs: Any, setup: tuple[str, ...] | list[str] = (), **cparams: Any) -> ConnectionWrapper:
        """Open a connection and run ``setup`` on it; DuckDB's own errors are raised as they are."""
        connection = super().connect(*cargs, **cparams)
        for statement in setup:
            connection.execute(statement)
        return connection

    def do_begin(self, connection: Any) -> None:
        """Start no transaction."""

    def do_rollback(self, connection: Any) -> None:
        """There is none to roll back."""

    def do_commit(self, connection: Any) -> None:
        """There is none to commit."""


sa.dialects.registry.register("duckdb.gx", __name__, "GxDuckDBDialect")


@atexit.register
def _end_quietly() -> None:
    """Drop what DuckDB's bindings print while the interpreter ends: about 40 lines on objects still referenced."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
