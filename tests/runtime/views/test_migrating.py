"""Which migrations a database needs, and which database nobody should touch."""

import pytest

from kingmaker.runtime.views.migrating import MigrationRefusedError, pending, standing
from kingmaker.runtime.views.schema import migrations

ALL = {migration.name: migration.checksum for migration in migrations()}
FIRST, *_, LAST = ALL


def test_an_empty_database_needs_all_and_a_whole_one_none() -> None:
    assert [migration.name for migration in pending({}, "here")] == list(ALL)
    assert pending(ALL, "here") == []
    assert [migration.name for migration in pending({FIRST: ALL[FIRST]}, "here")] == list(ALL)[1:]


@pytest.mark.parametrize(
    ("applied", "told"),
    [
        (ALL | {FIRST: "f" * 64}, rf"{FIRST}.sql was edited after here had applied it"),
        (ALL | {"999_later": "f"}, r"here has migration 999_later, .*a newer one"),
        ({LAST: ALL[LAST]}, rf"here lacks migration {FIRST} but has a later one"),
    ],
)
def test_a_schema_that_these_files_do_not_lead_to_is_refused_by_name(
    applied: dict[str, str], told: str
) -> None:
    with pytest.raises(MigrationRefusedError, match=told):
        pending(applied, "here")


def test_the_standing_of_every_migration_can_be_shown() -> None:
    found = standing({FIRST: ALL[FIRST]})
    assert [(each.name, each.applied) for each in found][:2] == [
        (FIRST, True),
        (list(ALL)[1], False),
    ]
