"""Wheel and sdist, built once, hold everything and work in clean environments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Interpreters that the package names as its own.
PYTHONS = ("3.11", "3.12", "3.13")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist of this checkout."""
    work = tmp_path_factory.mktemp("build")
    source = work / "source"
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    for name in filter(None, names):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(work / "dist"), "."]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return work / "dist"


def data_files() -> set[str]:
    """Return every file of the package that is not Python."""
    tracked = subprocess.run(
        ["git", "ls-files", "src/rerack"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split()
    return {name.removeprefix("src/") for name in tracked if not name.endswith(".py")}


def test_the_wheel_holds_every_file_of_the_package(built: Path) -> None:
    wheel = next(built.glob("*.whl"))
    held = set(zipfile.ZipFile(wheel).namelist())
    assert data_files() - held == set()
    assert any(name.endswith("share/man/man1/rerack.1") for name in held)
    assert not [name for name in held if name.startswith("tests/")]


def test_the_sdist_can_be_built_from(built: Path) -> None:
    sdist = next(built.glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "src/rerack/py.typed"} <= names
    assert {f"src/{name}" for name in data_files()} <= names


def interpreter(version: str) -> str | None:
    """Return a Python of a version that runs: on PATH, or kept by pyenv."""
    places = [shutil.which(f"python{version}")]
    pyenv = shutil.which("pyenv")
    if pyenv is not None:
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout
        kept = Path(root.strip()).glob(f"versions/{version}.*/bin/python{version}")
        places += [str(path) for path in sorted(kept)]
    for place in filter(None, places):
        if subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(place)
    return None


@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheel_works_in_a_clean_environment(built: Path, version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} on PATH or kept by pyenv")
    home = tmp_path / "env"
    subprocess.run([python, "-m", "venv", str(home)], check=True)
    wheel = next(built.glob("*.whl"))
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, timeout=900)
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH",)}
    rerack = str(home / "bin" / "rerack")

    def run(*arguments: str) -> str:
        return subprocess.run(
            [rerack, *arguments],
            cwd=tmp_path,
            env=clean,
            check=True,
            capture_output=True,
            text=True,
            timeout=600,
        ).stdout

    assert "0.1.0" in run("--version")
    assert "good" in run("check", str(ROOT / "examples" / "corsicana.yaml"))
    run("init", "site.yaml")
    assert "report.html" in run("run", "site.yaml", "--scenarios", "8")
    assert (home / "share" / "man" / "man1" / "rerack.1").is_file()
