"""``python -m benchmarks [NAME ...] [--json FILE]``: measure and print ratio tables."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.registry import SPECS, chosen
from benchmarks.spec import BenchmarkError, Spec
from benchmarks.table import Row, heading, line, machine, measured_row, scaling, scaling_exponent


def measure(spec: Spec) -> list[Row]:
    """Measure both sides of every size, one after the other in this process, and print them."""
    print(heading(spec), flush=True)
    rows = []
    for size in spec.sizes:
        ours = spec.run(size)
        peer = None if spec.peer is None else spec.peer(size)
        rows.append(measured_row(spec, size, ours, peer))
        print(line(rows[-1]), flush=True)
    if len(rows) > 1:
        print(scaling(spec, rows), flush=True)
    exponent = scaling_exponent(rows)
    return [{**row, "scaling_exponent": exponent} for row in rows]


def measure_all(specs: tuple[Spec, ...]) -> tuple[list[Row], list[str]]:
    """Return the rows of all specs and the names of those that failed; one failure stops none."""
    rows: list[Row] = []
    failed = []
    for spec in specs:
        reason = spec.missing()
        if reason:
            print(f"\n{spec.name}: skipped, {reason}")
            continue
        try:
            rows += measure(spec)
        except BenchmarkError as error:
            print(f"  failed: {error}")
            failed.append(spec.name)
    return rows, failed


def main() -> int:
    """Parse the command line and run; return 1 if a benchmark failed."""
    names = [spec.name for spec in SPECS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"any of: {', '.join(names)}; all if none given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows to FILE")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.name) - set(names))
    if unknown:
        parser.error(f"unknown benchmark {', '.join(unknown)}; choose from {', '.join(names)}")
    about = machine()
    print("machine:", ", ".join(f"{key} {value}" for key, value in about.items()))
    rows, failed = measure_all(chosen(tuple(arguments.name)))
    if arguments.json is not None:
        result = {"machine": about, "failed": failed, "rows": rows}
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
