"""What an error of PostgreSQL's client means: what passes, what a person must mend; no secret."""

from pathlib import Path

import asyncpg
import pytest

from kingmaker.runtime.views.postgres_address import Address, fault
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.store import DatabaseRefusedError, DatabaseUnreachableError
from tests.conftest import lonely_postgres

ADDRESS = Address("postgresql://km@db.example:5432/rows")


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (ConnectionRefusedError("refused"), DatabaseUnreachableError, "See that it runs"),
        (TimeoutError(), DatabaseUnreachableError, r"no answer in time \(TimeoutError\)"),
        (asyncpg.CannotConnectNowError("starting"), DatabaseUnreachableError, "does not answer"),
        (asyncpg.InternalClientError("lost"), DatabaseUnreachableError, "does not answer"),
        (asyncpg.AdminShutdownError("bye"), DatabaseUnreachableError, "does not answer"),
        (asyncpg.InvalidPasswordError("no"), DatabaseRefusedError, "views.password_file"),
        (asyncpg.InvalidCatalogNameError("none"), DatabaseRefusedError, "createdb"),
        (asyncpg.InsufficientPrivilegeError("no"), DatabaseRefusedError, "GRANT CREATE"),
        (asyncpg.UndefinedTableError("none"), DatabaseRefusedError, "kingmaker db migrate"),
        (asyncpg.DiskFullError("full"), DatabaseRefusedError, "refused: full"),
    ],
)
def test_every_fault_names_the_address_and_the_remedy(
    error: Exception, kind: type[Exception], told: str
) -> None:
    found = fault(ADDRESS, error)
    assert type(found) is kind
    with pytest.raises(kind, match=told):
        raise found
    assert "postgresql://db.example:5432/rows" in str(found)


def test_a_password_is_read_from_its_file_each_time(tmp_path: Path) -> None:
    file = tmp_path / "password"
    address = Address("postgresql://km@db/rows", file)
    with pytest.raises(DatabaseRefusedError, match=r"cannot be read.*views.password_file"):
        address.password()
    for password in ("one", "two"):
        file.write_text(f"{password}\n", encoding="utf-8")
        assert address.password() == password
    assert Address("postgresql:///rows").password() is None


@pytest.mark.postgres
def test_a_real_server_refuses_a_wrong_password_and_a_user_without_rights(
    tmp_path: Path,
) -> None:
    with lonely_postgres() as server:
        rules = server.data / "pg_hba.conf"
        rules.write_text(f"local all guest scram-sha-256\n{rules.read_text()}")
        server.execute(server.url(), "CREATE ROLE guest LOGIN PASSWORD 'right'")
        server.execute(server.url(), "SELECT pg_reload_conf()")
        file = tmp_path / "password"
        url = server.url().replace("user=km", "user=guest")
        file.write_text("wrong", encoding="utf-8")
        with pytest.raises(
            DatabaseRefusedError, match=r"password authentication failed .*password_file"
        ):
            PostgresStore(Address(url, file))
        file.write_text("right\n", encoding="utf-8")
        store = PostgresStore(Address(url, file))
        with pytest.raises(DatabaseRefusedError, match=r"permission denied .*GRANT CREATE"):
            store.migrate()
        store.close()
