"""Services are found by name, and built in the order in which the clock lets them go on."""

import subprocess
import sys

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.services import ORDER, build_services

DESKS = [Desk("a", 0), Desk("b", 1)]


def test_all_are_built_upstream_first() -> None:
    names = [service.name for service in build_services(DESKS)]
    assert list(dict.fromkeys(names)) == list(ORDER)


@pytest.mark.parametrize("names", [["trader"], ["promotion", "shadow"], []])
def test_those_that_are_named_are_built_alone(names: list[str]) -> None:
    built = [(service.name, service.index) for service in build_services(DESKS, names)]
    assert built == [(name, index) for name in ORDER if name in names for index in (0, 1)]


def test_a_service_that_is_not_named_is_not_imported() -> None:
    program = (
        "import sys; from kingmaker.contracts.desks import Desk;"
        "from kingmaker.runtime.services import build_services;"
        "build_services([Desk('a', 0)], ['trader']);"
        "print([n for n in sys.modules if n.startswith('kingmaker.promotion')])"
    )
    answer = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == "[]"
