"""Documents that people write: the contract, checked whole, as values, and as the names and tables that rules read.

Knows the documents' schemas; knows no rule and no engine.
"""

from checker.documents.contract import Contract, load

__all__ = ["Contract", "load"]
