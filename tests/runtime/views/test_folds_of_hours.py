"""The hours of an ensemble, as rows."""

from tests.runtime.views.test_folds import rows


def test_an_hour_counts_and_teaches_nothing() -> None:
    fields = {"slot": "model_ensemble@main", "learner": "model_ensemble-r1", "digest": "d"}
    weights = {"cloud_1": 0.0, "cloud_2": 0.0, "pattern": 0.5, "online": 0.3, "s15": 0.2}
    kind = "kingmaker.trader.v1.ModelRevised"
    row, hour_ms = tuple(weights.values()), 3_600_000
    found = rows(kind, **fields, branch="champion", revision=9, row=row, hour_ms=hour_ms)
    hour = found["rebalances", fields["slot"], fields["learner"]]
    assert {name: hour[name] for name in weights} == weights
    assert (hour["rebalances"], hour["hour_ms"], hour["revision"]) == (1, hour_ms, 9)
    learner = found["learners", fields["slot"], fields["learner"]]
    assert learner["revision"] == 9
    assert "label" not in learner, "what it learned last stays"
    assert not learner.get("lessons")
