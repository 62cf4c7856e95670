"""The tables of the catalogue: which facts, in which columns, identified by what."""

from __future__ import annotations

from rerack.catalog.schema import Column, ColumnKind, Table


def _text(name: str, doc: str, *, required: bool = True, choices: tuple[str, ...] = ()) -> Column:
    return Column(name=name, kind="text", doc=doc, required=required, choices=choices)


def _date(name: str, doc: str) -> Column:
    return Column(name=name, kind="date", doc=doc, required=False)


def _number(name: str, unit: str, doc: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="float", unit=unit, doc=doc, required=required, low=0.0)


_FLOAT: ColumnKind = "float"
_PROVENANCE = (
    Column(name="as_of", kind="date", doc="Date of the fact, as precise as known."),
    _text("source", "Where the figures come from; the formula if derived."),
    Column(name="status", kind="status", doc="Standing of the weakest figure of the row."),
    _text("note", "What a reader must know besides.", required=False),
)
_VALUE = (
    Column(name="value", kind=_FLOAT, doc="The figure, or the lower end of a range."),
    Column(name="value_high", kind=_FLOAT, doc="Upper end of a range.", required=False),
    Column(name="unit", kind="unit", doc="Unit of value and value_high."),
)
_DEAL_KINDS = ("powered_shell", "colocation", "gpu_cloud", "unknown")

_RIGS = Table(
    name="rigs",
    description="Bitcoin mining rigs: nominal hashrate, power and efficiency by model.",
    key=("model",),
    columns=(
        _text("model", "Model and bin."),
        _text("maker", "Manufacturer."),
        _number("hashrate_th_s", "th_s", "Nominal hashrate."),
        _number("power_w", "w", "Nominal power at the wall."),
        _number("efficiency_j_per_th", "j_per_th", "Energy per hash as published."),
        _text("cooling", "How it is cooled.", choices=("air", "hydro", "immersion")),
        _text("release", "Release or announcement, as published.", required=False),
        *_PROVENANCE,
    ),
)

_GPUS = Table(
    name="gpus",
    description="AI accelerators and systems: power by chip, server, rack or site share.",
    key=("model", "level"),
    columns=(
        _text("model", "Chip or system."),
        _text("maker", "Manufacturer."),
        _text("level", "What the power covers.", choices=("chip", "server", "rack", "site")),
        _number("power_w", "w", "Power, or the lower end of a range.", required=True),
        _number("power_high_w", "w", "Upper end of a range."),
        _number("gpu_count", "", "Accelerators that share the power."),
        _number("memory_gb", "", "Memory [GB]."),
        _date("release", "Release date."),
        *_PROVENANCE,
    ),
)

_AI_DEALS = Table(
    name="ai_deals",
    description="Announced AI and HPC contracts of Bitcoin miners, with USD per MW and year.",
    key=("name",),
    columns=(
        _text("name", "Short name of the deal."),
        _text("landlord", "Owner of the site."),
        _text("tenant", "Customer; none where the owner runs its own cloud."),
        _date("announced", "Date of announcement."),
        _text("kind", "Type of deal; inferred where the note says so.", choices=_DEAL_KINDS),
        _number("critical_mw", "mw", "Critical (IT) power."),
        _number("gross_mw", "mw", "Gross power (IT plus cooling), or as rated."),
        _number("term_years", "years", "Term without options."),
        _number("value_usd", "usd", "Contract value over the term, without options."),
        _number("rate_usd_per_mw_year", "usd_per_mw_year", "Value / term / MW of rate_basis."),
        _text("rate_basis", "Which MW.", required=False, choices=("critical", "gross")),
        _number("capex_usd_per_mw", "usd_per_mw", "Capital cost, or the lower end of a range."),
        _number("capex_high_usd_per_mw", "usd_per_mw", "Upper end of a range."),
        _text("payer", "Who pays the capital cost.", required=False),
        _text("start", "Start of service, as published.", required=False),
        _text("credit", "Credit support, service terms, options.", required=False),
        _number("noi_usd_per_year", "usd_per_year", "Net operating income, as reported."),
        _number("noi_margin_frac", "frac", "Net operating income over rent, or the lower end."),
        _number("noi_margin_high_frac", "frac", "Upper end of a range."),
        _number("support_usd", "usd", "What a third party stands behind."),
        _number("prepaid_usd", "usd", "Paid before service and credited later."),
        _number("owned_frac", "frac", "Landlord's share of the contract; all where empty."),
        _text("part_of", "Deal that includes this one: never add both.", required=False),
        *_PROVENANCE,
    ),
)

