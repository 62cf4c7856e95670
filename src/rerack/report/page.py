"""One HTML file in the look of the report: safe to open, complete without a network."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.base.writing import write_whole
from rerack.report.figures.frame import Figure
from rerack.report.palette import INKS, dark_colours
from rerack.report.tables import Written
from rerack.report.unbroken import unbroken

_HERE = Path(__file__).parent
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


def chart(name: str, made: Figure, explain: str) -> Chart:
    """Return a figure as a template takes it.

    Parameters
    ----------
    name : str
        Name, unique on the page.
    made : Figure
        Figure made by `framed`.
    explain : str
        Command that shows how it was computed.
    """
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
        explain=explain,
    )


def render_page(template: str, figures: Mapping[str, Figure], **words: Any) -> str:
    """Return a page of `figures` from a template of this package.

    Parameters
    ----------
    template : str
        File in ``templates/``.
    figures : mapping of str to Figure
        Figures that the page draws, by name.
    **words
        What else the template asks for; every text is escaped.

    Notes
    -----
    Nothing that a file names can run: the template escapes every value, JSON escapes what could
    close its element, charts escape markup, and a content security policy admits only the two
    scripts whose hashes it lists.
    """
    # Loaded here: other users of this package need no templates.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    data = script_json({"figures": _bare(figures), "dark": dark_colours()})
    scripts = {"plotly": plotly_js(), "page": _asset("report.js")}
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = unbroken
    page: str = environment.get_template(template).render(
        **words,
        inks=INKS,
        css=Markup(_asset("report.css")),
        data=Markup(data),
        plotly=Markup(scripts["plotly"]),
        script=Markup(scripts["page"]),
        policy=_policy(scripts.values()),
    )
    return page


def write_page(text: str, path: str | Path) -> Path:
    """Write a page to `path`, all or nothing.

    Parameters
    ----------
    text : str
        The HTML document.
    path : str or Path
        File to write; its folder is made if need be.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    target = Path(path)
    write_whole(text, target)
    return target


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


def _bare(drawn: Mapping[str, Figure]) -> dict[str, Figure]:
    """Return the figures without the words and tables that the page sets itself."""
    return {
        name: {
            "data": made["data"],
            "layout": {k: v for k, v in made["layout"].items() if k not in ("title", "meta")},
        }
        for name, made in drawn.items()
        if made["data"]
    }
