"""The signatures fit one another, and every change of one changes its name."""

import pytest

from kingmaker.contracts import models
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import BATCH, SIGNATURES, Port, schema_of


def test_every_component_has_a_signature_of_its_own() -> None:
    assert set(SIGNATURES) == set(COMPONENTS)
    assert len({schema_of(component) for component in COMPONENTS}) == len(COMPONENTS)


def test_a_component_nobody_knows_has_no_schema() -> None:
    with pytest.raises(KeyError, match="oracle"):
        schema_of("oracle")


def test_the_schema_hash_follows_the_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_of("online_learning")
    wider = models.Signature(
        (Port("features", (BATCH, 57)),), SIGNATURES["online_learning"].outputs
    )
    monkeypatch.setitem(SIGNATURES, "online_learning", wider)
    assert schema_of("online_learning") != before


def test_the_rows_have_the_widths_that_the_pipeline_builds() -> None:
    arms = len(models.STRATEGIES)
    assert models.SETUP == 2 * models.FEATURES + arms + models.REGIMES == 56
    assert models.CONTEXT == models.FEATURES + arms + models.REGIMES + 2 == 34
    assert models.SIZING == models.SETUP + 6 == 62


@pytest.mark.parametrize("component", COMPONENTS)
def test_names_are_unique_within_a_graph_and_answers_come_by_row(component: str) -> None:
    signature = SIGNATURES[component]
    names = [port.name for port in (*signature.inputs, *signature.outputs)]
    assert len(set(names)) == len(names)
    assert all(port.shape[0] == BATCH for port in signature.outputs)
