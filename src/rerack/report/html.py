"""The report: one HTML file that opens without a network and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.report.answer import answer, best_uses
from rerack.report.figures import FIGURES, Figure, figure
from rerack.report.format import printable, quantity
from rerack.report.palette import INKS, dark_colours
from rerack.report.sheets import (
    coin_sheet,
    explain_command,
    inputs_sheet,
    money_note,
    plans_sheet,
    rigs_sheet,
    run_title,
)
from rerack.report.source import CheckedRun, RunTables, answer_plan, check_run
from rerack.report.tables import Written

_HERE = Path(__file__).parent
#: Chart -> the figure that ``rerack explain`` takes apart; a chart of rows is in `_explained`.
_EXPLAINED = {
    "plan": "npv",
    "uses": "npv",
    "npv": "npv",
    "cashflow": "npv",
    "decisions": "gain",
    "tornado": "gain",
    "capex": "capex",
    "hashprice": "hashprice",
}
#: Characters that could end the script element or a JavaScript line within JSON.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A figure as the page shows it: words and table by the page, the drawing by plotly.js.

    Parameters
    ----------
    name : str
        Key of `FIGURES`, also the anchor.
    title, subtitle : str
        Finding, then measure and unit.
    table : Written
        The numbers behind the chart.
    height : int
        Height [pixels], kept free until the chart is drawn; 0 where there is nothing to draw.
    explain : str
        Command that shows how the figure was computed.
    """

    name: str
    title: str
    subtitle: str
    table: Written
    height: int
    explain: str


def write_report(run: RunTables, path: str | Path) -> Path:
    """Write the report of a run to `path`, all or nothing.

    Parameters
    ----------
    run : RunTables
        A finished run.
    path : str or Path
        File to write; its folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    StoreError
        The file cannot be written, or plotly.js is not installed.
    """
    target = Path(path)
    text = report_html(run)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StoreError(f"{target}: cannot write the report ({error.strerror}).") from error
    return target


def report_html(run: RunTables) -> str:
    """Return the report of a run as one HTML document.

    Parameters
    ----------
    run : RunTables
        A finished run.

    Notes
    -----
    Names from a scenario cannot run: the template escapes every value, JSON escapes what could
    close its element, charts escape markup, and a content security policy admits only the two
    scripts whose hashes it lists.
    """
    # Loaded here: other users of this package need no templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    checked = check_run(run)
    drawn = {name: figure(checked, name) for name in FIGURES}
    data = script_json({"figures": _bare(drawn), "dark": dark_colours()})
    scripts = {"plotly": plotly_js(), "page": _asset("report.js")}
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        **_words(checked),
        charts={name: _chart(checked, name, made) for name, made in drawn.items()},
        inks=INKS,
        css=Markup(_asset("report.css")),
        data=Markup(data),
        plotly=Markup(scripts["plotly"]),
        script=Markup(scripts["page"]),
        policy=_policy(scripts.values()),
    )


def script_json(value: Any) -> str:
    r"""Return plain `value` as JSON that is safe within a script element.

    Examples
    --------
    >>> print(script_json({"hall": "</script>"}))
    {"hall":"\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_UNSAFE)


def plotly_js() -> str:
    """Return plotly.js from the installed plotly package, which is located but not imported."""
    spec = importlib.util.find_spec("plotly")
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        file = Path(folder) / "package_data" / "plotly.min.js"
        if file.is_file():
            return _no_end_tag(file.read_text(encoding="utf-8"))
    raise StoreError("plotly.min.js: not found. Install the package plotly, version 6 or later.")


def _no_end_tag(script: str) -> str:
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8")


def _policy(scripts: Iterable[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    allowed = " ".join(f"'sha256-{d}'" for d in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _bare(drawn: dict[str, Figure]) -> dict[str, Figure]:
    """Return the figures without the words and tables that the page sets itself."""
    return {
        name: {
            "data": made["data"],
            "layout": {k: v for k, v in made["layout"].items() if k not in ("title", "meta")},
        }
        for name, made in drawn.items()
        if made["data"]
    }


def _chart(run: CheckedRun, name: str, made: Figure) -> Chart:
    meta = made["layout"]["meta"]
    table = meta["table"]
    return Chart(
        name=name,
        title=meta["title"],
        subtitle=meta["subtitle"],
        table=Written(
            heads=tuple(table["heads"]),
            rows=tuple(tuple(row) for row in table["rows"]),
            right=tuple(table["right"]),
        ),
        height=made["layout"]["height"] if made["data"] else 0,
        explain=explain_command(run, _explained(run, name)),
    )


def _explained(run: CheckedRun, name: str) -> str:
    """Return the number behind a chart that ``rerack explain`` takes apart."""
    if name == "per_kwh":
        _, ai = best_uses(run)
        uses = [ai["use"]] if ai else run.table("per_kwh")["use"].tolist()
        return f"per_kwh:{uses[0]}" if uses else "--inputs"
    if name == "duration":
        halls = run.table("strikes")["hall"].tolist()
        return f"strike:{halls[0]}" if halls else "--inputs"
    return _EXPLAINED[name]


def _words(run: CheckedRun) -> dict[str, Any]:
    plans, unit = plans_sheet(run, full=True)
    best = answer_plan(run)
    return {
        "title": printable(f"{run.meta['name']}: {run.meta['site']}"),
        "facts": printable(run_title(run)),
        "meta": {k: printable(v) for k, v in run.meta.items() if k != "halls"},
        "halls": ", ".join(_hall_words(hall) for hall in run.meta["halls"]),
        "answer": answer(run),
        "plans": plans,
        "best": [p == best for p in run.table("plans")["plan"]],
        "money": money_note(run, unit),
        "rigs": rigs_sheet(run),
        "coins": coin_sheet(run),
        "inputs": inputs_sheet(run),
    }


def _hall_words(hall: Mapping[str, Any]) -> str:
    size = quantity(float(hall["utility_mw"]), "mw", "utility")
    return printable(f"{hall['name']} ({size}, {hall['rigs']})")
