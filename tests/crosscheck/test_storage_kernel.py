"""The compiled recursion against its plain twin: values, schedules, segments, envelopes."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.dispatch.storage_bus import Bus
from rerack.dispatch.storage_segments import segments, segments_plain
from rerack.numerics.concave import PlainStore, advance_plain, envelope, recede_plain
from rerack.numerics.concave_kernel import Levels, Steps, advance, bridge, recede


def random_store(rng: np.random.Generator, *, convex: bool) -> PlainStore:
    """Return a store whose steps are concave, or not where `convex`."""
    slope: list[float] = []
    start, split = [0], []
    for _ in range(int(rng.integers(1, 40))):
        fills, draws = rng.integers(0, 4, 2)
        price = rng.normal(30.0, 40.0)
        slope += np.sort(price + rng.exponential(20.0, fills) - 15.0 * convex).tolist()
        split.append(start[-1] + int(fills))
        slope += (-np.sort(rng.exponential(20.0, draws) - price)).tolist()
        start.append(len(slope))
    capacity = rng.choice([0.0, rng.exponential(20.0)], p=[0.1, 0.9])
    first = capacity * rng.random()
    return PlainStore(
        slope=np.array(slope, dtype=np.float64),
        width=rng.exponential(5.0, len(slope)),
        start=np.array(start),
        split=np.array(split),
        capacity=capacity,
        first=first,
        last=rng.choice([0.0, 0.4 * first, capacity]),
        keep=rng.choice([1.0, 0.97, 0.9999]),
    )


def compiled(store: PlainStore) -> tuple[float, int, FloatArray, FloatArray]:
    """Return value, bridged steps, states and gains of the compiled recursion."""
    size, count = store.slope.size, store.split.size
    state, gain = np.empty(count), np.empty(count)
    # Half of each slope is paid by price, so that both parts count.
    owner = np.repeat(np.arange(count), np.diff(store.start))
    price = np.arange(1.0, count + 1.0)
    steps = Steps(
        np.arange(count), price, store.start, store.split, 0.5 * store.slope,
        0.5 * store.slope / price[owner], store.width,
    )  # fmt: skip
    levels = Levels(
        np.empty(count + 1, np.int64), np.empty(count, np.int64), np.empty(size), np.empty(size),
        np.empty(size),
    )  # fmt: skip
    value, bridged = recede(
        steps, store.capacity, store.first, store.last, store.keep, np.empty(2 * size + 8),
        np.empty(2 * size + 8), np.empty(size), levels,
    )  # fmt: skip
    advance(levels, store.first, store.keep, state, gain)
    return value, bridged, state, gain


@pytest.mark.parametrize("seed", range(120))
def test_value_and_schedule_equal_the_plain_twin(seed: int) -> None:
    store = random_store(np.random.default_rng(seed), convex=False)
    value, bridged, state, gain = compiled(store)
    plain = recede_plain(store)[0].at(store.first)
    assert bridged == 0
    if plain == -np.inf:
        assert np.isnan(value)
        return
    scale = max(abs(gain).sum(), 1.0)
    assert value == pytest.approx(plain, rel=1e-12, abs=1e-12 * scale)
    assert gain.sum() == pytest.approx(value, rel=1e-12, abs=1e-12 * scale)
    assert state == pytest.approx(np.array(advance_plain(store)), abs=1e-8)


@pytest.mark.parametrize("seed", range(60))
def test_bridged_value_is_the_twins_and_bounds_the_schedule(seed: int) -> None:
    store = random_store(np.random.default_rng(seed), convex=True)
    slope = store.slope.copy()
    value, bridged, state, gain = compiled(store)
    assert (store.slope == slope).all()
    plain = recede_plain(store)[0].at(store.first)
    if plain == -np.inf:
        assert np.isnan(value)
        return
    scale = max(abs(gain).sum(), 1.0)
    assert value == pytest.approx(plain, rel=1e-12, abs=1e-12 * scale)
    assert gain.sum() <= value + 1e-12 * scale
    assert state.min() >= -1e-9
    assert state.max() <= store.capacity + 1e-9
    assert state[-1] >= store.last - 1e-9
    assert bridged > 0 or gain.sum() == pytest.approx(value, abs=1e-9 * scale)


def test_random_stores_cover_what_they_claim() -> None:
    values = [compiled(random_store(np.random.default_rng(s), convex=False))[0] for s in range(120)]
    convex = [compiled(random_store(np.random.default_rng(s), convex=True)) for s in range(60)]
    assert sum(found[1] > 0 for found in convex) > 40
    assert 5 < np.isnan(values).sum() < 60


@pytest.mark.parametrize("seed", range(60))
def test_bridge_is_the_envelope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    fills, draws = rng.integers(1, 5, 2)
    slope = np.concatenate([np.sort(rng.normal(0, 9, fills)), -np.sort(rng.normal(-6, 9, draws))])
    width = rng.exponential(3.0, fills + draws)
    if slope[0] >= slope[fills]:
        slope[0] = slope[fills] - 1.0
    pairs = list(zip(slope.tolist(), width.tolist(), strict=True))
    hull = envelope(pairs[:fills], pairs[fills:])
    lift = bridge(slope, width, 0, int(fills), slope.size)
    assert lift == pytest.approx(hull.at(0.0), rel=1e-12)
    at = -width[:fills].sum() - hull.low
    assert at == pytest.approx(0.0, abs=1e-12)
    x = 0.0
    for j in range(int(fills), slope.size):
        lift += slope[j] * width[j]
        x += width[j]
        assert hull.at(x) == pytest.approx(lift, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("seed", range(200))
def test_segments_of_every_hour_are_those_of_one_sorted_list(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = int(rng.integers(0, 5))
    strike = -np.sort(-rng.normal(50.0, 60.0, units))
    capacity = rng.choice([0.0, 1.0], units, p=[0.2, 0.8]) * rng.uniform(1.0, 50.0, units)
    hours = 12
    price = rng.normal(40.0, 60.0, hours)
    sale = price - rng.exponential(20.0, hours)
    limit = rng.uniform(0.0, 150.0)
    bus = Bus(
        limit_mw=limit,
        room_mw=limit * rng.choice([0.0, rng.random(), 1.0]),
        export_mw=rng.choice([0.0, 30.0]),
        charge_mw=rng.uniform(0.0, 80.0),
        discharge_mw=rng.uniform(0.0, 80.0),
        charge_frac=0.9,
        discharge_frac=0.95,
        wear_usd_per_mwh=rng.choice([0.0, 5.0]),
    )
    most = hours * (units + 3)
    room = Steps(
        np.empty(hours, np.int64), np.empty(0), np.empty(hours + 1, np.int64),
        np.empty(hours, np.int64), np.empty(most), np.empty(most), np.empty(most),
    )  # fmt: skip
    found = segments(
        bus, price, sale, np.array([0, hours]), strike[np.newaxis], capacity[np.newaxis],
        np.empty(units + 1, np.int64), np.empty(units + 1), room,
    )  # fmt: skip
    assert found.split.size <= (hours if bus.export_mw > 0.0 else units + 1)
    for h in range(hours):
        assert_hour(found, h, segments_plain(bus, price[h], sale[h], strike, capacity))


def assert_hour(found: Steps, h: int, plain: tuple[list[tuple[float, float]], ...]) -> None:
    """Compare an hour's segments with the twin's, those of no width aside."""
    kind = found.kind[h]
    low, middle, high = found.start[kind], found.split[kind], found.start[kind + 1]
    slope = np.full(found.slope.size, np.nan)
    slope[low:high] = found.slope[low:high] + found.rate[low:high] * found.price[h]
    for begin, end, pairs in ((low, middle, plain[0]), (middle, high, plain[1])):
        ours = np.stack([slope[begin:end], found.width[begin:end]], axis=1)
        theirs = np.array(pairs).reshape(-1, 2)
        assert ours[ours[:, 1] > 1e-9] == pytest.approx(theirs[theirs[:, 1] > 1e-9], rel=1e-9)
