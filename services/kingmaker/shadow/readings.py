"""What the measures of a desk show to whoever watches."""

from collections.abc import Iterator

from kingmaker.contracts.desks import is_twin
from kingmaker.evidence.tally import sharpe_ratio, win_rate
from kingmaker.kernel.service import Reading
from kingmaker.shadow.domain import Measured, State, Watched


def readings(state: State) -> Iterator[Reading]:
    """Yield the evidence of each slot's strongest trial, and the watch of each reign."""
    for slot, trial in _strongest(state).items():
        yield Reading("trial_log_evidence", trial.log_evidence, (slot,))
        yield Reading("trial_decisions", trial.pairs, (slot,))
        yield Reading("sharpe_ratio", sharpe_ratio(trial.champion), (slot, "trial_champion"))
        yield Reading("sharpe_ratio", sharpe_ratio(trial.challenger), (slot, "trial_challenger"))
    for watched in state.canaries.values():
        yield from _of_reign(watched)


def _strongest(state: State) -> dict[str, Measured]:
    """Return of several trials of one slot the one with the most evidence; a twin is on none."""
    found: dict[str, Measured] = {}
    for trial in [one for name, one in state.trials.items() if not is_twin(name)]:
        known = found.get(trial.slot)
        if known is None or trial.log_evidence > known.log_evidence:
            found[trial.slot] = trial
    return found


def _of_reign(watched: Watched) -> Iterator[Reading]:
    slot = watched.slot
    yield Reading("canary_statistic", watched.detector.statistic, (slot,))
    yield Reading("canary_pairs", watched.pairs, (slot,))
    yield Reading("sharpe_ratio", sharpe_ratio(watched.champion), (slot, "reign"))
    yield Reading("sharpe_ratio", sharpe_ratio(watched.reference), (slot, "reference"))
    yield Reading("win_rate_ratio", win_rate(watched.champion), (slot, "reign"))
    yield Reading("win_rate_ratio", win_rate(watched.reference), (slot, "reference"))
