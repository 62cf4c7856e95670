"""What a notebook shows of a result draws itself, with no request to anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.browser.visit import Visit, until

import rerack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def result() -> rerack.Result:
    return rerack.load(ROOT / "examples" / "core-scientific.yaml").run(scenarios=8)


@pytest.fixture
def shown(browser: Browser) -> Iterator[Visit]:
    visitor = Visit(browser, "http://nowhere.invalid")
    yield visitor
    assert visitor.complaints == []
    assert [r for r in visitor.requests if not r.startswith("about:")] == []
    visitor.leave()


def frame(visitor: Visit, html: str) -> Frame:
    """Put an output into a page as a notebook does, and return its frame once it is drawn."""
    tab = visitor.context.new_page()
    tab.set_content(f"<body>{html}</body>", wait_until="commit")
    until("a frame", lambda: len(tab.frames) == 2)
    inner = tab.frames[1]
    drawn = "() => document.documentElement.dataset.charts === 'drawn'"
    until("drawn", lambda: inner.evaluate(drawn))
    return inner


def test_a_result_shows_answer_plans_and_figures(shown: Visit, result: rerack.Result) -> None:
    inner = frame(shown, result._repr_html_())
    headline = inner.locator("h1").inner_text()
    assert headline in " ".join(result.summary(width=200).split())
    plans = result.table("plans")["plan"].tolist()
    rows = inner.locator("main > .scroll tbody th").all_inner_texts()
    assert [row.removesuffix(" ← answer") for row in rows] == plans
    data = "() => document.querySelector('[data-figure=plan]').data[0].x.map(Number)"
    wanted = np.asarray(result.figure("plan")["data"][0]["x"])
    assert inner.evaluate(data) == pytest.approx(wanted.tolist())
    # Interactive: the value under the pointer is told.
    inner.locator("[data-figure=plan] .nsewdrag").hover()
    inner.locator("[data-figure=plan] .hoverlayer .hovertext").first.wait_for()


def test_a_figure_shows_itself(shown: Visit, result: rerack.Result) -> None:
    made = result.figure("hashprice")
    inner = frame(shown, made._repr_html_())
    assert inner.locator("h3").inner_text() == made["layout"]["meta"]["title"]
    assert inner.locator(".main-svg").count() >= 1
