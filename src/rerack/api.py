"""The Python interface: load a study, run it, look at what it found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from rerack.base.checks import require, require_between
from rerack.report import figure as make_figure
from rerack.report import summary as make_summary
from rerack.report import write_report
from rerack.report.company_page import companies_html, write_companies
from rerack.report.company_words import companies_text
from rerack.report.html import explained
from rerack.report.notebook import figure_notebook, framed_page, result_notebook
from rerack.report.sheets import explain_command
from rerack.report.source import check_run
from rerack.scenario import Scenario
from rerack.scenario import load as load_scenario
from rerack.scenario.company import company_files, load_company
from rerack.study import (
    Node,
    Run,
    Table,
    explain,
    open_run,
    run_study,
    run_to_folder,
)
from rerack.study.change import CHANGE_LIMITS, Change, current, overrides_of
from rerack.study.company_folder import companies_run, companies_to_folder
from rerack.study.company_study import CompanyRun, run_companies
from rerack.study.live import LiveStudy
from rerack.study.tables.company import COMPANY_TABLES


class Study:
    """A site file, read and checked.

    Parameters
    ----------
    path : Path
        Scenario file.
    overrides : sequence of str
        Overrides such as ``"site.power.adder=3 USD/MWh"``.
    """

    def __init__(self, path: Path, overrides: Sequence[str] = ()) -> None:
        self._path = path
        self._overrides = tuple(overrides)
        self.scenario: Scenario = load_scenario(path, overrides=self._overrides)

    def run(
        self,
        *,
        scenarios: int | None = None,
        seed: int | None = None,
        threads: int = 2,
        out: str | Path | None = None,
        closed_loop: bool = False,
        option_values: bool = False,
    ) -> Result:
        """Evaluate every plan on every scenario.

        Parameters
        ----------
        scenarios, seed : int or None
            In place of the file's.
        threads : int
            Worker threads; the result does not depend on it.
        out : str, Path or None
            Folder of runs to keep the run in; None keeps it in memory only.
        closed_loop : bool
            Whether all convertible sites of the world choose as this one does; adds the tables
            ``loop``, ``loop_starts``, ``loop_paths`` and ``calculator``.
        option_values : bool
            Whether to value each right of a policy plan: tables ``option_values`` and
            ``month_value``.

        Returns
        -------
        Result
            Tables, figures, summary.
        """
        scenario = load_scenario(
            self._path, overrides=self._overrides, scenarios=scenarios, seed=seed
        )
        if out is None:
            return Result(
                run_study(
                    scenario,
                    threads=threads,
                    closed_loop=closed_loop,
                    option_values=option_values,
                )
            )
        return Result(
            run_to_folder(
                scenario,
                Path(out),
                threads=threads,
                finish=_write_folder_report,
                closed_loop=closed_loop,
                option_values=option_values,
            )
        )

    def live(self, *, scenarios: int = 32) -> Live:
        """Return the study on its first few scenarios, to be asked again as inputs move.

        Parameters
        ----------
        scenarios : int
            Scenarios behind every answer, 8 to 1024: fewer answer faster, more are sharper.

        Returns
        -------
        Live
            What the dashboard's sliders ask; the first preparation takes seconds.
        """
        require_between(scenarios, 8, 1024, "scenarios")
        return Live(LiveStudy(self.scenario, scenarios=scenarios))

    def __repr__(self) -> str:
        s = self.scenario
        plans = ", ".join(p.name for p in s.plans)
        return (
            f"Study {s.name!r}: {s.site.name}, {s.site.interconnect_mw:,.0f} MW utility, "
            f"{len(s.site.halls)} halls, {s.scenarios:,} scenarios × {s.grid.months} months, "
            f"seed {s.seed}\n  plans: {plans}"
        )


class Live:
    """A study that answers in a fraction of a second, as the dashboard does.

    Parameters
    ----------
    study : LiveStudy
        From `Study.live`.

    Notes
    -----
    An answer is what `Study.run` gives for as many scenarios and the same inputs, but for the
    tornado and flip points, which are left out, and for the rules of policy plans, which stay those
    fitted to the file's own market until they are asked to be fitted anew.
    """

    def __init__(self, study: LiveStudy) -> None:
        self._study = study

    @property
    def inputs(self) -> dict[str, float]:
        """Where the inputs that can be moved stand in the file, by name."""
        return current(self._study.scenario)

    def ask(self, *, refit: bool = False, **moved: float) -> Result:
        """Return what the study finds with inputs moved.

        Parameters
        ----------
        refit : bool
            Whether the rules of policy plans are fitted to the moved inputs, which takes seconds.
        **moved : float
            New values by name: ``bitcoin_usd``, ``hashprice_usd_per_ph_day``,
            ``power_usd_per_mwh``, ``rent_factor``, ``capex_factor``, ``uptime_frac``; see
            `rerack.study.change.Change`.

        Raises
        ------
        InputError
            An unknown name, or a value out of range.
        """
        return Result(self._study.answer(_change(moved), refit=refit))

    def overrides(self, **moved: float) -> list[str]:
        """Return what moved inputs are in the scenario file, as `load` and ``--set`` take them."""
        return list(overrides_of(self._study.scenario, _change(moved)))

    def __repr__(self) -> str:
        scenario = self._study.scenario
        stands = ", ".join(f"{name} {value:,.6g}" for name, value in self.inputs.items())
        return f"Live {scenario.name!r} on {scenario.scenarios} scenarios\n  {stands}"


def _change(moved: dict[str, float]) -> Change:
    unknown = sorted(set(moved) - set(CHANGE_LIMITS))
    require(
        not unknown,
        "live inputs",
        given=", ".join(unknown),
        allowed=", ".join(CHANGE_LIMITS),
        cure="Name one of these; all others go into the file or into overrides.",
    )
    return Change(**moved)


def _write_folder_report(run: Run) -> None:
    assert run.folder is not None  # run_to_folder sets it before it calls this
    write_report(run, run.folder / "report.html")


class Result:
    """What a run found.

    Parameters
    ----------
    run : Run
        The run.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def meta(self) -> dict[str, Any]:
        """Name, seed, dates, versions and headline facts."""
        return self._run.meta

    def summary(self, *, width: int = 90) -> str:
        """Return the answer, the plans side by side, why, the risk and what would flip it."""
        return make_summary(self._run, width=width)

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables."""
        return self._run.names()

    def table(self, name: str, kind: Literal["numpy", "pandas", "polars"] = "numpy") -> Any:
        """Return a table.

        Parameters
        ----------
        name : str
            One of `tables`.
        kind : {"numpy", "pandas", "polars"}
            A dict of arrays, or a data frame of a package that you have installed.
        """
        columns: Table = self._run.table(name)
        require(
            kind in ("numpy", "pandas", "polars"),
            "kind",
            given=repr(kind),
            allowed="numpy, pandas or polars",
        )
        if kind == "pandas":
            import pandas as pd

            return pd.DataFrame(columns)
        if kind == "polars":
            import polars as pl

            return pl.DataFrame(dict(columns))
        return dict(columns)

    def figure(self, name: str, plan: str | None = None) -> Drawing:
        """Return a chart as a plotly-schema dict; ``plotly.graph_objects.Figure`` takes it."""
        checked = check_run(self._run)
        made = make_figure(checked, name, plan)
        return Drawing(made, explain=explain_command(checked, explained(checked, name)))

    def explain(self, figure: str) -> Node:
        """Return the tree behind a figure, down to formula, inputs and sources."""
        return explain(self._run, figure)

    def report(self, path: str | Path) -> Path:
        """Write the one-file HTML report."""
        return write_report(self._run, Path(path))

    def _repr_html_(self) -> str:
        return result_notebook(self._run)

    def __repr__(self) -> str:
        return self.summary()


class Drawing(dict[str, Any]):
    """A chart as a plotly-schema dict, which shows itself in a notebook.

    Parameters
    ----------
    made : dict
        ``{"data": [...], "layout": {...}}``.
    explain : str
        Command that shows how it was computed.
    """

    def __init__(self, made: dict[str, Any], *, explain: str) -> None:
        super().__init__(made)
        self._explain = explain

    def _repr_html_(self) -> str:
        return figure_notebook(self, self._explain)


def load(path: str | Path, *, overrides: Sequence[str] = ()) -> Study:
    """Read and check a scenario file.

    Parameters
    ----------
    path : str or Path
        YAML file.
    overrides : sequence of str
        ``"key.path=value"``, as ``--set`` takes them.

    Raises
    ------
    ScenarioError
        Everything that is wrong with the file, in file order.
    """
    return Study(Path(path), overrides)


def open_result(run: str, *, runs: str | Path = "runs") -> Result:
    """Open a kept run by name, folder, or ``"latest"``."""
    return Result(open_run(run, Path(runs)))


class Companies:
    """Companies valued side by side.

    Parameters
    ----------
    runs : tuple of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """

    def __init__(self, runs: tuple[CompanyRun, ...]) -> None:
        self.runs = runs

    def summary(self) -> str:
        """Return the values, the runway and what is unknown, in words."""
        return companies_text(self.runs)

    def table(self, name: str) -> Table:
        """Return a table as a dict of arrays.

        Parameters
        ----------
        name : str
            One of ``value``, ``per_mw``, ``implied``, ``liquidity``, ``inputs``, ``known``,
            ``yields``, ``statements``, ``cash``, ``debt``, ``dscr``.
        """
        require(
            name in COMPANY_TABLES,
            "table",
            given=repr(name),
            allowed=", ".join(COMPANY_TABLES),
        )
        return COMPANY_TABLES[name](self.runs)

    def explain(self, figure: str) -> Node:
        """Return the tree behind a figure, down to inputs and rows of the catalogue.

        Parameters
        ----------
        figure : str
            Such as ``value:Riot``, ``worst_dscr:Cipher:signed`` or ``implied:TeraWulf``.
        """
        return explain(companies_run(self.runs), figure)

    def keep(self, out: str | Path) -> Run:
        """Keep the valuation as a run folder under `out`, for `rerack explain` and `export`."""
        return companies_to_folder(self.runs, Path(out))

    def report(self, path: str | Path) -> Path:
        """Write the page of all companies."""
        return write_companies(self.runs, path)

    def _repr_html_(self) -> str:
        return framed_page(companies_html(self.runs))

    def __repr__(self) -> str:
        return self.summary()


def company(
    *paths: str | Path,
    overrides: Sequence[str] = (),
    market: Sequence[str] = (),
    scenarios: int | None = None,
    seed: int | None = None,
    threads: int = 2,
) -> Companies:
    """Value the companies of one or more company files on one market.

    Parameters
    ----------
    *paths : str or Path
        Company files, or folders of them.
    overrides, market : sequence of str
        ``"key.path=value"`` in the company files, and in their market file.
    scenarios, seed : int or None
        In place of the market file's.
    threads : int
        Worker threads; the result does not depend on it.

    Raises
    ------
    ScenarioError
        Everything that is wrong with a file.
    InputError
        Files of different markets.
    """
    studies = [
        load_company(
            p, overrides=overrides, market_overrides=market, scenarios=scenarios, seed=seed
        )
        for p in company_files(paths)
    ]
    return Companies(run_companies(studies, threads=threads))
