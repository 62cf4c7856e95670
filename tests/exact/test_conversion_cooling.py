"""A plan's PUE by month from weather: means by hand, what replaces what, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import RerackError
from rerack.reliability.cooling import cooling_plant, pue_by_hour
from rerack.scenario import load

HEAD = """study: {name: Cooled, start: 2026-01, horizon: 10 years, scenarios: 10}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north}
site:
  name: Cooled
  interconnect: 100 MW utility
  power: {adder: 8 USD/MWh}
  halls:
    A: {power: 100 MW utility, rigs: {model: S21}}
offers:
  shell:
    type: powered_shell
    rate: 140 USD/kW-month critical
    term: 15 years
    opex: 6 USD/kW-month critical
    sla: 99.9 %
    conversion:
      capex: {shell: {cost: 5 MUSD/MW critical}}
      lead_time: 18 months
      dark: 9 months
"""
COOLED = "      pue_design: 1.5\n      cooling: {type: chiller, weather: w.csv}\n"


def site_file(folder: Path, how: str, dry: np.ndarray, head: str = "dry_bulb_c,wet_bulb_c") -> Path:
    rows = [f"{t:g},{t - 5:g}" for t in dry]
    (folder / "w.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    file = folder / "site.yaml"
    file.write_text(HEAD + how, encoding="utf-8")
    return file


def test_pue_of_each_month_is_the_mean_of_its_hours(tmp_path: Path) -> None:
    # January at 0 and every other month at 30: two levels, one of them in one month.
    dry = np.full(8760, 30.0)
    dry[: 31 * 24] = 0.0
    scenario = load(site_file(tmp_path, COOLED, dry))
    found = scenario.offers["shell"].conversion
    cold, hot = pue_by_hour(
        cooling_plant("chiller"), dry_bulb_c=[0.0, 30.0], wet_bulb_c=[-5.0, 25.0]
    ).pue
    assert found.pue_by_month == pytest.approx((cold, *[hot] * 11))
    assert found.pue_mean == pytest.approx((31 * cold + 334 * hot) / 365)
    assert found.pue_of(np.array([1, 7])) == pytest.approx([cold, hot])
    row = next(r for r in scenario.inputs if r.path == "offers.shell.conversion.cooling.pue")
    assert row.status == "derived"
    assert f"{hot:.3f} in the worst hour" in row.value


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (COOLED.replace("1.5", "1.2"), "the PUE of the worst hour"),
        ("      pue_design: 1.5\n", "no `pue_mean` and no `cooling`"),
        (COOLED + "      pue_mean: 1.2\n", "`pue_mean` beside `cooling`"),
        (COOLED.replace("w.csv", "none.csv"), "No such file"),
    ],
)
def test_bad_cooling_of_an_offer_is_refused_with_its_line(
    tmp_path: Path, how: str, words: str
) -> None:
    with pytest.raises(RerackError) as caught:
        load(site_file(tmp_path, how, np.full(8760, 30.0)))
    assert words in str(caught.value)
    assert "site.yaml:" in str(caught.value)


def test_weather_of_a_part_of_a_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RerackError, match="whole years of 8,760 hours"):
        load(site_file(tmp_path, COOLED, np.full(100, 30.0)))
