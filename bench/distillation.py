"""What a teacher of closed hours is worth to S15: its student against it, and against none.

Made-up worlds of 5 min bars whose drift lasts for hours, a seed each; and worlds where none does.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.learners import admission, training
from kingmaker.learners.distillation.parameters import Distillation
from kingmaker.learners.distillation.student import ALONE, STUDENT, TEACHER
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.policy import Policy
from tests.services.learners import hours_world

COMPONENT = "s15_rl_policy"
DRIFT = 0.4  # of the noise of a bar
TRAINING_SEED = 7
KEPT, BETTER = 0.9, 1.05  # of the teacher; than alone
PARAMETERS = {
    "holdout_share": 0.25,
    "steps": 1000.0,
    "discount": 0.9,
    "holding": 12.0,
    "bars_max": 3000.0,  # of the student
    "blur": 0.3,
} | Distillation().parameters()

type Metrics = Mapping[str, float]


def measure(bench: Bench) -> Iterator[Figure]:
    """Distil in every world; a world whose teacher was refused is told, and is in no ratio."""
    worlds = bench.size.distilled_worlds
    found = {seed: _distilled(bench, seed, DRIFT) for seed in range(1, worlds + 1)}
    made = {seed: one for seed, one in found.items() if not isinstance(one, str)}
    told = [f"{worlds - len(made)} of {worlds} teachers were refused"]
    told += [_line(seed, one) for seed, one in found.items()]
    yield from _ratio("student / teacher, held out", made, TEACHER, KEPT, told)
    yield from _ratio("student / the same alone, held out", made, ALONE, BETTER, ())
    nothing = [_distilled(bench, seed, 0.0) for seed in range(1, worlds + 1)]
    refused = sum(isinstance(one, str) for one in nothing)
    admitted = [
        one
        for one in nothing
        if not isinstance(one, str) and not admission.why_not(COMPONENT, one, Policy())
    ]
    yield Figure(
        "students admitted where nothing tells",
        float(len(admitted)),
        goal=Goal(0.0),
        notes=(f"{worlds} worlds: {refused} teachers refused, the other students judged",),
    )


def _ratio(
    name: str, made: Mapping[int, Metrics], other: str, bound: float, told: Sequence[str]
) -> Iterator[Figure]:
    """Tell the median over worlds, its range, and in how many the bound holds."""
    ratios = sorted(one[STUDENT] / one[other] for one in made.values() if one[other] > 0.0)
    if not ratios:
        yield Figure(name, 0.0, goal=Goal(bound, at_least=True), notes=("in no world",))
        return
    held = sum(ratio >= bound for ratio in ratios)
    span = f"median of {len(ratios)} worlds, {ratios[0]:.3f} to {ratios[-1]:.3f}"
    notes = (f"{span}; {held} at or above {bound:g}", *told)
    yield Figure(name, median(ratios), goal=Goal(bound, at_least=True), notes=notes)


def _line(seed: int, found: Metrics | str) -> str:
    if isinstance(found, str):
        return f"seed {seed}: {found}"
    earned = (f"{name.rpartition('_')[2]} {found[name]:.3f}" for name in (TEACHER, STUDENT, ALONE))
    return f"seed {seed}: risks a bar of the hold-out: {', '.join(earned)}"


def _distilled(bench: Bench, seed: int, drift: float) -> Metrics | str:
    """Return the figures of a distillation, or why there was none."""
    bars = hours_world.bars_of(bench.size.distilled_bars, drift=drift, seed=seed)
    given = hours_world.given(bars)
    try:
        product = training.train(COMPONENT, given, TRAINING_SEED, PARAMETERS, lambda _said: None)
    except UnfitDataError as refused:
        return str(refused)
    return product.metrics
