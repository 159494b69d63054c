"""The table from events to counters."""

from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.telemetry import counting
from kingmaker.runtime.telemetry.catalogue import BY_SHORT
from kingmaker.runtime.telemetry.counting import Count, Level, told


def message(kind: str, **fields: object) -> Any:  # noqa: ANN401 - of any service
    package, _, name = kind.rpartition(".")
    return message_class(package, name)(**fields)


@pytest.mark.parametrize("kind", sorted(counting.COUNTED_KINDS))
def test_every_counted_kind_exists_and_counts_under_a_name_of_the_catalogue(kind: str) -> None:
    fields = {"findings": [{"gate": "evidence"}]} if kind.endswith(("Held", "Ready")) else {}
    if kind.endswith("OpportunityDecided"):
        fields = {"decisions": [{"branch": "champion"}]}
    counts = list(told(kind, message(kind, **fields), "oak"))
    assert counts
    for count in counts:
        assert len(count.labels) == len(BY_SHORT[count.short].labels), count


def test_what_is_not_in_the_table_counts_nothing() -> None:
    assert not list(told("kingmaker.feed.v1.SymbolAdded", object(), "oak"))


def test_a_decision_counts_as_taken_or_by_what_refused_it() -> None:
    kind = "kingmaker.trader.v1.OpportunityDecided"
    taken = message(kind, decisions=[{"taken": True}, {"taken": False, "refusal": "size"}])
    assert list(told(kind, taken, "oak")) == [Count("decisions_total", ("oak", "taken"))]
    refused = message(kind, decisions=[{"refusal": "consensus"}])
    assert list(told(kind, refused, "oak")) == [Count("decisions_total", ("oak", "consensus"))]


def test_a_verdict_sets_every_gate_of_the_slot() -> None:
    kind = "kingmaker.promotion.v1.ChallengerHeld"
    findings = [{"gate": "evidence", "passed": True}, {"gate": "drawdown"}]
    levels = list(told(kind, message(kind, slot="a@oak", findings=findings), "oak"))
    assert levels == [
        Level("gate_check_passed", ("a@oak", "evidence"), 1.0),
        Level("gate_check_passed", ("a@oak", "drawdown"), 0.0),
    ]


def test_what_a_stranger_claims_to_ask_for_is_no_label() -> None:
    kind = "kingmaker.promotion.v1.CommandRefused"
    refused = message(kind, command="whatever a stranger writes")
    assert list(told(kind, refused, "oak")) == [
        Count("commands_total", ("promotion", "oak", "refused"))
    ]
