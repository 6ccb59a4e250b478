"""The engine of one run: where it puts what does not fit into memory, and when the files of this machine are shut."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def opened(memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory that spills into a temporary folder, which goes with it.

    `memory` bounds what it holds, such as "4GB"; the engine's own default is most of the machine's. It fetches no
    extension, so nothing it does reaches the network.
    """
    with tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory is not None:
            config["memory_limit"] = memory
        connection = duckdb.connect(config=config)
        try:
            # It draws its own bar into the answer otherwise, even where no terminal is.
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


def shut(connection: duckdb.DuckDBPyConnection) -> None:
    """No query reaches a file or the network from here on, and none can undo that. Spilling goes on."""
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
