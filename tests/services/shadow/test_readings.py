"""What shadow shows of its trials and of the reigns it watches."""

from kingmaker.contracts.desks import component_of, twin_of
from kingmaker.evidence.tally import sharpe_ratio
from kingmaker.shadow.domain import ChallengerWarmed, State
from kingmaker.shadow.readings import readings
from tests.services.shadow.test_canary import CANARY, CROWNED, live
from tests.services.shadow.test_decider import SLOT, TRIAL, WARMED, pairs, told


def shown(state: State) -> dict[tuple[str, ...], float]:
    return {(name, *labels): float(value) for name, value, labels in readings(state)}


def test_a_trial_shows_its_evidence_and_both_sharpe_ratios() -> None:
    state, _ = told(WARMED, *pairs(60))
    trial, found = state.trials[TRIAL], shown(state)
    assert found["trial_log_evidence", SLOT] == trial.log_evidence
    assert found["trial_decisions", SLOT] == 60
    assert found["sharpe_ratio", SLOT, "trial_challenger"] == sharpe_ratio(trial.challenger)
    assert found["sharpe_ratio", SLOT, "trial_champion"] == sharpe_ratio(trial.champion)


def test_of_two_trials_of_a_slot_the_stronger_is_shown() -> None:
    second = ChallengerWarmed("t-0002@d", SLOT, WARMED.rule, WARMED.parameters, WARMED.lineup)
    state, _ = told(WARMED, second, *pairs(60), *pairs(30, trial="t-0002@d"))
    stronger = max(state.trials.values(), key=lambda trial: trial.log_evidence)
    assert shown(state)["trial_log_evidence", SLOT] == stronger.log_evidence
    assert shown(state)["trial_decisions", SLOT] == stronger.pairs


def test_the_twin_of_a_champion_that_learns_shows_as_no_trial() -> None:
    name = twin_of(component_of(SLOT), 2)
    twin = ChallengerWarmed(name, SLOT, WARMED.rule, WARMED.parameters, WARMED.lineup)
    state, _ = told(twin, *pairs(60, trial=name))
    assert state.trials[name].pairs == 60
    assert shown(state) == {}


def test_a_watched_reign_shows_the_champion_beside_the_dethroned() -> None:
    state, _ = told(WARMED, *pairs(60), CROWNED, *(live(n, 0.01, 0.02) for n in range(1, 6)))
    watched, found = state.canaries[CANARY], shown(state)
    assert found["canary_pairs", SLOT] == 5
    assert found["canary_statistic", SLOT] == watched.detector.statistic
    assert found["sharpe_ratio", SLOT, "reign"] == sharpe_ratio(watched.champion)
    assert found["win_rate_ratio", SLOT, "reference"] == 1.0


def test_nothing_is_shown_where_nothing_is_measured() -> None:
    assert shown(State({})) == {}
