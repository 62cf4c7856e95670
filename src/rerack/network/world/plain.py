"""The month step once more, in NumPy over cohorts and by bisection: the twin that tests it."""

from __future__ import annotations

import math
from bisect import bisect_right

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.world.arrays import CohortArrays, Ways
from rerack.network.world.clearing import normal_cdf
from rerack.network.world.records import Months, Numbers, Outputs, Paths, Places


class PlainWorld:
    """One scenario, stepped month by month.

    Parameters
    ----------
    cohorts, ways, places, numbers
        As `step_kernel.step_world` takes them.
    """

    def __init__(self, cohorts: CohortArrays, ways: Ways, places: Places, numbers: Numbers) -> None:
        self.cohorts, self.ways, self.places, self.numbers = cohorts, ways, places, numbers
        self.rigs = cohorts.installed_eh_s.copy()
        self.sites = self.rigs.copy()
        self.left = self.rigs * cohorts.convertible
        self.online = np.zeros_like(self.rigs)
        first = cohorts.arriving_eh_s / numbers.entry_delay
        self.arrivals = {m: first.copy() for m in range(1, numbers.entry_delay + 1)}
        self.taken = np.zeros(places.limit_mw.size)
        self.retired = np.zeros_like(self.rigs)
        self.scrapped = self.converted = self.produced = self.converted_mw = 0.0
        self.threshold: float | None = None

    @property
    def pending(self) -> FloatArray:
        """What is on its way to each cohort [EH/s]."""
        total = np.zeros_like(self.rigs)
        for arrival in self.arrivals.values():
            total += arrival
        return total

    def begin(self, month: int) -> None:
        """Arrivals and wear."""
        came = self.arrivals.pop(month, np.zeros_like(self.rigs))
        self.rigs, self.sites = self.rigs + came, self.sites + came
        self.left = self.left + self.cohorts.convertible * came
        dead = (self.numbers.wear if month > 0 else 0.0) * self.rigs
        short = self.cohorts.floor_eh_s - (self.rigs - dead)
        replaced = np.clip(short, 0.0, dead)
        self.rigs, self.sites = self.rigs - dead + replaced, self.sites - dead + replaced
        gone = (self.rigs < 1e-4) & (self.pending < 1e-4)
        dead = dead + np.where(gone, self.rigs, 0.0)
        self.rigs, self.sites = np.where(gone, 0.0, self.rigs), np.where(gone, 0.0, self.sites)
        self.left = np.minimum(self.left, self.rigs)
        self.scrapped += dead.sum()
        self.produced += replaced.sum()

    def running(self, threshold: float) -> FloatArray:
        """Return what runs where sites up to a threshold pay [EH/s]."""
        share = normal_cdf((threshold - self.cohorts.log_half) / self.cohorts.spread)
        floor = np.minimum(self.cohorts.floor_eh_s, self.rigs)
        return np.maximum(np.minimum(self.rigs, self.sites * share), floor)

    def settle(self, log_revenue: float, log_level: float) -> float:
        """Bisect for log hashprice."""

        def threshold(x: float) -> float:
            real, band = x - log_level, self.numbers.band
            if self.threshold is None:
                return real
            return min(max(self.threshold, real - band), real + band)

        low, high = log_revenue - 40.0, log_revenue + 40.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            total = self.running(threshold(middle)).sum()
            if total > 0.0 and middle + math.log(total) > log_revenue:
                high = middle
            else:
                low = middle
        self.threshold = threshold(high)
        self.online = self.running(self.threshold)
        return high

    def convert(self, hashprice: float, level: float, power: float, lease: float) -> FloatArray:
        """Take sites for AI; return the rigs put out [EH/s]."""
        n, c = self.numbers, self.cohorts
        scarce = (1.0 + self.converted_mw / n.ai_depth) ** -n.ai_elasticity
        ai_usd = n.ai_rent * lease * scarce - n.ai_charge * level
        margin = np.maximum(hashprice - c.cost * level * power, 0.0)
        mining_usd = 365e3 * (1.0 - n.fee) / c.efficiency * margin
        willing = (ai_usd > 0.0) & (ai_usd > (1.0 + n.ai_premium) * mining_usd)
        free = np.maximum(np.minimum(self.left, self.rigs - c.floor_eh_s), 0.0)
        gone = np.where(willing, np.minimum(n.ai_speed * self.left, free), 0.0)
        wanted_mw = float((gone * c.efficiency).sum())
        gone = gone * (min(1.0, n.ai_limit_mw / wanted_mw) if wanted_mw > 0.0 else 0.0)
        self.rigs = self.rigs - gone
        self.left = self.left - gone
        self.sites = np.maximum(self.sites - gone, self.rigs)
        np.add.at(self.taken, c.region, gone * c.efficiency)
        self.converted_mw += float((gone * c.efficiency).sum())
        return gone

    def depart(self, member: FloatArray, departing_mw: FloatArray) -> FloatArray:
        """Let announced conversions happen; return the rigs put out [EH/s]."""
        c = self.cohorts
        out = np.zeros_like(self.rigs)
        for group, wanted in zip(member, departing_mw, strict=True):
            free = np.clip(np.minimum(self.left, self.rigs - c.floor_eh_s), 0.0, None) * group
            load = float(free @ c.efficiency)
            gone = free * min(1.0, wanted / load) if load > 0.0 else 0.0 * free
            self.rigs, self.left, out = self.rigs - gone, self.left - gone, out + gone
            self.sites = np.maximum(self.sites - gone, self.rigs)
            np.add.at(self.taken, c.region, gone * c.efficiency)
            self.converted_mw += wanted
        return out

    def room(self) -> FloatArray:
        """Return the room of each region [MW]."""
        load = np.zeros_like(self.taken)
        np.add.at(load, self.cohorts.region, (self.rigs + self.pending) * self.cohorts.efficiency)
        return np.clip(self.places.limit_mw - self.taken - load, 0.0, self.places.build_mw)

    def worth(self, hashprice: float, cost: float, to_halving: float, keep: float) -> float:
        """Integrate a rig's margin over a fine grid of its life [USD/TH]."""
        n = self.numbers
        years = np.linspace(0.0, n.life, 20_001)
        years = np.sort(np.append(years, [to_halving, to_halving + 1e-12]))
        years = years[years <= n.life]
        path = hashprice * np.exp(-n.decline * years) * np.where(years > to_halving, keep, 1.0)
        margin = path - cost
        dead = np.flatnonzero(margin <= 0.0)
        if dead.size:
            margin[dead[0] :] = 0.0
        value = float(np.trapezoid(margin * np.exp(-n.discount * years), years))
        return 0.36525 * (1.0 - n.fee) * value

    def move(
        self,
        month: int,
        hashprice: float,
        dearness: float,
        halving: tuple[float, float],
        room: FloatArray,
        displaced: FloatArray,
    ) -> None:
        """Relocate idle and displaced rigs, scrap some of the rest."""
        c, w = self.cohorts, self.ways
        for i in range(self.rigs.size):
            idle = max(self.rigs[i] - self.online[i], 0.0)
            out = displaced[i]
            for k in range(w.first[i], w.first[i + 1]):
                to, region = w.to[k], c.region[w.to[k]]
                value = self.worth(hashprice, c.cost[to] * dearness, *halving)
                moved = min(w.limit_frac[k] * idle + out, room[region] / c.efficiency[to])
                few = max(self.rigs[i] - self.online[i], 0.0) + displaced[i] <= 1e-4
                if few or value <= w.cost_usd_per_th[k] or moved <= 0.0:
                    continue
                part = min(moved, out)
                out, idle = out - part, idle - (moved - part)
                self.rigs[i] -= moved - part
                self._send(to, month + int(w.delay[k]), moved)
                room[region] -= moved * c.efficiency[to]
            self.converted += out
            self.rigs[i] -= self.numbers.scrap * idle
            self.scrapped += self.numbers.scrap * idle
            self.retired[i] += out + self.numbers.scrap * idle

    def buy(
        self,
        month: int,
        newest: int,
        hashprice: float,
        dearness: tuple[float, float],
        halving: tuple[float, float],
        supply: tuple[float, float],
        room: FloatArray,
    ) -> float:
        """Order rigs; return the price [USD/TH]."""
        c, n = self.cohorts, self.numbers
        level, power = dearness
        foundry_mw, price = supply
        slots = np.flatnonzero(c.generation == newest)
        most = room[c.region[slots]] * c.entry_share[slots]
        site = n.site_usd_per_mw * level * c.efficiency[slots] * 1e-6
        value = np.array(
            [self.worth(hashprice, c.cost[i] * level * power, *halving) for i in slots]
        )

        def filled(at: float) -> FloatArray:
            return np.clip((value - at - site) / (n.entry_width * (at + site)), 0.0, 1.0)

        low, high = price, max(price, float((value - site).max(initial=price)))
        if float(most @ filled(price)) > foundry_mw:
            for _ in range(100):
                price = 0.5 * (low + high)
                if float(most @ filled(price)) > foundry_mw:
                    low = price
                else:
                    high = price
            price = high
        for i, mw, share in zip(slots, most, filled(price), strict=True):
            bought = mw * share / c.efficiency[i]
            self._send(int(i), month + n.entry_delay, bought)
            self.produced += bought
        return price

    def _send(self, to: int, month: int, eh_s: float) -> None:
        self.arrivals.setdefault(month, np.zeros_like(self.rigs))[to] += eh_s


