"""JAX begins on one processor, and the caller keeps all of its own."""

import os

import jax

from kingmaker.learners.rl import one_processor


def test_the_caller_keeps_its_processors() -> None:
    before = os.sched_getaffinity(0)
    one_processor.start()
    assert os.sched_getaffinity(0) == before
    assert jax.default_backend() == "cpu"
