"""Seconds, and tables of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, without the collection of garbage that others left."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def shown(value: float) -> str:
    """Seconds in the unit that reads best.

    >>> shown(0.0000123), shown(0.0456), shown(7.5)
    ('12.3 µs', '45.6 ms', '7.50 s')
    """
    if value < 0.001:
        return f"{value * 1e6:.1f} µs"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def ratio(value: float, base: float) -> str:
    """How many times as long."""
    return f"{value / base:.1f} ×"


def report(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A small table on the terminal."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for at, heading in enumerate(headings):
        table.add_column(heading, justify="left" if at == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=110).print(table)
