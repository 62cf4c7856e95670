"""The plant behind an offer: one-line diagram, outages, SLA, and the cheapest design."""

from __future__ import annotations

from rerack.assets import AiUse
from rerack.report import reliability_words as words
from rerack.report.format import number, share
from rerack.report.one_line import one_line_svg
from rerack.report.reliability_figures import (
    front_columns,
    front_figure,
    outage_figure,
    year_figure,
)
from rerack.report.tables import written
from rerack.scenario import Scenario
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server

#: Preset that is shown at first, and critical MW with a plant of their own.
_FIRST, _BLOCK_MW = "liquid", 20.0
_MOST_MW = 2_000.0
_LEVELS = ("0.999", "0.9995", "0.9999", "0.99995", "0.99999")
_USED_MW = 100.0


def topology_panel(server: Server) -> PanelSpec:
    """Return the panel of one topology."""
    from rerack.reliability import presets

    choices = tuple((one.name, f"{one.name}: {one.description}") for one in presets())
    return PanelSpec(
        name="topology",
        view="reliability",
        title="One plant",
        about="A ready topology at the critical load that an offer puts into one hall.",
        make=_topology,
        moves=False,
        leads=True,
        selectors=(
            Selector(
                name="topology",
                label="Topology",
                about="Ready topology.",
                choices=choices,
                default=_FIRST,
            ),
            _critical(server.scenario),
        ),
    )


def design_panel(server: Server) -> PanelSpec:
    """Return the panel of the cheapest design that keeps an SLA."""
    wanted = max((use.sla_frac for use in server.scenario.offers.values()), default=0.99999)
    nearest = min(_LEVELS, key=lambda level: abs(float(level) - wanted))
    return PanelSpec(
        name="design",
        view="reliability",
        title="The cheapest plant that keeps the SLA",
        about=f"Every design of feeds, generators, batteries, power and cooling, in blocks of "
        f"{_BLOCK_MW:g} MW critical.",
        make=_design,
        moves=False,
        selectors=(
            Selector(
                name="sla",
                label="Availability",
                about="Availability to keep.",
                choices=tuple((level, f"{100 * float(level):.6g} %") for level in _LEVELS),
                default=nearest,
            ),
            Selector(
                name="confidence",
                label="Kept in",
                about="Share of years that keep it.",
                choices=(
                    ("0.5", "50 % of years"),
                    ("0.9", "90 % of years"),
                    ("0.99", "99 % of years"),
                ),
                default="0.9",
            ),
            Selector(
                name="cooling",
                label="Machines cooled by",
                about="How the machines are cooled.",
                choices=(("liquid", "liquid"), ("air", "air")),
                default="liquid",
            ),
        ),
    )


def _critical(scenario: Scenario) -> Selector:
    return Selector(
        name="critical_mw",
        label="Critical load",
        about="Critical load of the plant [MW critical].",
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


def _topology(asking: Asking) -> Panel:
    from rerack.reliability import evaluate, preset
    from rerack.reliability.sla import sla_outlook

    name, critical_mw = asking.values["topology"], float(asking.values["critical_mw"])
    asking.step("evaluating the topology")
    topology = preset(name, critical_mw=critical_mw)
    found = evaluate(topology, cut_sets=12)
    outlook = sla_outlook(topology)
    command = f"rerack design --presets --mw {critical_mw:g} --json"
    unverified = sum("(unverified)" in c.source for c, _ in topology.components)
    levels = words.level_columns(outlook)
    return panel(
        words.headline(topology, found),
        facts=f"{topology.name}, {number(critical_mw)} MW critical",
        reasons={
            **_promises(asking.server.scenario, topology),
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
                "minutes lost a year by what fails together",
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


def _promises(scenario: Scenario, topology: object) -> dict[str, str]:
    """Return how often the promise of each offer is missed."""
    from rerack.reliability import Topology
    from rerack.reliability.sla import sla_outlook

    assert isinstance(topology, Topology)
    said = {}
    for name, use in scenario.offers.items():
        if not 0.0 < use.sla_frac < 1.0:
            continue
        missed = float(sla_outlook(topology, levels_frac=[use.sla_frac]).miss_frac[0])
        said[name] = f"promises {100 * use.sla_frac:.6g} %, which {share(missed)} of years miss"
    return said


def _design(asking: Asking) -> Panel:
    from rerack.reliability import Parts
    from rerack.reliability.design import DesignSpace, cheapest_design

    level, confidence = float(asking.values["sla"]), float(asking.values["confidence"])
    cooling = asking.values["cooling"]
    asking.step("trying designs")
    answer = cheapest_design(
        DesignSpace(critical_mw=_BLOCK_MW, medium=cooling),
        availability_frac=level,
        confidence_frac=confidence,
        parts=Parts(),
    )
    best = answer.best
    command = (
        f"rerack design --sla {100 * level:.6g} --mw {_BLOCK_MW:g} "
        f'--confidence "{100 * confidence:g} %" --cooling {cooling} --csv'
    )
    return panel(
        f"{100.0 * level:.6g} % for {number(best.capex_usd_per_mw / 1e6)} MUSD/MW critical: "
        f"{best.choice.label}",
        facts=f"kept in {100.0 * confidence:g} % of years, {answer.tried:,} designs tried",
        reasons={
            "costs": "rough estimates and planning defaults (rerack catalog equipment): compare, "
            "do not quote"
        },
        diagram=one_line_svg(best.topology),
        charts={
            "front": (front_figure(answer, level), command),
            "design_outages": (outage_figure(best.profile), command),
        },
        sheets=(
            panel_sheet(
                "Pareto front",
                "MUSD/MW critical against expected minutes lost a year; the cheapest that keeps "
                "the SLA is the answer",
                written(front_columns(answer.front)),
                command,
            ),
        ),
    )
