"""Files become typed tables: formats, recognition, strict reading, what was rejected and why.

Knows DuckDB and the tables' schemas; knows no rule, no contract and no claim.
"""

from checker.tables.catalog import Catalog, from_rows, read
from checker.tables.files import InputFile, Sums
from checker.tables.loaded import LoadedColumn, LoadedTable
from checker.tables.rejects import Reject
from checker.tables.schema import Column, TableSchema, table_schemas

__all__ = [
    "Catalog",
    "Column",
    "InputFile",
    "LoadedColumn",
    "LoadedTable",
    "Reject",
    "Sums",
    "TableSchema",
    "from_rows",
    "read",
    "table_schemas",
]
