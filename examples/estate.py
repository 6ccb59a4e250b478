"""Write an estate: python -m examples.estate --seed 7 --out DIR

The truth about it, one row for each planted error, goes beside the folder as DIR-truth.csv, so that it is not read
as data.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.estate_generator import SMALLEST, generate


def main(arguments: list[str] | None = None) -> int:
    """Write the files; 0 when done, 2 where the arguments make no estate."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.estate", description="Write a made-up reseller's estate."
    )
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes (default 7)")
    parser.add_argument("--size", type=int, default=150, help=f"customers, at least {SMALLEST} (default 150)")
    parser.add_argument(
        "--months", type=int, default=3, help="months from February 2026, at least 2 (default 3)"
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--clean", action="store_true", help="plant no errors")
    given = parser.parse_args(arguments)
    try:
        generated = generate(given.seed, given.size, given.months, given.clean)
    except ValueError as error:
        parser.error(str(error))
    given.out.mkdir(parents=True, exist_ok=True)
    for name, content in generated.files.items():
        (given.out / name).write_bytes(content)
    given.out.with_name(f"{given.out.name}-truth.csv").write_bytes(generated.truth)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
