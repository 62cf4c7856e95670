"""A site with a battery and programmes, written anew: hour by hour, for SciPy's `milp`.

It shares no code with rerack: rigs are shares of a hall at each setting, not steps of a hull; calls
and engines carry their own hours; the battery has a binary for its direction in every hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from rerack.assets import Battery, Site, SiteProgrammes
from rerack.base.checks import FloatArray
from rerack.dispatch import HourlyPrices

#: Power into the bus, hour by hour: columns and their signs.
Terms = list[list[tuple[int, float]]]


@dataclass
class Model:
    """Columns and rows gathered one by one; maximises."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    integer: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def add(
        self, cost: float = 0.0, low: float = 0.0, high: float = np.inf, *, integer: bool = False
    ) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.integer.append(int(integer))
        return len(self.cost) - 1

    def row(
        self, terms: list[tuple[int, float]], low: float = -np.inf, high: float = np.inf
    ) -> None:
        summed: dict[int, float] = {}
        for column, value in terms:
            summed[column] = summed.get(column, 0.0) + value
        self.rows.append((summed, low, high))

    def maximise(self, limit_s: float = 60.0) -> tuple[float, float]:
        """Return the best objective found and the bound on it."""
        data = [(r, c, v) for r, (terms, _, _) in enumerate(self.rows) for c, v in terms.items()]
        row, column, value = (np.array(a) for a in zip(*data, strict=True))
        matrix = csr_array((value, (row, column)), shape=(len(self.rows), len(self.cost)))
        found = milp(
            -np.array(self.cost),
            integrality=np.array(self.integer),
            bounds=Bounds(np.array(self.low), np.array(self.high)),
            constraints=LinearConstraint(
                matrix,
                np.array([low for _, low, _ in self.rows]),
                np.array([high for _, _, high in self.rows]),
            ),
            options={"time_limit": limit_s, "mip_rel_gap": 1e-10},
        )
        assert found.x is not None, found.message
        bound = found.mip_dual_bound if any(self.integer) else found.fun
        return -float(found.fun), -float(bound)


def best_usd(
    site: Site,
    prices: HourlyPrices,
    hashprice: float,
    programmes: SiteProgrammes,
    battery: Battery,
    *,
    limit_s: float = 60.0,
) -> tuple[float, float]:
    """Return objective and bound of the whole problem [USD]."""
    model, hours = Model(), prices.calendar.hours
    bought = [model.add(high=site.interconnect_mw) for _ in range(hours)]
    terms: list[list[tuple[int, float]]] = [[(bought[h], 1.0)] for h in range(hours)]
    firm = np.full(hours, site.firm_load_mw)
    sold = _tariff(model, site, prices, bought, terms)
    cut = _ai(model, site, programmes, terms)
    _rigs(model, site, prices, hashprice, programmes, terms, firm)
    _generation(model, programmes, terms)
    constant = _calls(model, prices, programmes, bought, cut)
    _battery(model, battery, prices, programmes, terms, (bought, sold), site)
    for h in range(hours):
        model.row(terms[h], firm[h], firm[h])
    if site.tariff.block is not None:
        block = site.tariff.block
        index = prices.index_usd_per_mwh
        constant += float(((index - block.price_usd_per_mwh) * block.block_mw).sum())
    value, bound = model.maximise(limit_s)
    return value + constant, bound + constant


def meter_prices(site: Site, prices: HourlyPrices) -> FloatArray:
    tariff, calendar = site.tariff, prices.calendar
    meter = prices.index_usd_per_mwh / (1.0 - tariff.losses_frac) + tariff.adder_usd_per_mwh
    if tariff.time_of_use is not None:
        for h in range(calendar.hours):
            month, day = calendar.month_of_year[h] - 1, calendar.weekday[h]
            period = tariff.time_of_use.table[month, day, calendar.hour_of_day[h]]
            meter[h] += tariff.time_of_use.periods[period].rate_usd_per_mwh
    return meter


