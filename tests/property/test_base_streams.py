"""Random streams: named, and blind to how many paths anybody draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base import InputError, Streams


@given(seed=st.integers(0, 2**40), short=st.integers(1, 150), long=st.integers(150, 300))
@settings(max_examples=25, deadline=None)
def test_path_is_the_same_whatever_the_count(seed: int, short: int, long: int) -> None:
    streams = Streams(seed)
    a = streams.normals("x", paths=short, shape=(3, 2))
    b = streams.normals("x", paths=long, shape=(3, 2))
    assert np.array_equal(a, b[:short])


def test_chunks_join_to_the_whole() -> None:
    streams = Streams(5)
    whole = streams.uniforms("x", paths=200, shape=(4,))
    parts = [
        streams.uniforms("x", paths=n, shape=(4,), first_path=f) for f, n in ((0, 128), (128, 72))
    ]
    assert np.array_equal(whole, np.concatenate(parts))


def test_names_are_independent_and_stable() -> None:
    streams = Streams(7)
    a, b = (streams.normals(n, paths=4000, shape=(1,))[:, 0] for n in ("fees", "bitcoin"))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.06
    # Recorded when the stream was defined: a change here changes every result ever published.
    assert Streams(7).uniforms("bitcoin", paths=1, shape=(1,))[0, 0] == pytest.approx(RECORDED)


RECORDED = 0.3485409297561891


def test_a_block_must_start_at_a_block() -> None:
    with pytest.raises(InputError, match="multiple of 64"):
        Streams(1).normals("x", paths=1, shape=(1,), first_path=10)
