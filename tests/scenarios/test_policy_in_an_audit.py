"""A policy that changed amid a trial changes no verdict that was made, and an audit names it."""

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime.audited import find
from kingmaker.runtime.history import message_of
from kingmaker.runtime.report.collect import collect
from kingmaker.runtime.report.page import page
from tests.histories.record import SLOT, Order, Story, lived, time_of
from tests.scenarios.test_audit_of_the_canary import PROMOTION, audit
from tests.simulation.world import POLICY, Happening, services

CHANGED_BAR = 10
STORY = Story(
    commands={20: [Order("DirectPromotion", {"slot": SLOT, "model": "v1.1.0-cloud"})]},
    bars=22,
    offers=((3, "trained"),),
)


def change() -> Happening:
    """Return a policy with another cool-down, handed out while a trial is open."""
    values = {**POLICY["promotion"], "promotion.cool_down_minutes": "90"}
    apply = message_class("kingmaker.policy.v1", "ApplyPolicy")(hash="another", values=values)
    kind, value = "kingmaker.policy.v1.ApplyPolicy", apply.SerializeToString(deterministic=True)
    lane = Lane("km.promotion.settings.v1", 0)
    return "promotion", 0, Input(lane, 1, kind, value, time_ms=time_of(CHANGED_BAR))


def test_both_policies_are_named_and_the_verdict_is_recomputed_with_each_in_its_time() -> None:
    log = lived(STORY, {time_of(CHANGED_BAR): [change()]})
    found = find(log, PROMOTION, "p-0010@one")
    assert message_of(found.record).policy_hash == "another"
    first, second = found.policies
    assert (first.hash != "another", second.hash) == (True, "another")
    report = audit(log, "p-0010@one", services())
    assert (report.level, report.identical) == ("models", True)
    assert f"policy changed in between, at record {second.seq}: another" in report.notes
    text = page(collect(log, found), report)
    assert f"Changed at record {second.seq}: " in text
    assert "<td>promotion.cool_down_minutes</td><td>0</td><td>90</td>" in text
