"""Which database the settings mean."""

from pathlib import Path

import pytest

from kingmaker.runtime.settings import Settings, Views
from kingmaker.runtime.views.chosen import open_store
from kingmaker.runtime.views.store import DatabaseUnreachableError


def test_without_a_url_rows_are_a_file_of_the_home(tmp_path: Path) -> None:
    store = open_store(Settings(), tmp_path / "views.sqlite")
    assert store.place == str(tmp_path / "views.sqlite")
    store.close()


def test_a_server_that_is_not_there_is_told_with_its_address_and_the_remedy(tmp_path: Path) -> None:
    url = f"postgresql://km@/rows?host={tmp_path}"
    with pytest.raises(
        DatabaseUnreachableError, match=r"does not answer.*See that it runs"
    ) as told:
        open_store(Settings(views=Views(url=url)), tmp_path / "views.sqlite")
    assert f"rows?host={tmp_path}" in str(told.value)


@pytest.mark.postgres
def test_with_a_url_they_are_on_that_server(tmp_path: Path, database: str) -> None:
    store = open_store(Settings(views=Views(url=database)), tmp_path / "views.sqlite")
    assert store.applied() == {}
    store.close()
    assert list(tmp_path.iterdir()) == []
