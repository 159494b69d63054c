"""What every bundle that a training makes must stand."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from kingmaker.learners import training
from kingmaker.learners.training import Product
from tests.services.learners.trades import Given

BATCHES = (1, 2, 7, 256)


def trained(
    component: str, given: Given, parameters: Mapping[str, float], seed: int = 7
) -> Product:
    """Return what a training makes of these sources."""
    whole = {"holdout_share": 0.25, **parameters}
    return training.train(component, given, seed, whole, lambda _: None)


def broken(given: Given, value: float) -> Given:
    """Return the same sources, one number of the first trade replaced."""
    first, *rest = given.closed
    wrong: Any = copy.copy(first)
    object.__setattr__(wrong, "setup", [value, *first.setup[1:]])
    return Given([wrong, *rest], given.market)


def check_parity_in_batches(product: Product) -> None:
    """Ask the golden rows in batches of several sizes: as the reference, and as one by one."""
    decide = training.open_session(product.model)
    inputs = {name[3:]: rows for name, rows in product.golden.items() if name.startswith("in.")}
    alone = [
        decide({name: rows[place : place + 1] for name, rows in inputs.items()})
        for place in range(max(BATCHES))
    ]
    for size in BATCHES:
        training.check_parity(decide, {name: rows[:size] for name, rows in product.golden.items()})
        together = decide({name: rows[:size] for name, rows in inputs.items()})
        for name, answers in together.items():
            one_by_one = np.concatenate([one[name] for one in alone[:size]])
            assert answers.tobytes() == one_by_one.tobytes(), f"{name} in a batch of {size}"
