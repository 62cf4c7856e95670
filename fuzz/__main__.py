"""``python -m fuzz``: cases over all kinds of files, none of which may end in a traceback."""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

from fuzz.mutate import mutated
from fuzz.targets import TARGETS, attempt


def main() -> None:
    """Run random mutations; `fuzz.guided` has those that coverage guides."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="cases in all")
    parser.add_argument("--seed", type=int, default=1, help="seed of the mutations")
    asked = parser.parse_args()
    began = time.monotonic()
    counts = run(asked.cases, asked.seed)
    for name, count in sorted(counts.items()):
        print(f"{name:24s} {count:9,d}")
    print(f"no traceback in {asked.cases:,} cases, {time.monotonic() - began:.0f} s")


def run(cases: int, seed: int) -> Counter[str]:
    """Read so many mutated files; return how many of each kind were good and refused.

    A case that ends in anything but a refusal raises, its target, seed and number named.
    """
    counts: Counter[str] = Counter()
    weights = [t.weight for t in TARGETS]
    for number in range(cases):
        chance = random.Random(f"{seed}/{number}")
        target = chance.choices(TARGETS, weights)[0]
        raw = mutated(target.seed, chance)
        try:
            good = attempt(target, raw)
        except Exception as error:
            error.add_note(f"fuzz: {target.name}, seed {seed}, case {number}: {raw[:2000]!r}")
            raise
        counts[f"{target.name} {'good' if good else 'refused'}"] += 1
    return counts


if __name__ == "__main__":
    main()
