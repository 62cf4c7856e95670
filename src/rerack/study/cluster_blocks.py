"""Blocks of scenarios on a cluster: scenario text and seeds out, encoded blocks in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from threading import Lock

from rerack.base.errors import ClusterError
from rerack.scenario import Scenario, load
from rerack.study.block_codec import check_block, encode_block
from rerack.study.cluster import Cluster
from rerack.study.executor import blocks
from rerack.study.node_codec import DamagedBytesError
from rerack.study.order import SHOWN, surroundings
from rerack.study.pipeline import prepare
from rerack.study.simulate import Prepared, fit_policies, run_block
from rerack.study.work import Runnable

#: Blocks in one task at most: a second or more of work each, a few megabytes of result.
_BLOCKS_PER_TASK = 4
#: Tasks for each thread of the cluster that a study is cut into if it can be, so that none waits.
_TASKS_PER_THREAD = 4


@dataclass(frozen=True)
class SentStudy:
    """What a worker needs to know of a study: its text, and what that must mean there.

    Parameters
    ----------
    text : str
        The merged scenario as one YAML file.
    sha256 : tuple of str
        Digests of the data files that the text names, sorted.
    surroundings : tuple of (str, str)
        Versions, rerack's own files, and how the processor rounds: what can change a figure.
    """

    text: str
    sha256: tuple[str, ...]
    surroundings: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, scenario: Scenario) -> SentStudy:
        """Return what is sent of a scenario."""
        return cls(
            text=scenario.merged_text,
            sha256=_data_digests(_loaded(scenario.merged_text)),
            surroundings=_surroundings(),
        )

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, loaded here.

        Raises
        ------
        ClusterError
            Versions, data files or arithmetic here are not those of the study.
        """
        here = dict(_surroundings())
        for name, wanted in self.surroundings:
            if here.get(name) != wanted:
                raise ClusterError(
                    f"a worker has {name} {here.get(name, 'absent')[:SHOWN]}, this study runs with "
                    f"{wanted[:SHOWN]}: results would differ. Use machines that are alike, with "
                    "the same installed on each."
                )
        scenario = _loaded(self.text)
        if _data_digests(scenario) != self.sha256:
            raise ClusterError(
                f"a worker's copy of a data file differs: {', '.join(scenario.sha256)}. "
                "Put the same files at the same place on every machine."
            )
        return scenario


@dataclass(frozen=True, kw_only=True)
class ClusterWorkers:
    """Workers of a cluster.

    Parameters
    ----------
    cluster : Cluster
        From `open_cluster`.
    """

    cluster: Cluster

    def encoded(
        self, prepared: Prepared, plans: Runnable, indexes: list[int]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield (index, encoded block) as they come in; workers fit the policies themselves."""
        if not indexes:
            return
        sent = SentStudy.of(prepared.scenario)
        wanted = len(indexes) // (_TASKS_PER_THREAD * self.cluster.threads())
        size = min(_BLOCKS_PER_TASK, max(1, wanted))
        groups = [tuple(indexes[i : i + size]) for i in range(0, len(indexes), size)]
        found = self.cluster.results(partial(work_blocks, sent), groups, divide=_singly)
        for group, contents in found:
            for index, content in zip(group, contents, strict=True):
                try:
                    check_block(content)
                except DamagedBytesError as error:
                    raise ClusterError(
                        f"block {index} came damaged from a worker: {error}"
                    ) from error
                yield index, content


def work_blocks(sent: SentStudy, indexes: tuple[int, ...]) -> tuple[bytes, ...]:
    """Work out some blocks of a study; what a worker runs.

    Parameters
    ----------
    sent : SentStudy
        The study.
    indexes : tuple of int
        Its blocks.
    """
    with _ONE_AT_A_TIME:
        prepared, plans = _prepared(sent)
    parts = blocks(prepared.scenario.scenarios)
    return tuple(encode_block(run_block(prepared, plans, *parts[i])) for i in indexes)


#: Several threads of one worker share one preparation.
_ONE_AT_A_TIME = Lock()


@lru_cache(maxsize=1)
def _prepared(sent: SentStudy) -> tuple[Prepared, Runnable]:
    prepared = prepare(sent.scenario)
    return prepared, fit_policies(prepared)


def _loaded(text: str) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        scenario = load(path)
    return replace(scenario, sha256={k: v for k, v in scenario.sha256.items() if k != str(path)})


def _data_digests(scenario: Scenario) -> tuple[str, ...]:
    return tuple(sorted(scenario.sha256.values()))


def _surroundings() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(surroundings().items()))


def _singly(group: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [(index,) for index in group]
