"""Every package that rerack needs stands on the licences page.

After a wanted change: ``python tests/architecture/test_licences.py`` writes the page anew.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = ("constraints.txt", "constraints-run.txt", "constraints-gpu.txt")
PAGE = ROOT / "docs" / "reference" / "licences.md"
HEAD = """# Licences of what rerack depends on

As the packages themselves declare them. *To run*: installed with rerack or one of its extras. *To
test*: for checks, oracles and documentation. None is copied into this repository.

| package | licence | needed |
|---|---|---|
"""


def pinned(name: str) -> list[str]:
    """Return the packages of a file of exact versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return sorted(re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE), key=str.lower)


def kept(package: str) -> str:
    """Return what the page says of a package that is not installed: of a GPU or other system."""
    row = re.search(rf"^\| {package} \| (.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return row[1] if row else "of other systems only; see the package"


def licence(package: str) -> str:
    """Return the licence that an installed package declares, in a few words."""
    try:
        found = metadata(package)
    except PackageNotFoundError:
        return kept(package)
    classified = [
        c.rpartition(" :: ")[2] for c in found.get_all("Classifier") or () if "License ::" in c
    ]
    declared = (
        found.get("License-Expression") or ", ".join(classified) or found.get("License") or ""
    )
    first = declared.strip().splitlines()[0] if declared.strip() else "see the package"
    return first[:60].replace("|", "/")


def page() -> str:
    """Return the page for what is installed here."""
    run = set(pinned("constraints-run.txt"))
    gpu = set(pinned("constraints-gpu.txt")) - set(pinned("constraints.txt"))
    needed = {**dict.fromkeys(pinned("constraints.txt"), "to test"), **dict.fromkeys(run, "to run")}
    needed |= dict.fromkeys(gpu, "to run on a GPU")
    rows = [
        f"| {name} | {licence(name)} | {needed[name]} |" for name in sorted(needed, key=str.lower)
    ]
    return HEAD + "\n".join(rows) + "\n"


def test_every_pinned_package_is_listed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in {name for file in PINS for name in pinned(file)}:
        assert f"| {name} |" in text, name


def test_every_pin_has_hashes_and_no_address() -> None:
    for name in PINS:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks)
        assert "://" not in text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
