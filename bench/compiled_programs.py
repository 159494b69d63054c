"""What a training by JAX takes with nothing compiled, and with the programs of an earlier one."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.stage import Bench, Stage
from bench.training_beside_trading import Asked, latest
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import desk_of, slot_of
from kingmaker.kernel.service import Effect
from kingmaker.learners.policy import Policy
from kingmaker.runtime.reactors.training import KIND, PACKAGE, Place, TrainingReactor

ROUNDS = 3
LEARNERS = ("cvar_ppo", "s15_rl_policy")


def measure(bench: Bench) -> Iterator[Figure]:
    """Train each in processes of their own, in turns: into an empty folder, then from it."""
    asked = latest(bench.hourly)
    for component in LEARNERS:
        slot = slot_of(component, desk_of(asked.slot))
        own = replace(asked, slot=slot, parameters=Policy().parameters(component))
        colds, warms = zip(*[_turn(bench, own, number) for number in range(ROUNDS)], strict=True)
        cold, warm = sorted(colds)[ROUNDS // 2], sorted(warms)[ROUNDS // 2]
        yield Figure(
            f"{component}: a training with programs kept : without",
            warm / cold,
            notes=(
                f"{warm:.1f} s : {cold:.1f} s, medians of {ROUNDS}, the whole process by the wall",
                f"cold {_told(colds)}; warm {_told(warms)}; {asked.trades} trades, usual settings",
                "the bundles are the same, byte by byte",
            ),
        )


def _turn(bench: Bench, asked: Asked, number: int) -> tuple[float, float]:
    """Return the seconds of a first training into a folder, and of a second."""
    folder = bench.folder / f"compiled-{asked.slot}-{number}"
    (cold, first), (warm, second) = [
        _train(bench.hourly, replace(asked, training=f"{name}-{number}"), folder)
        for name in ("cold", "warm")
    ]
    assert first == second, f"{asked.slot}: the kept programs learn other bits"
    return cold, warm


def _train(stage: Stage, asked: Asked, folder: Path) -> tuple[float, str]:
    """Return what a training took, a new process included, and the digest of its model."""
    home = stage.home
    place = Place(home.log, home.path / "bench-artifacts", stage.desks, compiled=folder)
    reactor = TrainingReactor(place)
    try:
        began = time.perf_counter()
        fact = reactor.finish(Effect(asked.training, KIND, 0, asked))
        took = time.perf_counter() - began
    finally:
        reactor.close()
    assert fact.kind.endswith("TrainingSucceeded"), fact.value
    said: Any = message_class(PACKAGE, "TrainingSucceeded").FromString(fact.value)
    return took, str(said.digest)


def _told(seconds: Sequence[float]) -> str:
    return ", ".join(f"{one:.1f}" for one in seconds)
