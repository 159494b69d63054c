"""JAX begins on one processor, the caller keeps its own, and another process learns the same."""

import os
import subprocess
import sys

import jax

from kingmaker.learners.rl import one_processor

PROGRAM = """
import hashlib, jax, numpy as np
from kingmaker.learners.rl import dqn, network, one_processor
one_processor.start()
random = np.random.default_rng(1)
states, rewards = [random.standard_normal((500, width)) for width in (20, 3)]
following = random.integers(0, 500, (500, 3))
table = dqn.Table.of(states, rewards, following, np.ones((500, 3)))
options = dqn.Options(200, 0.9, 0.3)
layers = dqn.train(table, options, jax.random.key(1), lambda _at, _loss: None)
numbers = [part.tobytes() for layer in network.freeze(layers) for part in layer]
print(hashlib.sha256(b"".join(numbers)).hexdigest())
"""


def test_the_caller_keeps_its_processors() -> None:
    before = os.sched_getaffinity(0)
    one_processor.start()
    assert os.sched_getaffinity(0) == before
    assert jax.default_backend() == "cpu"


def test_two_processes_learn_the_same_bits() -> None:
    one, other = [learned_in_a_process(hash_seed) for hash_seed in ("1", "2")]
    assert len(one) == 64
    assert one == other


def learned_in_a_process(hash_seed: str) -> str:
    """Return the digest of a trained network, from a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PROGRAM]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return said.stdout.strip()