_CREDIT_GRADES = Table(
    name="credit_grades",
    description="Chance of default within a year by credit grade.",
    key=("grade",),
    columns=(
        _text("grade", "Credit grade."),
        _number("default_frac_per_year", "frac_per_year", "Default rate in a year.", required=True),
        *_PROVENANCE,
    ),
)

_ANALYST_VALUES = Table(
    name="analyst_values",
    description="What analysts took a megawatt, a revenue or a site to be worth.",
    key=("analyst", "company", "item"),
    columns=(
        _text("analyst", "Who said it."),
        _text("company", "What it was said of."),
        _text("item", "What is valued, and how."),
        *_VALUE,
        *_PROVENANCE,
    ),
)

_CAPEX = Table(
    name="capex",
    description="Capital cost per MW by use, component and estimate, and component shares.",
    key=("use", "component", "estimate"),
    columns=(
        _text(
            "use",
            "What is built.",
            choices=(
                "mining_shell",
                "powered_shell",
                "colocation",
                "gpu_cloud",
                "data_centre",
                "any_ai",
            ),
        ),
        _text("component", "Part of the cost; all is everything that the estimate covers."),
        _text("estimate", "Whose estimate, or which project."),
        _number("cost_usd_per_mw", "usd_per_mw", "Cost, or the lower end of a range."),
        _number("cost_high_usd_per_mw", "usd_per_mw", "Upper end of a range."),
        _number("item_cost_usd", "usd", "Cost of one item, where no MW is given."),
        _number("item_cost_high_usd", "usd", "Upper end of a range."),
        _number("share_frac", "frac", "Share of the whole, or the lower end of a range."),
        _number("share_high_frac", "frac", "Upper end of a range."),
        _text(
            "basis",
            "Which MW.",
            choices=("utility", "gross", "critical", "unknown"),
        ),
        _text("payer", "Who pays.", choices=("owner", "tenant", "shared", "unknown")),
        _number("tenant_share_frac", "frac", "Share that the tenant paid, where reported."),
        *_PROVENANCE,
    ),
)

_BUILD_TIMES = Table(
    name="build_times",
    description="Time to power and lead times of equipment.",
    key=("item", "estimate"),
    columns=(
        _text("item", "What takes the time."),
        _text("estimate", "Whose figure, or which project."),
        _number("duration_months", "months", "Time, or the lower end of a range."),
        _number("duration_high_months", "months", "Upper end of a range."),
        _text("published", "The figure in the source's own unit."),
        *_PROVENANCE,
    ),
)

_COMPANIES = Table(
    name="companies",
    description="Facts about companies, one a row; the metric names its own definition.",
    key=("company", "metric", "period"),
    columns=(
        _text("company", "Company, or the group that an average covers."),
        _text("metric", "What is measured, definition included."),
        _text("period", "Period or instant, such as 2025-Q3."),
        *_VALUE,
        *_PROVENANCE,
    ),
)

_REGIONS = Table(
    name="regions",
    description="Countries and regions: hashrate share, power price, mining load, reserves.",
    key=("region", "metric", "period"),
    columns=(
        _text("region", "Country or region."),
        _text("metric", "What is measured."),
        _text("period", "Period or instant."),
        *_VALUE,
        *_PROVENANCE,
    ),
)

_TARIFFS = Table(
    name="tariffs",
    description="Power tariffs, market products and charges as reported, one component a row.",
    key=("region", "component", "period"),
    columns=(
        _text("region", "Market or supplier."),
        _text("component", "Part of the bill, or market product."),
        _text("period", "Period in force, or of the average."),
        *_VALUE,
        *_PROVENANCE,
    ),
)

