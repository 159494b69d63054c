"""What the demo on real bars shows: an earned crown, an honest refusal, and no more than that."""

import pytest

from tests.scenarios.playing import Stage

BTC, PERPS, EURUSD = range(3)


def crowned(demo: Stage, desk: int, how: str) -> list:  # type: ignore[type-arg] # generated messages
    return [c for c in demo.events("promotion", desk, "ChampionCrowned") if c.how == how]


@pytest.mark.parametrize("desk", [BTC, PERPS, EURUSD])
def test_every_desk_begins_with_nine_reigns(demo: Stage, desk: int) -> None:
    slots = [c.slot for c in crowned(demo, desk, "bootstrap")]
    assert len(slots) == len(set(slots)) == 9


def test_a_crown_is_earned_by_every_gate(demo: Stage) -> None:
    (first, *_) = crowned(demo, BTC, "promoted")
    assert all(finding.passed for finding in first.findings)
    assert first.log_evidence >= 5.39  # ln 220: the first trial of its window
    assert first.pairs >= 50


def test_the_crowned_model_was_trained_on_earlier_bars_only(demo: Stage) -> None:
    for desk in (BTC, PERPS, EURUSD):
        opened = {t.trial: t for t in demo.events("promotion", desk, "TrialOpened")}
        registered = {(m.slot, m.model): m for m in demo.events("registry", 0, "ModelRegistered")}
        for crown in crowned(demo, desk, "promoted"):
            model = registered[crown.slot, crown.model]
            assert model.data_until_ms <= opened[crown.trial].time_ms


def test_a_challenger_without_the_evidence_is_refused(demo: Stage) -> None:
    assert not crowned(demo, EURUSD, "promoted")


def test_every_coronation_was_followed_by_the_trader(demo: Stage) -> None:
    for desk in (BTC, PERPS, EURUSD):
        reigns = [(c.slot, c.reign) for c in demo.events("promotion", desk, "ChampionCrowned")]
        followed = [(a.slot, a.reign) for a in demo.events("trader", desk, "ChampionActivated")]
        assert sorted(reigns) == sorted(followed)


def test_the_budget_is_never_overspent(demo: Stage) -> None:
    for desk in (BTC, PERPS, EURUSD):
        for trial in demo.events("promotion", desk, "TrialOpened"):
            assert 0.0 < trial.alpha <= 0.05