def _tariff(
    model: Model, site: Site, prices: HourlyPrices, bought: list[int], terms: Terms
) -> list[int]:
    tariff, calendar = site.tariff, prices.calendar
    meter = meter_prices(site, prices)
    sold = []
    for h in range(calendar.hours):
        model.cost[bought[h]] -= meter[h]
        sale = 0.0
        limit = 0.0
        if tariff.export is not None:
            sale = prices.index_usd_per_mwh[h] - tariff.export.discount_usd_per_mwh
            limit = tariff.export.limit_mw if sale > 0.0 else 0.0
        sold.append(model.add(cost=sale, high=limit))
        terms[h].append((sold[h], -1.0))
    for month in sorted(set(calendar.month.tolist())):
        own = [h for h in range(calendar.hours) if calendar.month[h] == month]
        if tariff.demand_charge is not None:
            peak = model.add(cost=-1e3 * tariff.demand_charge.charge_usd_per_kw_month)
            for h in own:
                model.row([(peak, 1.0), (bought[h], -1.0)], 0.0)
        if tariff.minimum_take is not None:
            take = tariff.minimum_take
            short = model.add(cost=-take.shortfall_usd_per_mwh)
            owed = take.contract_mw * take.take_frac * len(own)
            net = [(bought[h], 1.0) for h in own] + [(sold[h], -1.0) for h in own]
            model.row([(short, 1.0), *net], owed)
        peak_term = tariff.coincident_peak
        if peak_term is not None and calendar.month_of_year[own[0]] in peak_term.months:
            quarter = prices.system_load_mw.reshape(calendar.hours, -1)
            at = max(own, key=lambda h: (quarter[h].max(), -h))
            model.cost[bought[at]] -= peak_term.charge_usd_per_mw_year / len(peak_term.months)
    return sold


def _ai(model: Model, site: Site, programmes: SiteProgrammes, terms: Terms) -> list[int] | None:
    ai, hours = programmes.ai, len(terms)
    if ai is None:
        return None
    most = ai.depth_frac * site.firm_load_mw
    cut = [model.add(cost=-ai.compensation_usd_per_mwh, high=most) for _ in range(hours)]
    model.row([(c, 1.0) for c in cut], high=ai.limit_hours * most)
    for h in range(hours):
        terms[h].append((cut[h], 1.0))
    return cut


def _rigs(
    model: Model,
    site: Site,
    prices: HourlyPrices,
    hashprice: float,
    programmes: SiteProgrammes,
    terms: Terms,
    firm: FloatArray,
) -> None:
    """Shares of each hall at each setting, idle the rest; offers of what runs above idle."""
    hours = prices.calendar.hours
    how_of = {o.hall: o for o in programmes.operations}
    meter = meter_prices(site, prices)
    for hall in site.halls:
        fleet, how = hall.rigs, how_of.get(hall.name)
        rated = hall.utility_mw * fleet.uptime_frac
        idle = 0.0 if how is None else how.idle_frac
        settings = [(1.0, 1.0)]
        if how is not None:
            settings = [(p.power_frac, p.hashrate_frac) for p in how.points]
        income = hashprice * 1e3 / (24.0 * fleet.efficiency_j_per_th) * (1.0 - fleet.pool_fee_frac)
        firm += idle * rated
        before: list[int] = []
        for h in range(hours):
            hot = how is not None and how.inlet_limit_c is not None
            hot = hot and prices.inlet_c[h] > how.inlet_limit_c
            shares = []
            for power, hashes in settings:
                run = (power - idle) * rated
                worth = income * hashes * rated - fleet.variable_om_usd_per_mwh * run
                shares.append(model.add(cost=worth, high=0.0 if hot else 1.0))
                terms[h].append((shares[-1], -run))
            model.row([(s, 1.0) for s in shares], high=1.0)
            if how is not None and how.start_usd_per_mw > 0.0 and before:
                start = model.add(cost=-how.start_usd_per_mw * rated, high=1.0)
                model.row([*((s, 1.0) for s in shares), *((s, -1.0) for s in before),
                           (start, -1.0)], high=0.0)  # fmt: skip
            before = shares
            # With one setting a hall is one step, and its offers are those of that step.
            if how is not None and how.response_s is not None and len(settings) == 1:
                run = (1.0 - idle) * rated
                strike = income * rated / run - fleet.variable_om_usd_per_mwh
                offers = []
                for service in programmes.ancillary:
                    if how.response_s > service.response_s:
                        continue
                    called = service.call_probability_frac * service.call_hours
                    paid = meter[h] + service.energy_usd_per_mwh - strike
                    worth = prices.capacity_usd_per_mwh[service.name][h] + min(called, 1.0) * paid
                    offers.append(model.add(cost=worth))
                    model.row([(offers[-1], 1.0), (shares[0], -service.share_frac * run)], high=0.0)
                if offers:
                    model.row([*((o, 1.0) for o in offers), (shares[0], -run)], high=0.0)


def _generation(model: Model, programmes: SiteProgrammes, terms: Terms) -> None:
    hours = len(terms)
    for source in programmes.renewables:
        for h in range(hours):
            most = source.capacity_mw * source.profile_frac[h]
            terms[h].append((model.add(high=most), 1.0))
    for engine in programmes.generators:
        cost = engine.fuel_usd_per_mwh * engine.heat_rate_mwh_per_mwh
        cost += engine.variable_om_usd_per_mwh
        on = []
        for h in range(hours):
            output = model.add(cost=-cost, high=engine.capacity_mw)
            terms[h].append((output, 1.0))
            if engine.permit_hours is not None:
                on.append(model.add(high=1.0, integer=True))
                model.row([(output, 1.0), (on[-1], -engine.capacity_mw)], high=0.0)
                least = engine.min_load_frac * engine.capacity_mw
                model.row([(output, 1.0), (on[-1], -least)], 0.0)
        if on:
            model.row([(i, 1.0) for i in on], high=engine.permit_hours)


