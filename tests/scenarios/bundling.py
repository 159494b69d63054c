"""Bundles of models that a test learned itself."""

import hashlib
import io
import json
from typing import Any

import numpy as np

from kingmaker.contracts.models import schema_of
from kingmaker.learners import training
from kingmaker.learners.experience import Experience
from kingmaker.runtime.models.bundle import Bundle
from tests.scenarios.challenged import Challenge


def bundled(component: str, learner: Any, state: Any, batch: Experience) -> Challenge:  # noqa: ANN401 - of any learner
    """Return what a learner made of a desk's trades, as a challenger of its component."""
    model = learner.export(state)
    rows = training._golden(component, learner, state, batch)
    golden = io.BytesIO()
    np.savez_compressed(golden, allow_pickle=False, **rows)
    manifest = {
        "format": 1,
        "component": component,
        "sha256": hashlib.sha256(model).hexdigest(),
        "schema": schema_of(component),
        "memory": 0,
    }
    return Challenge(Bundle(model, golden.getvalue(), json.dumps(manifest).encode()), component)