def step_world_plain(
    cohorts: CohortArrays,
    ways: Ways,
    places: Places,
    months: Months,
    paths: Paths,
    numbers: Numbers,
    member: FloatArray,
    out: Outputs,
) -> None:
    """Fill `out` as `step_kernel.step_world` does; slow, for a few scenarios.

    Parameters
    ----------
    cohorts, ways, places, months, paths, numbers, member, out
        As there.
    """
    for s in range(paths.price_usd.shape[0]):
        world = PlainWorld(cohorts, ways, places, numbers)
        height, before, foundry = numbers.start_height, math.nan, paths.foundry[s]
        for m in range(months.hours.size):
            world.begin(m)
            due, fees = 6.0 * months.hours[m], paths.fees_btc[s, m]
            subsidy = _mean_subsidy(height, due)
            level, power = months.level[m], paths.power[s]
            log_revenue = math.log(0.144 * (subsidy + fees) * paths.price_usd[s, m])
            hashprice = math.exp(world.settle(log_revenue, math.log(level * power)))
            _write(world, out, s, m, hashprice)
            online = world.online.sum()
            climb = math.log(online / before) if m > 0 else 0.0
            early = 3_024.0 * (1.0 - math.exp(-2.0 * climb / 3.0))
            height += max(due * (2_015.0 / 2_016.0) + early, 0.1 * due)
            before = online
            halving = (
                (210_000.0 - height % 210_000.0) / 52_560.0,
                (0.5 * subsidy + fees) / (subsidy + fees),
            )
            gone = world.convert(hashprice, level, power, paths.lease[s, m])
            gone = gone + world.depart(member, paths.departing_mw[s, m])
            room = world.room()
            world.move(m, hashprice, level * power, halving, room, gone)
            price = months.rig_floor[m]
            if months.newest[m] >= 0:
                supply = (months.foundry_mw[m] * foundry, price)
                price = world.buy(
                    m, months.newest[m], hashprice, (level, power), halving, supply, room
                )
            out.totals[s, m, 7] = price
            foundry *= math.exp(numbers.foundry_response * math.log(price / months.rig_floor[m]))
        out.rigs[s] = world.rigs


