"""The cheapest plant that keeps an SLA, and what it costs against minutes lost."""

from __future__ import annotations

from rerack.report.format import number
from rerack.report.one_line import one_line_svg
from rerack.report.reliability_figures import front_columns, front_figure, outage_figure
from rerack.report.tables import written
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.server import Server

#: Critical MW with a plant of their own.
_BLOCK_MW = 20.0
_LEVELS = ("0.999", "0.9995", "0.9999", "0.99995", "0.99999")


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
