"""What people get wrong at the command line: a message with the cure and an exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rerack.cli import main as main_module

RERACK = str(Path(sys.executable).parent / "rerack")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"


def rerack(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would."""
    return subprocess.run(
        [RERACK, *words], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def bomb() -> bytes:
    """Return a small text that would expand to billions of nodes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    return "\n".join(lines).encode()


FILES = {
    "empty.yaml": b"",
    "rubbish.yaml": bytes(range(256)) * 20,
    "bomb.yaml": bomb(),
    "list.yaml": b"- 1\n- 2\n",
    "twice.yaml": b"study: {name: a}\nstudy: {name: b}\n",
    "tab.yaml": b"study:\n\tname: a\n",
}


@pytest.mark.parametrize("name", [*FILES, "missing.yaml", "folder.yaml", "huge.yaml"])
def test_unusable_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name in FILES:
        path.write_bytes(FILES[name])
    elif name == "folder.yaml":
        path.mkdir()
    elif name == "huge.yaml":
        with path.open("wb") as stream:
            stream.truncate(100_000_000)
    began = time.monotonic()
    done = rerack("check", name, cwd=tmp_path)
    assert done.returncode == 2
    assert name in done.stderr
    assert "allowed" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("study.scenarios=0", "study.scenarios"),
        ("site.halls.A.power=-5 MW utility", "site.halls.A.power"),
        ("site.halls.A.power=200 MW", "utility"),
        ("site.power.adder=3 EUR/MWh", "EUR"),
        ("site.power.addr=3 USD/MWh", "adder"),
        ("plans.announced.halls.B.decide=2019-01", "decide"),
        ("site.interconnect=900 MW utility", "interconnect"),
        ("market.power.series=ercot_nroth", "ercot_north"),
    ],
)
def test_wrong_values_name_place_and_cure(override: str, says: str, tmp_path: Path) -> None:
    done = rerack("check", str(EXAMPLE), "--set", override, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def prices(**change: str) -> str:
    """Return a year of hourly prices with one line changed."""
    from datetime import UTC, datetime, timedelta

    start = datetime(2023, 1, 1, tzinfo=UTC)
    rows = [f"{(start + timedelta(hours=h)):%Y-%m-%dT%H:%M:%SZ},{20 + h % 24}" for h in range(8760)]
    for at, text in change.items():
        i = int(at[1:])
        rows[i : i + 1] = text.splitlines()
    return "ts_utc,price_usd_per_mwh\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (prices(h100=""), "2023-01-05"),
        (prices(h100="2023-01-05T04:00:00Z,nan"), "no finite price"),
        (prices(h100="2023-01-05T03:00:00Z,5"), "2023-01-05"),
        (prices().replace("usd_per_mwh", "eur_per_mwh"), "eur"),
        ("not,a price file\nat,all\n", "prices.csv"),
        ("\x00\x01\x02", "prices.csv"),
    ],
    ids=["gap", "nan", "repeated", "currency", "no prices", "binary"],
)
def test_price_files(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(content)
    site = tmp_path / "site.yaml"
    base = EXAMPLE.read_text().replace("series: ercot_north", "file: prices.csv")
    site.write_text(base)
    done = rerack("run", "site.yaml", "--scenarios", "2", cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("run", "--scenarios", "2"), ("check",)], ids=["run", "check"])
@pytest.mark.parametrize(
    ("treatment", "says"),
    [("bootstrap", "too few days in month 7"), ("as_is", "every hour of the calendar years")],
)
def test_prices_shorter_than_the_horizon_are_named_with_their_line(
    treatment: str, says: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "prices.csv").write_text("\n".join(prices().splitlines()[:4000]))
    text = EXAMPLE.read_text().replace(
        "series: ercot_north", f"file: prices.csv\n    treatment: {treatment}"
    )
    (tmp_path / "site.yaml").write_text(text)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "file: prices.csv" in row)
    done = rerack(command[0], "site.yaml", *command[1:], cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert f"site.yaml:{line} market.power.file: prices.csv" in done.stderr
    assert says in done.stderr


def test_weather_of_a_part_of_a_year_is_refused_by_check(tmp_path: Path) -> None:
    rows = "\n".join(["dry_bulb_c,wet_bulb_c", *["20,15"] * 100])
    (tmp_path / "hours.csv").write_text(rows + "\n")
    text = EXAMPLE.with_name("core-scientific.yaml").read_text()
    (mean,) = re.findall(r"pue_mean: .*", text)
    text = text.replace(mean, "cooling: {type: liquid, weather: hours.csv}")
    (tmp_path / "site.yaml").write_text(text)
    done = rerack("check", "site.yaml", cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert "100 hours without time stamps" in done.stderr
    assert "site.yaml:" in done.stderr


def test_a_good_price_file_runs(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(prices())
    site = tmp_path / "site.yaml"
    site.write_text(EXAMPLE.read_text().replace("series: ercot_north", "file: prices.csv"))
    checked = rerack("check", "site.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    done = rerack("run", "site.yaml", "--scenarios", "2", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_an_interrupt_that_compiled_code_met_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def met(*_given: object, **_named: object) -> None:
        raise SystemError("returned a result with an exception set") from KeyboardInterrupt()

    monkeypatch.setattr(main_module.cli, "main", met)
    with pytest.raises(SystemExit) as left:
        main_module.main()
    assert left.value.code == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_command_that_leaves_with_a_code_is_left_with_it(tmp_path: Path) -> None:
    """`CliRunner` does not show this: it runs click, not `main`, which scripts meet."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("RERACK_")}
    done = subprocess.run(
        [RERACK, "data", "update", "ercot_north"],
        cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "RERACK_ERCOT_USER" in done.stderr
    assert done.returncode == 2


def test_a_reader_who_leaves_early_is_no_failure(tmp_path: Path) -> None:
    with subprocess.Popen(
        [RERACK, "deals", "--csv"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sweep", "site.yaml"], "rerack sweep resume"),
        (["run", "site.yaml"], "`rerack resume`"),
        (["strike"], ""),
    ],
)
def test_an_interrupt_says_what_it_leaves(
    words: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main_module.cli, "main", stopped)
    monkeypatch.setattr(sys, "argv", ["rerack", *words])
    with pytest.raises(SystemExit):
        main_module.main()
    said = capsys.readouterr().err
    assert said.startswith("rerack: interrupted")
    assert says in said
    assert ("resume" in said) == bool(says)


#: Tests that were started in the background ignore interrupts, and so would what they start.
LISTENING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_interrupt_leaves_a_marked_folder(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            LISTENING,
            RERACK,
            "run",
            str(EXAMPLE),
            "--scenarios",
            "20000",
            "--threads",
            "1",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    manifest = tmp_path / "runs"
    deadline = time.monotonic() + 60
    while not list(manifest.glob("*/manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "incomplete" in stderr
    assert "Traceback" not in stderr
    listed = rerack("runs", "--json", cwd=tmp_path)
    assert "incomplete" in listed.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_place(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = rerack("run", str(EXAMPLE), "--scenarios", "1", "--out", "locked/runs", cwd=tmp_path)
    assert done.returncode == 3
    assert "--out" in done.stderr


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    done = rerack("run", str(EXAMPLE), "--scenarios", "1", "--out", "/dev/full/x", cwd=tmp_path)
    assert done.returncode == 3
    assert "cannot create the run folder" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("explain", "latest", "npv"), "no complete run"),
        (("compare", "a", "b"), "not a run folder"),
        (("catalog", "rgis"), "rigs"),
        (("catalog", "rigs", "--max-efficiency", "20"), "unit is missing"),
        (("catalog", "rigs", "--max-efficiency"), "quote"),
        (("run",), "Missing argument"),
        (("rnu",), "No such command 'rnu'. Did you mean run"),
    ],
)
def test_wrong_words(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = rerack(*words, cwd=tmp_path)
    assert done.returncode in (2, 3)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_and_names_every_command(tmp_path: Path) -> None:
    done = rerack("--help", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("run", "init", "check", "schema", "runs", "compare", "explain", "catalog"):
        assert name in done.stdout


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from rerack.cli.main import cli; cli.main(['--help'], standalone_mode=False);"
        "heavy = {'numba', 'numpy', 'highspy', 'plotly', 'duckdb', 'pydantic', 'rich'};"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["run", "init", "check", "runs", "compare", "explain", "catalog"])
def test_each_command_has_help(name: str, tmp_path: Path) -> None:
    done = rerack(name, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Usage: rerack" in done.stdout
