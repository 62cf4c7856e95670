"""What the interface takes and gives, as the document of it describes them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=2_000)]


class Body(BaseModel):
    """A body that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Body):
    """One thing that is wrong."""

    where: str = Field(description="Key, file and line, or part of the request.")
    given: str = Field(description="What was given.")
    allowed: str = Field(description="What would have been accepted.")
    cure: str = Field(description="What to do now.")
    excerpt: str = Field(description="The line with a caret under it, or empty.")


class ErrorDetail(Body):
    """Everything that is wrong."""

    message: str = Field(description="All of it as text.")
    problems: list[Problem] = Field(description="One by one.")


class Error(Body):
    """The body of every answer that is not a success."""

    error: ErrorDetail


class Lever(Body):
    """One input that can be moved."""

    name: str = Field(description="Name in a query.")
    label: str = Field(description="Name for people.")
    unit: str = Field(description="Unit; empty for a factor.")
    value: float = Field(description="Where the file has it.")
    low: float = Field(description="Lowest value of the slider.")
    high: float = Field(description="Highest value of the slider.")
    least: float = Field(description="Lowest value that is taken.")
    most: float = Field(description="Highest value that is taken.")


class StudyFacts(Body):
    """What is served."""

    name: str
    site: str
    file: str
    scenarios: int = Field(description="Scenarios of a full run.")
    live_scenarios: int = Field(description="Scenarios behind figures that sliders move.")
    months: int
    start: str
    seed: int
    interconnect_mw: float = Field(description="At the meter [MW utility].")
    plans: list[str]
    halls: list[str]
    offers: list[str]
    rules: bool = Field(description="Whether a plan is a policy, whose rule is fitted to a market.")
    levers: list[Lever]


class RunOrder(Body):
    """A run asked for."""

    overrides: list[Text] = Field(
        default_factory=list, max_length=200, description="Each key=value, as --set takes it."
    )
    scenarios: int | None = Field(default=None, ge=1, description="In place of the file's.")
    seed: int | None = Field(
        default=None, ge=0, le=2**63 - 1, description="In place of the file's."
    )
    closed_loop: bool = Field(
        default=False, description="Let all convertible sites of the world choose alike."
    )
    option_values: bool = Field(
        default=False, description="Value each right of a policy plan: some ten fits more."
    )


class Job(Body):
    """A run under way."""

    id: str
    state: str = Field(description="waiting, running, done, failed or cancelled.")
    share_frac: float = Field(description="How much is done, 0 to 1.")
    doing: str = Field(description="What is being done, or why it ended.")
    run: str = Field(description="Name of the run once it is done.")
    request: dict[str, Any]


class JobPage(Body):
    """Jobs, newest first."""

    items: list[Job]
    total: int


class RunRow(Body):
    """A run that is kept."""

    run: str
    study: str
    created: str
    scenarios: int
    months: int
    seed: int
    answer: str = Field(description="Plan that the run recommends.")
    state: str = Field(description="complete, running, incomplete or damaged.")
    blocks: str = Field(description="Blocks of scenarios kept of a run that is not complete.")


class RunPage(Body):
    """Runs, newest first, a page at a time."""

    items: list[RunRow]
    total: int
    page: int
    per_page: int


class RunDetail(Body):
    """One run."""

    run: str
    meta: dict[str, Any]
    tables: list[str]
    figures: list[str]


class TablePage(Body):
    """Rows of a table, a page at a time."""

    name: str
    columns: list[str]
    rows: list[list[Any]] = Field(description="A number that is none is null.")
    total: int
    page: int
    per_page: int


class Sheet(Body):
    """A table as people read it."""

    heads: list[str]
    rows: list[list[str]]
    right: list[bool] = Field(description="Whether a column stands to the right.")


class PanelChart(Body):
    """A figure of a panel."""

    name: str
    figure: dict[str, Any] = Field(description="A figure as plotly takes it.")
    explain: str = Field(description="Command that shows how it was computed.")


class PanelSheet(Body):
    """A table of a panel."""

    title: str
    measure: str = Field(description="What is counted, in which unit, from which source.")
    sheet: Sheet
    explain: str = Field(description="Command that gives the same; may be empty.")


class Panel(Body):
    """A part of a page."""

    headline: str = Field(description="What it finds, in one sentence.")
    facts: str = Field(description="What that rests on.")
    reasons: dict[str, str] = Field(description="Short texts by heading.")
    diagram: str = Field(description="An SVG element; may be empty.")
    charts: list[PanelChart]
    sheets: list[PanelSheet]


class LiveAnswer(Body):
    """What the study finds with inputs moved."""

    headline: str
    gain: str
    why: str
    risk: str
    scenarios: int
    values: dict[str, float] = Field(description="Where every lever stands now.")
    plans: Sheet
    money: str = Field(description="What the money of the plans means.")
    means: str = Field(
        description="Why a plan has a smaller mean and yet a larger gain; empty where none has."
    )
    best: list[bool] = Field(description="Whether a row of plans is the answer.")
    sheets: dict[str, Sheet] = Field(description="Further tables of the page, by name.")
    figures: dict[str, Any] = Field(description="Plotly figures of the page, by name.")
    explain: dict[str, str] = Field(description="Command that explains each figure, by name.")
    wall_ms: float = Field(description="Time that it took here [ms].")


class ScenarioText(Body):
    """A scenario as YAML."""

    name: str = Field(description="File name to save it under.")
    yaml: str


class OverrideList(Body):
    """What moved inputs are in the scenario file."""

    overrides: list[str] = Field(description="Each key=value, as --set takes it.")


class CheckOrder(Body):
    """Overrides to be checked."""

    overrides: list[Text] = Field(default_factory=list, max_length=200)


class CheckAnswer(Body):
    """Whether the file with overrides is good."""

    good: bool
    problems: list[Problem]


class ExplainNode(Body):
    """A figure and what it is made of."""

    label: str
    value: float | str | None
    unit: str
    formula: str
    source: str
    children: list[ExplainNode]


class Compared(Body):
    """Two runs side by side."""

    inputs: TablePage
    plans: TablePage
