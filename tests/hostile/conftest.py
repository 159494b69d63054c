"""One confined process for all hostile files of a run."""

from collections.abc import Iterator

import pytest

from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.patience import Patience


@pytest.fixture(scope="session")
def examination() -> Iterator[Examination]:
    """Yield an examination that is patient: this machine may be busy."""
    with Examination(Patience(60.0, strict=True)) as examination:
        yield examination