def _write(world: PlainWorld, out: Outputs, s: int, m: int, hashprice: float) -> None:
    c, online = world.cohorts, world.online
    np.add.at(out.region[s, m], c.region, online)
    np.add.at(out.region_mw[s, m], c.region, online * c.efficiency)
    np.add.at(out.owner[s, m], c.owner, online)
    np.add.at(out.generation[s, m], c.generation, online)
    np.add.at(out.idle[s, m], c.generation, world.rigs - online)
    np.add.at(out.retired[s, m], c.generation, world.retired)
    out.totals[s, m, :7] = (
        online.sum(), world.rigs.sum() - online.sum(), world.pending.sum(), world.scrapped,
        world.converted, world.produced, hashprice,
    )  # fmt: skip
    out.totals[s, m, 8:] = (online @ c.efficiency, world.converted_mw)


def _mean_subsidy(height: float, blocks: float) -> float:
    eras = np.arange(34) * 210_000.0
    first = bisect_right(list(eras), height) - 1
    edges = [height, *(e for e in eras[first + 1 :] if e < height + blocks), height + blocks]
    spans = np.diff(edges)
    paid = [50.0 * 0.5 ** (first + i) if first + i < 33 else 0.0 for i in range(spans.size)]
    return float(spans @ np.array(paid) / blocks)
