"""``python -m fuzz.guided TARGET``: mutations guided by coverage, where atheris is installed."""

from __future__ import annotations

import argparse
import random
import sys


def main() -> None:
    """Run libFuzzer on one target from its seed; anything but a refusal in words ends it."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.guided", description=__doc__)
    parser.add_argument("target", help="kind of file, such as prices, catalogue or site")
    parser.add_argument("--cases", type=int, default=100_000, help="cases in all")
    parser.add_argument("--seed", type=int, default=1, help="seed of the mutations")
    asked = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.exit(2, "atheris is not installed; `python -m fuzz` needs nothing.\n")
    # Only what is imported in here is watched: what reads files, not the kernels that numba
    # compiles from bytecode.
    watched = ["rerack.scenario", "rerack.catalog", "rerack.markets.files", "rerack.base.units"]
    with atheris.instrument_imports(include=watched):
        from fuzz.mutate import mutated
        from fuzz.targets import TARGETS, attempt
    found = [target for target in TARGETS if target.name == asked.target]
    if not found:
        names = ", ".join(target.name for target in TARGETS)
        parser.error(f"target: given {asked.target!r}; allowed: {names}")

    def vary(raw: bytes, most: int, seed: int) -> bytes:
        return mutated(raw or found[0].seed, random.Random(seed))[:most]

    def one(raw: bytes) -> None:
        attempt(found[0], raw)

    words = [
        sys.argv[0],
        f"-runs={asked.cases}",
        f"-seed={asked.seed}",
        "-max_len=16384",
        "-len_control=0",
    ]
    atheris.Setup(words, one, custom_mutator=vary)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
