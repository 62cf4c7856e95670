"""The HTML report stands alone, runs nothing of the scenario's and draws in a browser."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import time
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from rerack.base.errors import StoreError
from rerack.report import FIGURES, report_html, write_report
from rerack.report.page import script_json
from rerack.study import Run
from rerack.study.explanation.figures import explainable

#: The made run has no plan that follows a fitted rule, so its page has no map of such a rule.
SHOWN = [name for name in FIGURES if name != "region"]


def _made() -> Any:
    """Load the builder of made-up runs that stands beside this file."""
    path = Path(__file__).with_name("test_report_made_run.py")
    spec = importlib.util.spec_from_file_location("report_made_run", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made_run = _made().made_run


HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


class _Tags(HTMLParser):
    """Collect tags with their attributes and the text of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def _parsed(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


def test_it_fetches_nothing_and_allows_only_its_own_scripts() -> None:
    page = _parsed(report_html(made_run()))
    assert not [a for _, a in page.tags if "src" in a or "href" in a]
    assert not [t for t, _ in page.tags if t in ("link", "iframe", "object", "base")]
    policy = next(str(a["content"]) for _, a in page.tags if "http-equiv" in a)
    assert "default-src 'none'" in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    digest = [
        base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in page.scripts[1:]
    ]
    assert len(page.scripts) == 3
    assert set(digest) == allowed


def test_hostile_names_are_text() -> None:
    page = _parsed(report_html(made_run(label=HOSTILE)))
    assert [t for t, _ in page.tags].count("script") == 3
    assert "img" not in [t for t, _ in page.tags]
    assert not [a for _, a in page.tags if any(k.startswith("on") for k in a)]


def test_json_cannot_close_its_element() -> None:
    hall = "</script><!--\u2028&"
    text = script_json({"hall": hall})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"hall": hall}


def test_every_figure_has_its_place_table_and_explanation() -> None:
    html = report_html(made_run())
    for name in SHOWN:
        assert f'data-figure="{name}"' in html
    assert html.count("<summary>Table</summary>") == len(SHOWN)
    for mark in ("● verified", "○ unverified", "◐ secondary"):
        assert mark in html


def test_every_command_that_explains_a_chart_is_one_that_study_knows() -> None:
    run = made_run()
    known = explainable(Run(meta=run.meta, tables={n: run.table(n) for n in run.tables}))
    commands = re.findall(r"computed: <code>(.*?)</code>", report_html(run))
    assert len(commands) == len(SHOWN)
    for command in commands:
        program, verb, path, what = shlex.split(unescape(command))
        assert (program, verb, path) == ("rerack", "explain", "runs/made-1")
        assert what in known or f"{what}:{run.meta['answer_plan']}" in known


def test_it_is_written_within_a_second_and_whole(tmp_path: Path) -> None:
    run = made_run(months=240)
    # Processor time: what else runs on the machine does not count.
    began = time.process_time()
    path = write_report(run, tmp_path / "runs" / "report.html")
    assert time.process_time() - began < 1.0
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [f.name for f in path.parent.iterdir()] == ["report.html"]


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_report(made_run(), tmp_path / "report.html")
    assert [f.name for f in tmp_path.iterdir()] == ["report.html"]


def _dom(page: Path, *more: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--virtual-time-budget=20000", f"--user-data-dir={page.parent / 'profile'}", *more]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@needs_chromium
@pytest.mark.parametrize("kind", [{}, {"label": HOSTILE}])
def test_a_browser_draws_every_chart_and_runs_nothing_else(
    kind: dict[str, Any], tmp_path: Path
) -> None:
    dom = _dom(write_report(made_run(**kind), tmp_path / "report.html"))
    assert 'data-charts="drawn"' in dom
    assert len(re.findall(r'class="chart[^"]*js-plotly-plot', dom)) == len(SHOWN)
    assert "<title>owned" not in dom


@needs_chromium
def test_it_fits_a_telephone(tmp_path: Path) -> None:
    html = report_html(made_run(months=240))
    probe = """<script>setTimeout(() => parent.postMessage(
        [document.documentElement.scrollWidth,
         Math.max(...[...document.querySelectorAll('.main-svg')].map(
           (s) => s.getBoundingClientRect().right))].join(' '), '*'), 5000)</script></body>"""
    inner = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    (tmp_path / "report.html").write_text(inner.replace("</body>", probe), encoding="utf-8")
    (tmp_path / "frame.html").write_text(
        "<title>waiting</title><script>onmessage = (e) => { document.title = e.data; }</script>"
        '<iframe src="report.html" style="width:390px;height:800px;border:0"></iframe>',
        encoding="utf-8",
    )
    dom = _dom(tmp_path / "frame.html")
    title = re.search(r"<title>([\d. ]+)</title>", dom)
    assert title is not None
    page_width, chart_right = (float(v) for v in title.group(1).split())
    assert page_width <= 390
    assert chart_right <= 390


@needs_chromium
def test_a_dark_screen_gets_dark_colours(tmp_path: Path) -> None:
    page = write_report(made_run(), tmp_path / "report.html")
    dark = _dom(page, "--blink-settings=preferredColorScheme=0")
    amber, amber_at_night = "rgb(184, 134, 11)", "rgb(224, 176, 64)"
    assert amber not in dark
    assert amber_at_night in dark
