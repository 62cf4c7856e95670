"""The plant behind an offer: one-line diagram, outages, SLA and credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerack.assets import AiUse
from rerack.report import reliability_words as words
from rerack.report.format import number, share
from rerack.report.one_line import one_line_svg
from rerack.report.reliability_figures import outage_figure, year_figure
from rerack.report.tables import written
from rerack.scenario import Scenario
from rerack.study.tables.reliability import topology_labels
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.panels.study import file_of
from rerack.web.server import Server

if TYPE_CHECKING:
    from rerack.reliability import OutageProfile
    from rerack.reliability.assessment import Assessment

#: Preset that is shown at first where the site describes no plant of its own.
_FIRST = "liquid"
#: What marks a topology that the site file describes.
_OWN = "site: "
_MOST_MW = 2_000.0
_USED_MW = 100.0


def topology_panel(server: Server) -> PanelSpec:
    """Return the panel of one topology."""
    from rerack.reliability import presets

    ready = tuple((one.name, f"{one.name}: {one.description}") for one in presets())
    own = tuple(
        (f"{_OWN}{label}", f"of this site, {', '.join(offers)}: {label}")
        for label, offers in _own(server.scenario).items()
    )
    return PanelSpec(
        name="topology",
        view="reliability",
        title="One plant",
        about="A topology of this site as its file states it, or a ready one at a critical load.",
        make=_topology,
        moves=False,
        leads=True,
        selectors=(
            Selector(
                name="topology",
                label="Topology",
                about="Topology of this site, or ready topology.",
                choices=(*own, *ready),
                default=own[0][0] if own else _FIRST,
            ),
            _critical(server.scenario),
        ),
    )


def _critical(scenario: Scenario) -> Selector:
    return Selector(
        name="critical_mw",
        label="Load of a ready one",
        about="Critical load of a ready topology [MW critical]; the site's own state theirs.",
        low=0.1,
        high=_MOST_MW,
        default=round(_offered_mw(scenario), 1),
        unit="MW critical",
    )


def _offered_mw(scenario: Scenario) -> float:
    """Return the largest critical load that an offer puts into one hall that a plan converts."""
    used = {hall for plan in scenario.plans for hall in getattr(plan, "halls", ())}
    sizes = [h.utility_mw for h in scenario.site.halls if h.name in used or not used]
    hall_mw = max(sizes, default=0.0)
    loads = [_of(use, hall_mw) for use in scenario.offers.values()]
    return min(max(loads, default=_USED_MW), _MOST_MW)


def _of(use: AiUse, hall_mw: float) -> float:
    carried = use.conversion.critical_mw(hall_mw)
    return carried if use.contract_mw is None else min(carried, use.contract_mw)


def _own(scenario: Scenario) -> dict[str, list[str]]:
    """Return the offers that use each topology of the site file, by its label."""
    found: dict[str, list[str]] = {}
    for offer, label in topology_labels(scenario).items():
        found.setdefault(label, []).append(offer)
    return found


def _topology(asking: Asking) -> Panel:
    from rerack.reliability import preset
    from rerack.reliability.assessment import assess

    scenario, name = asking.server.scenario, asking.values["topology"]
    asking.step("evaluating the topology")
    if name.startswith(_OWN):
        offers = _own(scenario)[name.removeprefix(_OWN)]
        assessed = scenario.topologies[offers[0]].assessment
        return _panel(
            assessed, _contracts(scenario, offers), f"rerack check {file_of(asking)} --inputs"
        )
    critical_mw = float(asking.values["critical_mw"])
    assessed = assess(preset(name, critical_mw=critical_mw))
    command = f"rerack design --presets --mw {critical_mw:g} --json"
    return _panel(assessed, _promises(scenario, assessed.outlook.profile), command)


def _panel(assessed: Assessment, said: dict[str, str], command: str) -> Panel:
    topology, found, outlook = assessed.topology, assessed.found, assessed.outlook
    unverified = sum("(unverified)" in c.source for c, _ in topology.components)
    levels = words.level_columns(outlook)
    return panel(
        words.headline(topology, found),
        facts=f"{topology.name}, {number(topology.critical_mw)} MW critical",
        reasons={
            **said,
            "inputs": f"{unverified} of {len(topology.components)} components rest on unverified "
            "figures (rerack catalog equipment)",
        },
        diagram=one_line_svg(topology),
        charts={
            "outages": (outage_figure(outlook.profile), command),
            "year": (year_figure(outlook.profile), command),
        },
        sheets=(
            panel_sheet(
                "Usual promises",
                "minutes allowed in a year, and the share of years that lose more; planned work "
                "apart",
                written(
                    {
                        "availability": [f"{100 * v:.6g} %" for v in levels["availability_frac"]],
                        "minutes allowed": levels["allowed_minutes_per_year"],
                        "missed in": [share(float(v)) for v in levels["miss_frac"]],
                    }
                ),
                command,
            ),
            panel_sheet(
                "Largest causes",
                "minutes lost a year by what fails together; alike sets added up",
                written(words.cause_columns(found), formats={"share_frac": share}, headings=_HEADS),
            ),
            panel_sheet(
                "Equipment",
                "failures a year, hours to repair, USD, each with its source",
                written(words.part_columns(topology), headings=_HEADS),
                "rerack catalog equipment",
            ),
        ),
    )


_HEADS = {
    "minutes_per_year": "min/year",
    "share_frac": "share",
    "failure_rate_per_year": "failures/year",
    "mttr_hours": "repair, h",
    "fail_to_start_frac": "fails to start",
    "capex_usd": "capex, USD",
}


def _promises(scenario: Scenario, profile: OutageProfile) -> dict[str, str]:
    """Return how often the promise of each offer is missed."""
    from rerack.reliability.sla import sla_outlook

    said = {}
    for name, use in scenario.offers.items():
        if not 0.0 < use.sla_frac < 1.0:
            continue
        missed = float(sla_outlook(profile, levels_frac=[use.sla_frac]).miss_frac[0])
        said[name] = f"promises {100 * use.sla_frac:.6g} %, which {share(missed)} of years miss"
    return said


def _contracts(scenario: Scenario, offers: list[str]) -> dict[str, str]:
    """Return what a topology of the site means for the offers that use it, as plans count it."""
    said = {}
    for name in offers:
        found = scenario.topologies[name]
        promised, credit = found.assessment.promised, found.assessment.credits
        assert promised is not None
        text = (
            f"promises {100 * float(promised.levels_frac[0]):.7g} %, which "
            f"{share(float(promised.miss_frac[0]))} of years miss; "
            f"{found.plants} such plants in the largest hall; credits: {found.schedule}"
        )
        if credit is not None:
            text += f", {number(100.0 * credit.fee_frac, 2)} % of rent expected"
        said[name] = text
    return said
