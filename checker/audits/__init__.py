"""One audit, from the files and documents that are named to what a report shows of them.

Knows every room between the files and the report and the order in which they are passed; knows no screen, no exit of a
program and no clock.
"""

from checker.audits.audit import Audited, Order, Progress, conduct
from checker.audits.engine import opened
from checker.audits.rulebooks import Books, lint_paths, load_books

__all__ = ["Audited", "Books", "Order", "Progress", "conduct", "lint_paths", "load_books", "opened"]
