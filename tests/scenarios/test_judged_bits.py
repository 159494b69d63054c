"""Evidence, gates and canary have the same bits with FMA off and on any Python; libm has not.

`make test-313` runs this once more. A digest changes when a rule or a gate is changed: a rule never
is (a new one is a new file), a gate only on purpose.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHOUT_FMA = "glibc.cpu.hwcaps=-FMA,-AVX2_Usable,-FMA_Usable"
JUDGED = {
    "evidence": "6e7b3b949355c89210347b2b17f274658de9f6dbd0429bde4524fda5901fad5f",
    "gates": "0631c700cc977ffa6b2d5265b6da2cd78842679740f1d6b1014e45e4a4de419c",
    "canary": "66267e68ee8a0b6efa96f828d4a8401b158a18989d6f00c1805b40446d71f8b0",
}


def judged(**variables: str) -> dict[str, str]:
    """Return the digests of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.scenarios.judged_bits"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **variables},
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def usual() -> dict[str, str]:
    return judged(GLIBC_TUNABLES="")


@pytest.fixture(scope="module")
def without_fma() -> dict[str, str]:
    return judged(GLIBC_TUNABLES=WITHOUT_FMA)


@pytest.mark.parametrize("what", JUDGED)
def test_what_is_judged_has_the_same_bits_here_as_anywhere(
    usual: dict[str, str], what: str
) -> None:
    assert usual[what] == JUDGED[what]


@pytest.mark.parametrize("what", JUDGED)
def test_what_is_judged_has_the_same_bits_without_fma(
    without_fma: dict[str, str], what: str
) -> None:
    assert without_fma[what] == JUDGED[what]


@pytest.mark.skipif(
    "fma" not in Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    if Path("/proc/cpuinfo").exists()
    else True,
    reason="this processor has no FMA that could be switched off",
)
def test_the_platform_itself_answers_otherwise_without_fma(
    usual: dict[str, str], without_fma: dict[str, str]
) -> None:
    assert usual["libm"] != without_fma["libm"], "the loader ignored GLIBC_TUNABLES"