def _calls(
    model: Model,
    prices: HourlyPrices,
    programmes: SiteProgrammes,
    bought: list[int],
    cut: list[int] | None,
) -> float:
    hours, constant = prices.calendar.hours, 0.0
    called: list[list[int]] = [[] for _ in range(hours)]
    for response in programmes.demand_response:
        pay = response.energy_usd_per_mwh * response.enrolled_mw
        on = []
        for h in range(hours):
            clock = response.first_hour <= prices.calendar.hour_of_day[h] < response.end_hour
            allowed = clock and prices.calendar.month_of_year[h] in response.months
            on.append(model.add(cost=pay, high=float(allowed), integer=True))
            called[h].append(on[h])
            most, cap = model.high[bought[h]], response.baseline_mw - response.enrolled_mw
            if cap < most:
                model.row([(bought[h], 1.0), (on[h], most - cap)], high=most)
            ai = programmes.ai
            if cut is not None and ai.notice_hours > response.notice_hours:
                model.row([(cut[h], 1.0), (on[h], model.high[cut[h]])], high=model.high[cut[h]])
        model.row([(i, 1.0) for i in on], high=response.limit_hours)
        starts = []
        for h in range(hours):
            starts.append(model.add(high=1.0, integer=True))
            earlier = [] if h == 0 else [(on[h - 1], -1.0)]
            model.row([(on[h], 1.0), (starts[h], -1.0), *earlier], high=0.0)
        model.row([(s, 1.0) for s in starts], high=response.limit_calls)
        for h in range(hours - response.call_hours):
            model.row([(on[h + i], 1.0) for i in range(response.call_hours + 1)],
                      high=response.call_hours)  # fmt: skip
        constant += response.standing_usd_per_kw_month * 1e3 * response.enrolled_mw * hours / 730.0
    for h in range(hours):
        if len(called[h]) > 1:
            model.row([(i, 1.0) for i in called[h]], high=1.0)
    return constant


def _battery(
    model: Model,
    battery: Battery,
    prices: HourlyPrices,
    programmes: SiteProgrammes,
    terms: Terms,
    meter_flows: tuple[list[int], list[int]],
    site: Site,
) -> None:
    """Charge, discharge, store; a binary for the direction of every hour; reserve."""
    bought, sold = meter_flows
    meter = meter_prices(site, prices)
    wear, eta_c = battery.throughput_cost_usd_per_mwh, battery.charge_efficiency_frac
    eta_d, keep = battery.discharge_efficiency_frac, battery.hourly_keep_frac
    before: list[tuple[int, float]] = []
    start = battery.initial_mwh * keep
    for h in range(len(terms)):
        charge = model.add(high=battery.charge_mw)
        discharge = model.add(cost=-wear, high=battery.discharge_mw)
        stored = model.add(high=battery.energy_mwh)
        way = model.add(high=1.0, integer=True)
        model.row([(charge, 1.0), (way, -battery.charge_mw)], high=0.0)
        model.row([(discharge, 1.0), (way, battery.discharge_mw)], high=battery.discharge_mw)
        terms[h] += [(charge, -1.0), (discharge, 1.0)]
        state = [(stored, 1.0), (charge, -eta_c), (discharge, 1.0 / eta_d), *before]
        reserve = []
        for service in programmes.ancillary:
            if battery.response_s is None or battery.response_s > service.response_s:
                continue
            called = min(1.0, service.call_probability_frac * service.call_hours)
            paid = meter[h] + service.energy_usd_per_mwh - wear
            worth = prices.capacity_usd_per_mwh[service.name][h] + called * paid
            reserve.append((model.add(cost=worth), service.call_hours / eta_d))
            state.append((reserve[-1][0], called / eta_d))
        model.row(state, start if h == 0 else 0.0, start if h == 0 else 0.0)
        if reserve:
            total = [(column, 1.0) for column, _ in reserve]
            model.row([*total, (discharge, 1.0), (charge, -1.0)], high=battery.discharge_mw)
            model.row([*total, (bought[h], -1.0), (sold[h], 1.0)], high=model.high[sold[h]])
            model.row([*reserve, (stored, -1.0)], high=0.0)
            model.row([*reserve, *before], high=start if h == 0 else 0.0)
        before = [(stored, -keep)]
    model.low[stored] = battery.final_mwh
