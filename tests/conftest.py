"""Options and stores shared by all tests."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from kingmaker.runtime.kafka.rights import rights
from tests.postgres import PostgresServer, missing_for_postgres

SCRIPT = Path(__file__).parents[1] / "scripts" / "kafka"
JAVA_MIN = 17
REQUIRE_KAFKA = "KINGMAKER_REQUIRE_KAFKA"  # 1 in CI: what is missing fails, it is not skipped
REQUIRE_POSTGRES = "KINGMAKER_REQUIRE_POSTGRES"

# No test asserts time: a busy machine is no failure. The same examples at every run.
settings.register_profile("kingmaker", deadline=None, derandomize=True)
settings.load_profile("kingmaker")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rewrite`: golden files take the new text. Commit it if you know why it changed."""
    parser.addoption("--rewrite", action="store_true", help="rewrite golden transcripts")


# Files that take minutes: with `pytest -n` they begin first, and nobody waits for them alone.
LONG = (
    "tests/simulation/test_world.py",
    "tests/chaos/",
    "tests/scenarios/test_audit.py",
    "tests/scenarios/test_coronation_model.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the others stay in order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def kafka_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a real broker on the loopback (Java and Maven, no Docker)."""
    _require_kafka()
    home = str(tmp_path_factory.mktemp("kafka"))
    yield kafka("start", home).splitlines()[-1]
    kafka("stop", home)


@pytest.fixture(scope="session")
def guarded_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a broker that asks who one is, and lets only `admin` do anything."""
    _require_kafka()
    home = str(tmp_path_factory.mktemp("guarded-kafka"))
    users = " ".join(("admin", *sorted({right.principal for right in rights()})))
    yield kafka("start", home, KAFKA_USERS=users).splitlines()[-1]
    kafka("stop", home)


@contextmanager
def lonely_broker(folder: Path, port: int = 0, **variables: str) -> Iterator[str]:
    """Yield the address of a broker that one test has for itself; port 0: any."""
    _require_kafka()
    place = [str(port)] if port else []
    yield kafka("start", str(folder), *place, **variables).splitlines()[-1]
    kafka("stop", str(folder))


@contextmanager
def three_brokers(folder: Path) -> Iterator[str]:
    """Yield the addresses of three brokers that replicate everything: in `folder`/1 to 3."""
    _require_kafka()
    yield kafka("three", str(folder)).splitlines()[-1]
    for number in (1, 2, 3):
        kafka("kill", str(folder / str(number)))  # the last could not say goodbye to a quorum


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Yield a real PostgreSQL on a socket of its own (binaries of a wheel, no Docker)."""
    with lonely_postgres() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """Return the URL of an empty database."""
    return postgres.new_database()


@contextmanager
def lonely_postgres() -> Iterator[PostgresServer]:
    """Yield a server that one test has for itself, to be harmed."""
    if missing := missing_for_postgres():
        skip_or_fail(f"no PostgreSQL: {missing}", REQUIRE_POSTGRES)
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _require_kafka() -> None:
    if missing := _missing_for_kafka():
        skip_or_fail(
            f"no Kafka: {missing}. Install Java {JAVA_MIN} or newer and Maven", REQUIRE_KAFKA
        )


def _missing_for_kafka() -> str:
    if not shutil.which("mvn"):
        return "mvn is not on the PATH"
    java = shutil.which("java")
    if not java:
        return "java is not on the PATH"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - the java of the PATH, no input from outside
    version = re.search(r'version "(\d+)', said)
    return "" if version and int(version[1]) >= JAVA_MIN else f"{java} is older than {JAVA_MIN}"


def skip_or_fail(reason: str, required: str) -> None:
    """Skip with a reason, or fail where the variable forbids it."""
    if os.environ.get(required) == "1":
        pytest.fail(f"{reason} ({required}=1 forbids the skip)")
    pytest.skip(reason)


def kafka(*arguments: str, **variables: str) -> str:
    command, environment = [str(SCRIPT), *arguments], os.environ | variables
    return subprocess.run(  # noqa: S603 - our own script
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    ).stdout
