"""``rerack design``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.cli.output import output_options, print_table
from rerack.cli.places import OutFile, option_names

if TYPE_CHECKING:
    from rerack.reliability import Parts
    from rerack.reliability.design import DesignAnswer, DesignSpace
    from rerack.reliability.shedding import Sheddable

_FILE = click.Path(path_type=Path)


@click.command("design")
@click.option("--sla", help="Availability to keep, such as 99.999 or 99.999 %.")
@click.option("--mw", "critical", default="100", show_default=True, help="Critical MW in all.")
@click.option(
    "--block-mw", default="20", show_default=True, help="Critical MW with one plant of their own."
)
@click.option(
    "--confidence", default="90 %", show_default=True, help="Share of years that keep it."
)
@click.option(
    "--cooling",
    type=click.Choice(["liquid", "air"]),
    default="liquid",
    show_default=True,
    help="How the machines are cooled.",
)
@click.option(
    "--shed", help='Mining load that may be dropped for a block, such as "30 MW utility".'
)
@click.option("--shed-feed", default="0", help="MW utility of feeds that this frees.")
@click.option("--shed-generation", default="0", help="MW utility of generation that this frees.")
@click.option(
    "--shed-time", default="10 s", show_default=True, help="From the signal until it is free."
)
@click.option(
    "--extend", multiple=True, type=_FILE, help="Your own rows of `rerack catalog equipment`."
)
@click.option("--presets", is_flag=True, help="List the ready topologies, evaluated, and stop.")
@click.option(
    "--report", type=OutFile(), help="Write diagram, figures and tables to this HTML file."
)
@output_options
def command(
    sla: str | None,
    critical: str,
    block_mw: str,
    confidence: str,
    cooling: str,
    shed: str | None,
    shed_feed: str,
    shed_generation: str,
    shed_time: str,
    extend: tuple[Path, ...],
    presets: bool,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Find the cheapest topology that keeps an SLA, and the front of cost against minutes lost.

    \b
    Examples:
      rerack design --sla 99.999 --mw 100
      rerack design --sla 99.99 --mw 20 --cooling air --report design.html
      rerack design --sla 99.999 --shed "30 MW utility" --shed-generation 30
    """  # noqa: D301
    from rerack.reliability import Parts
    from rerack.report import reliability_words as words

    parts = Parts(extend=extend)
    total_mw = _load_mw("--mw", critical)
    if shed is None:
        _refuse_without_shed(feed=shed_feed, generation=shed_generation)
    if presets:
        print_table(_presets(total_mw, parts), as_json=as_json, as_csv=as_csv)
        return
    if sla is None:
        raise InputError.of(
            "--sla", given="nothing", allowed="an availability", cure="Add --sla 99.999."
        )
    level, share = _level(sla), _number("--confidence", confidence, "frac")
    block = min(_load_mw("--block-mw", block_mw), total_mw)
    blocks = max(1, -int(-total_mw // block))
    space = _space(total_mw / blocks, cooling)
    with option_names({"confidence": "--confidence", "sla": "--sla"}):
        answer = _answer(space, level, share, parts)
    reasons: dict[str, str] = {
        "costs": "rough estimates and planning defaults (rerack catalog equipment): compare, do "
        "not quote",
    }
    if shed is not None:
        from rerack.reliability.shedding import Sheddable

        sheddable = Sheddable(
            mining_mw=_mw("--shed", shed, "utility"),
            feed_mw=_mw("--shed-feed", shed_feed, "utility"),
            generation_mw=_mw("--shed-generation", shed_generation, "utility"),
            shed_s=_number("--shed-time", shed_time, "hours") * 3600.0,
        )
        reasons["shedding"] = _shedding(space, sheddable, level, share, parts)
    if report is not None:
        _write(answer, level, share, blocks, reasons, report)
    if as_json or as_csv:
        print_table(_columns(answer), as_json=as_json, as_csv=as_csv)
        return
    click.echo(
        words.design_text(
            answer, availability_frac=level, confidence_frac=share, blocks=blocks, reasons=reasons
        )
    )
    if report is not None:
        click.echo(f"  report   {report}")


def _space(critical_mw: float, cooling: str) -> DesignSpace:
    from rerack.reliability.design import DesignSpace

    return DesignSpace(critical_mw=critical_mw, medium="air" if cooling == "air" else "liquid")


def _answer(space: DesignSpace, level: float, share: float, parts: Parts) -> DesignAnswer:
    from rerack.reliability.design import cheapest_design

    return cheapest_design(space, availability_frac=level, confidence_frac=share, parts=parts)


def _level(text: str) -> float:
    """Return an availability from 99.999, 99.999 % or 0.99999."""
    value = _number("--sla", text, "frac")
    return value / 100.0 if "%" not in text and value > 1.0 else value


def _number(option: str, text: str, kind: str) -> float:
    from rerack.base.units import parse_quantity

    try:
        return parse_quantity(text, kind).value
    except InputError as error:
        problem = error.problems[0]
        raise InputError.of(
            option, given=problem.given, allowed=problem.allowed, cure=problem.cure
        ) from None


def _mw(option: str, text: str, basis: str) -> float:
    """Return megawatts of a basis; a number alone is taken to be of it, as the option says."""
    from rerack.base.units import parse_quantity

    words = text if text.strip()[-1:].isalpha() else f"{text} MW {basis}"
    value = _number(option, words, "mw")
    said = parse_quantity(words, "mw").basis
    if value < 0.0 or said not in (None, basis):
        raise InputError.of(
            option,
            given=repr(text),
            allowed=f"0 MW {basis} or more",
            cure=f"Give {basis} megawatts.",
        )
    return value


def _load_mw(option: str, text: str) -> float:
    """Return critical megawatts of which there must be some."""
    value = _mw(option, text, "critical")
    if value == 0.0:
        raise InputError.of(
            option,
            given=repr(text),
            allowed="more than 0 MW critical",
            cure="Give the critical load.",
        )
    return value


def _refuse_without_shed(**given: str) -> None:
    for name, text in given.items():
        if text != "0":
            raise InputError.of(
                "--shed",
                given=f"nothing, with --shed-{name} {text}",
                allowed='the mining load that is dropped, such as "30 MW utility"',
                cure=f"Give --shed too, or leave --shed-{name} out.",
            )


def _presets(critical_mw: float, parts: Parts) -> dict[str, list[Any]]:
    from rerack.reliability import evaluate, preset, presets
    from rerack.report.reliability_words import nines

    rows = []
    for one in presets():
        topology = preset(one.name, critical_mw=critical_mw, parts=parts)
        rows.append((one, evaluate(topology, cut_sets=1)))
    return {
        "preset": [one.name for one, _ in rows],
        "what": [one.description for one, _ in rows],
        "availability": [nines(found.unavailability) for _, found in rows],
        "min/year": [found.minutes_lost_per_year for _, found in rows],
        "outages/year": [found.outages_per_year for _, found in rows],
        "MUSD/MW": [found.capex_usd / critical_mw / 1e6 for _, found in rows],
    }


def _shedding(
    space: DesignSpace, sheddable: Sheddable, level: float, share: float, parts: Parts
) -> str:
    from rerack.reliability.shedding import shedding_value
    from rerack.report.reliability_words import shedding_words

    return shedding_words(
        shedding_value(
            space, sheddable, availability_frac=level, confidence_frac=share, parts=parts
        )
    )


def _columns(answer: DesignAnswer) -> dict[str, list[Any]]:
    """Return the front for programs, the answer first."""
    rows = [answer.best, *(d for d in answer.front if d.choice != answer.best.choice)]
    return {
        "answer": [d is answer.best for d in rows],
        "feeds": [d.choice.feeds for d in rows],
        "generators": [d.choice.generators for d in rows],
        "battery_hours": [d.choice.battery_hours for d in rows],
        "power": [d.choice.power for d in rows],
        "cooling": [d.choice.cooling for d in rows],
        "critical_mw": [d.critical_mw for d in rows],
        "capex_usd_per_mw": [d.capex_usd_per_mw for d in rows],
        "minutes_lost_per_year": [d.minutes_lost_per_year for d in rows],
        "outages_per_year": [d.outages_per_year for d in rows],
    }


def _write(
    answer: DesignAnswer,
    level: float,
    share: float,
    blocks: int,
    reasons: dict[str, str],
    report: Path,
) -> None:
    from rerack.report.format import number
    from rerack.report.page import write_page
    from rerack.report.reliability_figures import (
        front_columns,
        front_figure,
        outage_figure,
        year_figure,
    )
    from rerack.report.reliability_page import reliability_html
    from rerack.report.tables import written

    best = answer.best
    page = reliability_html(
        best.topology,
        {
            "front": front_figure(answer, level),
            "outages": outage_figure(best.profile),
            "year": year_figure(best.profile),
        },
        title=f"{100 * level:.7g} % for {number(best.capex_usd_per_mw / 1e6)} MUSD/MW critical: "
        f"{best.choice.label}",
        facts=f"{blocks} blocks of {number(best.critical_mw)} MW critical · kept in "
        f"{100.0 * share:g} % of years · {answer.tried:,} designs",
        reasons=reasons,
        sheets={"Pareto front": written(front_columns(answer.front))},
        explain=f"rerack design --sla {100 * level:.12g} --mw {blocks * best.critical_mw:g} --csv",
    )
    write_page(page, report)
