"""Named random streams: adding a model shifts nobody else's draws; path i never depends on n."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from rerack.base.checks import FloatArray, require

#: Paths drawn from one generator. Fixed for ever: changing it changes every result.
BLOCK_PATHS = 64


class Streams:
    """Random streams of one study, derived from one integer seed.

    Parameters
    ----------
    seed : int
        Study seed, 0 or more.

    Notes
    -----
    Stream ``(name, block)`` is PCG64DXSM seeded by ``SeedSequence(seed, spawn_key=(sha256(name),
    block))``. Block ``b`` serves paths ``64 b .. 64 b + 63``, each drawing its own contiguous run,
    so path i is the same for any number of paths, workers or machines.

    Examples
    --------
    >>> a = Streams(7).normals("bitcoin", paths=100, shape=(3,))
    >>> b = Streams(7).normals("bitcoin", paths=10, shape=(3,))
    >>> bool((a[:10] == b).all())
    True
    """

    def __init__(self, seed: int) -> None:
        require(seed >= 0, "seed", given=seed, allowed="an integer, 0 or more")
        self.seed = seed

    def generator(self, name: str, block: int = 0) -> np.random.Generator:
        """Return the generator of stream `name` for path block `block`."""
        digest = hashlib.sha256(name.encode()).digest()
        words = tuple(int(w) for w in np.frombuffer(digest[:16], dtype=np.uint32))
        sequence = np.random.SeedSequence(self.seed, spawn_key=(*words, block))
        return np.random.Generator(np.random.PCG64DXSM(sequence))

    def normals(
        self, name: str, *, paths: int, shape: tuple[int, ...], first_path: int = 0
    ) -> FloatArray:
        """Return standard normals of shape (paths, *shape) for paths from `first_path` on."""
        return self._draw(name, paths, shape, first_path, uniform=False)

    def uniforms(
        self, name: str, *, paths: int, shape: tuple[int, ...], first_path: int = 0
    ) -> FloatArray:
        """Return uniforms on [0, 1) of shape (paths, *shape) for paths from `first_path` on."""
        return self._draw(name, paths, shape, first_path, uniform=True)

    def _draw(
        self, name: str, paths: int, shape: tuple[int, ...], first_path: int, *, uniform: bool
    ) -> FloatArray:
        require(
            first_path % BLOCK_PATHS == 0,
            "first_path",
            given=first_path,
            allowed=f"a multiple of {BLOCK_PATHS}",
        )
        out = np.empty((paths, *shape))
        for start in range(0, paths, BLOCK_PATHS):
            stop = min(start + BLOCK_PATHS, paths)
            block = (first_path + start) // BLOCK_PATHS
            draw = _kept_block if out[start:stop].nbytes <= _KEPT_BYTES else _block
            out[start:stop] = draw(self.seed, name, block, (stop - start, *shape), uniform)
        return out


def _block(seed: int, name: str, block: int, shape: tuple[int, ...], uniform: bool) -> FloatArray:
    """Return the draws of one block, read-only."""
    generator = Streams(seed).generator(name, block)
    draws = generator.random(shape) if uniform else generator.standard_normal(shape)
    draws.flags.writeable = False
    return draws


#: A study whose inputs move draws the same few blocks again and again: these are kept, 8 MiB at
#: the most, if none is larger than this [bytes].
_KEPT_BYTES = 256 * 1024
_kept_block = lru_cache(maxsize=32)(_block)