_RIG_PRICES = Table(
    name="rig_prices",
    description="Prices of rigs per TH/s, by model or efficiency tier and by kind of price.",
    key=("item", "basis", "as_of"),
    columns=(
        _text("item", "Model and bin, or efficiency tier."),
        _text(
            "basis",
            "What kind of price.",
            choices=("index", "auction", "fair_value", "asking", "retail", "launch", "sale"),
        ),
        _number("price_usd_per_th", "usd_per_th", "Price.", required=True),
        _number("unit_price_usd", "usd", "Price of one rig, where published."),
        *_PROVENANCE,
    ),
)

_GPU_PRICES = Table(
    name="gpu_prices",
    description="Rental prices per GPU-hour, by model and by kind of price.",
    key=("gpu", "basis", "as_of"),
    columns=(
        _text("gpu", "Model."),
        _text("basis", "What kind of price, and whose."),
        _number("price_usd_per_gpu_hour", "usd_per_gpu_hour", "Price or low end.", required=True),
        _number("price_high_usd_per_gpu_hour", "usd_per_gpu_hour", "Upper end of a range."),
        *_PROVENANCE,
    ),
)

_COLOCATION_RENTS = Table(
    name="colocation_rents",
    description="Wholesale colocation: asking rents, vacancy, supply and construction by market.",
    key=("market", "period"),
    columns=(
        _text("market", "Market that the figures cover."),
        _text("period", "Period, such as 2025 or 2025-H1."),
        _number("rent_usd_per_kw_month", "usd_per_kw_month", "Asking rent, or low end."),
        _number("rent_high_usd_per_kw_month", "usd_per_kw_month", "Upper end of a range."),
        _number("vacancy_frac", "frac", "Vacant share of the supply."),
        _number("supply_mw", "mw", "Capacity in service, as reported."),
        _number("construction_mw", "mw", "Capacity under construction, as reported."),
        *_PROVENANCE,
    ),
)

_EQUIPMENT = Table(
    name="equipment",
    description="Power and cooling equipment: failure, repair, call, common cause, cost.",
    key=("equipment", "estimate"),
    columns=(
        _text("equipment", "Kind of equipment, or common cause."),
        _text("estimate", "Whose estimate, and of what exactly."),
        _number("failure_rate_per_year", "per_year", "Failures per unit and year of being up."),
        _number("mttr_hours", "hours", "Mean time to restore service."),
        _number("fail_to_start_frac", "frac", "Failures per demand."),
        _number("fail_to_run_per_hour", "per_hour", "Failures per hour of running on demand."),
        _number("beta_frac", "frac", "Share of failures that hit all like units."),
        _number("power_cost_usd_per_mw", "usd_per_mw", "Installed cost by power."),
        _number(
            "energy_cost_usd_per_mwh", "usd_per_mwh", "Installed cost by energy, besides power."
        ),
        *_PROVENANCE,
    ),
)

_COHORTS = Table(
    name="cohorts",
    description="Dated states of the world's hashrate: regions, rig generations, owners, AI.",
    key=("world", "part", "name", "metric"),
    columns=(
        _text("world", "Month of the state, such as 2025-12."),
        _text(
            "part",
            "What is described.",
            choices=("chain", "region", "generation", "owner", "world", "ai"),
        ),
        _text("name", "Which region, generation or owner; all where it is the whole."),
        _text("metric", "What is measured."),
        Column(name="value", kind=_FLOAT, doc="The figure."),
        Column(name="unit", kind="unit", doc="Unit of value."),
        *_PROVENANCE,
    ),
)

_AI_METRICS = Table(
    name="ai_metrics",
    description="Yields, cap rates, cost of ownership and price changes of AI capacity.",
    key=("subject", "metric", "period"),
    columns=(
        _text("subject", "What the figure is of."),
        _text("metric", "What is measured, definition included."),
        _text("period", "Period or instant; undated where none is recorded."),
        *_VALUE,
        *_PROVENANCE,
    ),
)

#: Every table by name, in the order in which they are listed.
TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _RIGS,
        _GPUS,
        _AI_DEALS,
        _CAPEX,
        _BUILD_TIMES,
        _COMPANIES,
        _REGIONS,
        _TARIFFS,
        _RIG_PRICES,
        _GPU_PRICES,
        _COLOCATION_RENTS,
        _EQUIPMENT,
        _COHORTS,
        _CREDIT_GRADES,
        _ANALYST_VALUES,
        _AI_METRICS,
    )
}
