"""What the stages of signal quality remember."""

from kingmaker.trader import quality
from kingmaker.trader.said import OpportunityDecided, OpportunityResolved
from tests.services.trader.desk import FREE, reigning, walk


def test_what_was_taken_and_what_came_of_it_is_kept_where_a_stage_is_wanted() -> None:
    rig = reigning(values=FREE | {"signals.stages": "cool_down"})
    rig.hear_all(list(walk(600)))
    taken = [one for one in rig.of(OpportunityDecided) if one.decisions[0].taken]
    assert rig.state.past.entered_ms == {"ASH": taken[-1].time_ms}
    resolved = rig.of(OpportunityResolved)
    records = rig.state.past.records.values()
    assert sum(record.won for record in records) == sum(one.signal_net > 0 for one in resolved)


def test_the_likeliest_regime_is_the_calmer_of_equals() -> None:
    assert quality._likeliest((0.4, 0.4, 0.2)) == 0
    assert quality._likeliest((0.2, 0.4, 0.4)) == 1
