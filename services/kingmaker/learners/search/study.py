"""The search itself: so many trials by TPE (Bergstra et al. 2011), the best of which is returned.

What a trial tries hangs on the seed, its number and the trials before it, and on nothing else: each
has a sampler of its own. So a search that was killed goes on and finds what it would have found.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import TPESampler
from optuna.trial import FrozenTrial, TrialState, create_trial

from kingmaker.learners.backtest import DAYS_A_YEAR
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.search import deflated, folds, journal, space
from kingmaker.learners.search.folds import Daily, Measured
from kingmaker.learners.search.found import Found, Job

SEED_BITS = 32  # what a sampler takes
NAME = "search"
FAULT, MEASURED = "fault", "measured"  # of a trial: why it has no figure, or all of its figures

type Tell = Callable[[str], None]
type Told = Mapping[str, float]


def search(job: Job, learned: Experience, tell: Tell) -> Found:
    """Make the trials that are still to be made; UnfitDataError where none could be measured."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    trials, axes = space.of(job.component, job.parameters)
    with journal.opened(_path(job, learned)) as storage:
        study = optuna.create_study(
            storage=storage, study_name=NAME, direction="maximize", load_if_exists=True
        )
        _end_unfinished(study)
        made = len(_made(study))
        if made:
            tell(f"goes on after trial {made} of {trials}")
        for number in range(made, trials):
            _try(study, job, learned, axes, number)
            tell(_in_words(_made(study), trials))
        return _found(_made(study))


def _try(
    study: optuna.Study, job: Job, learned: Experience, axes: space.Space, number: int
) -> None:
    """Make one trial: the parameters in force first, then what the sampler asks for."""
    ways = {name: _distribution(axis) for name, axis in axes.items()}
    if number == 0:
        chosen = space.present(axes, job.parameters)
        state, value, said = _measured(job, learned, chosen)
        study.add_trial(
            create_trial(
                state=state,
                params=chosen,
                distributions=ways,
                values=None if value is None else [value],
                user_attrs=dict(said),
            )
        )
        return
    study.sampler = TPESampler(seed=_seed_of(job.seed, number))
    trial = study.ask(ways)
    state, value, said = _measured(job, learned, trial.params)
    for name, told in said.items():
        trial.set_user_attr(name, told)
    study.tell(trial, value, state=state)


def _measured(
    job: Job, learned: Experience, chosen: Told
) -> tuple[TrialState, float | None, Mapping[str, Any]]:
    parameters = {**job.parameters, **chosen}
    try:
        measured = folds.measure(job.component, learned, job.seed, parameters)
    except UnfitDataError as fault:
        return TrialState.FAIL, None, {FAULT: str(fault)}
    return TrialState.COMPLETE, measured.skill, {MEASURED: asdict(measured)}


def _end_unfinished(study: optuna.Study) -> None:
    """Let go of trials that a killed process left: they are made again, under a new number."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)


def _made(study: optuna.Study) -> Sequence[FrozenTrial]:
    """Return the trials that came to an end, whatever it was, in order."""
    return [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state == TrialState.COMPLETE or FAULT in trial.user_attrs
    ]


def _found(made: Sequence[FrozenTrial]) -> Found:
    complete = [trial for trial in made if trial.state == TrialState.COMPLETE]
    if not complete:
        raise UnfitDataError(
            f"none of {len(made)} trials could be measured; the first: {made[0].user_attrs[FAULT]}"
        )
    best, measured = _best(complete), [_read(trial) for trial in complete]
    figures = {
        "search_trials": float(len(made)),
        "search_failed": float(len(made) - len(complete)),
        "search_best_trial": float(made.index(best) + 1),
        **_of_skill(_read(best), measured),
        **_of_days(_read(best).daily, measured),
    }
    if made[0] in complete:
        figures["search_skill_present"] = _read(made[0]).skill
    return Found({name: float(value) for name, value in best.params.items()}, figures)


def _of_skill(best: Measured, measured: Sequence[Measured]) -> Told:
    """Return the best skill, and how likely it is more than the luck of so many trials.

    Skill in standard errors over the root of the trades is a Sharpe ratio of gains, which the
    deflation takes for normal: only their mean and error are known.
    """
    figures = {"search_skill": best.skill}
    if len(measured) >= deflated.TRIALS_MIN:
        ratios = [one.skill / one.trades**0.5 for one in measured]
        ratio = best.skill / best.trades**0.5
        figures["search_skill_deflated"] = deflated.deflated(ratio, ratios, best.trades)
    return figures


def _of_days(best: Daily | None, measured: Sequence[Measured]) -> Told:
    """Return the Sharpe ratio of the best and its deflation, where it trades at all."""
    if best is None:
        return {}
    ratios = [one.daily.sharpe for one in measured if one.daily is not None]
    figures = {"search_sharpe": best.sharpe * DAYS_A_YEAR**0.5}
    if len(ratios) >= deflated.TRIALS_MIN:
        figures["search_sharpe_deflated"] = deflated.deflated(
            best.sharpe, ratios, best.days, best.skew, best.kurtosis
        )
    return figures


def _best(complete: Sequence[FrozenTrial]) -> FrozenTrial:
    """Return the first of those with the most skill."""
    return max(complete, key=_value)


def _value(trial: FrozenTrial) -> float:
    assert trial.value is not None, "it is complete"
    return trial.value


def _read(trial: FrozenTrial) -> Measured:
    said = trial.user_attrs[MEASURED]
    daily = said["daily"]
    return Measured(said["skill"], said["trades"], Daily(**daily) if daily else None)


def _in_words(made: Sequence[FrozenTrial], trials: int) -> str:
    last, complete = made[-1], [one for one in made if one.state == TrialState.COMPLETE]
    said = (
        f"trial {len(made)} of {trials}: skill {_value(last):.3f}"
        if last in complete
        else f"trial {len(made)} of {trials} was not measured: {last.user_attrs[FAULT]}"
    )
    if not complete:
        return said
    best = _best(complete)
    return f"{said}; best so far {_value(best):.3f}, trial {made.index(best) + 1}"


def _distribution(axis: space.Axis) -> BaseDistribution:
    match axis:
        case space.Real(low, high, logarithmic):
            return FloatDistribution(low, high, log=logarithmic)
        case space.Whole(low, high):
            return IntDistribution(low, high)
        case space.Choice(values):
            return CategoricalDistribution(values)


def _path(job: Job, learned: Experience) -> Path | None:
    """Return the journal's file: other trades, settings or releases never go on with it."""
    if job.folder is None:
        return None
    about = {
        "component": job.component,
        "seed": job.seed,
        "parameters": dict(sorted(job.parameters.items())),
        "trades": learned.digest,
        "versions": {name: version(name) for name in ("kingmaker", "numpy", "optuna")},
    }
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    return job.folder / f"{job.training}-{digest[:12]}.search"


def _seed_of(seed: int, number: int) -> int:
    digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    return int.from_bytes(digest) >> (256 - SEED_BITS)
