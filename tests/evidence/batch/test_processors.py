"""The twins in numpy have the same bits whatever the processor offers: nothing is fused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import (  # type: ignore[import-not-found] # it has no types
    __cpu_dispatch__,
    __cpu_features__,
)

ROOT = Path(__file__).parents[3]
OFFERED = " ".join(name for name in __cpu_dispatch__ if __cpu_features__[name])
RECORDED = "9878b22246714802b4f576dbc6e343f05544621c6cc4115c8e68f7799a94b929"


def digest(**variables: str) -> str:
    """Return the digest that a process of its own prints."""
    command = [sys.executable, "-m", "tests.evidence.batch.digest"]
    env = {**os.environ, **variables}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=env)  # noqa: S603 - our own program
    return done.stdout.strip()


def test_the_twins_have_the_recorded_bits() -> None:
    assert digest() == RECORDED


@pytest.mark.skipif(not OFFERED, reason="this processor offers nothing that could be switched off")
def test_the_twins_have_the_recorded_bits_without_what_the_processor_offers() -> None:
    without = "glibc.cpu.hwcaps=-FMA,-AVX2_Usable,-FMA_Usable"
    assert digest(NPY_DISABLE_CPU_FEATURES=OFFERED, GLIBC_TUNABLES=without) == RECORDED
