"""Each test of this folder runs on each store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import stores
from tests.conformance.stores import Store


@pytest.fixture(params=["memory", "sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield each store in turn."""
    match request.param:
        case "memory":
            opened = stores.memory()
        case "sqlite":
            opened = stores.sqlite(tmp_path / "log.sqlite")
        case _:
            opened = stores.kafka(request.getfixturevalue("kafka_servers"))
    yield opened
    opened.close()
