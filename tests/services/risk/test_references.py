"""What is usual, how often it is called drift, and how soon drift is found. All of it simulated."""

import random
from collections.abc import Iterator, Sequence

import pytest

from kingmaker.kernel.frozen import replace
from kingmaker.market.features import NAMES, Row
from kingmaker.risk.histograms import FEATURES, Counts, counts_of
from kingmaker.risk.references import (
    KL_RAW,
    LOG_KL,
    NEEDED,
    WINDOW,
    Reference,
    scores,
    usual,
)

SIGMAS = 3.0
BODY, DEVIATION = FEATURES.index("body"), 0.6  # average true ranges
WORLDS, AFTER = 40, 20  # windows after those of the reference
Rows = Iterator[Row]


def rows(seed: int, shift: float = 0.0) -> Rows:
    """Yield independent rows whose every feature is normal about the middle of its bins."""
    draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
    while True:
        z = [draw.gauss(shift, 1.0) for _ in NAMES]
        yield tuple([_value(name, one) for name, one in zip(NAMES, z, strict=True)])


def _value(name: str, z: float) -> float:
    if name == "atr_percent":
        return float(0.2 * 1.5**z)
    low, high = {"volatility_ratio": (0.4, 2.0), "deviation_20": (0.2, 3.0)}.get(name, (-1.0, 1.0))
    return (low + high) / 2 + z * (high - low) / 5


def windows(of: Rows, count: int) -> list[Counts]:
    return [counts_of([next(of) for _ in range(WINDOW)]) for _ in range(count)]


def reference(seen: Sequence[Counts], rule: str) -> Reference:
    total, each = usual(seen, rule)
    means, sigmas = (tuple([getattr(one, name) for one in each]) for name in ("mean", "sigma"))
    return Reference(1, "", 0, len(seen), rule, total, means, sigmas)


def false_alarms(rule: str) -> tuple[int, int]:
    """Return alarms and checks in worlds where nothing changes."""
    found = checks = 0
    for seed in range(WORLDS):
        world = rows(seed)
        usual_ = reference(windows(world, NEEDED), rule)
        for window in windows(world, AFTER):
            told = scores(window, usual_)
            found += sum(score > SIGMAS for score in told)
            checks += len(told)
    return found, checks


def test_where_nothing_changes_one_check_in_a_thousand_alarms_at_most() -> None:
    found, checks = false_alarms(LOG_KL)
    assert checks > 15_000
    assert found <= checks / 1000, f"{found} of {checks}"


def test_the_raw_divergence_alarms_ten_times_too_often() -> None:
    found, checks = false_alarms(KL_RAW)
    assert found > 5 * checks / 1000, f"{found} of {checks}"


def test_half_a_deviation_is_nearly_always_found_within_two_windows() -> None:
    late, features = 0, 0
    for seed in range(20):
        usual_ = reference(windows(rows(seed), NEEDED), LOG_KL)
        told = [scores(window, usual_) for window in windows(rows(seed + 1000, 0.5), 2)]
        features += len(FEATURES)
        late += sum(max(both) <= SIGMAS for both in zip(*told, strict=True))
    # Not all: a reference of so few windows must know its own spread, and allows for that.
    assert late <= features / 8, f"{late} of {features} features"


def test_a_feature_that_never_moved_is_not_called_drift_by_one_bar() -> None:
    still = counts_of([(0.0,) * len(NAMES)] * WINDOW)
    usual_ = reference([still] * NEEDED, LOG_KL)
    assert max(scores(still, usual_)) < 0.5
    moved = [(0.0,) * len(NAMES)] * (WINDOW - 1) + [(1.0,) * len(NAMES)]
    assert max(scores(counts_of(moved), usual_)) < SIGMAS
    moved = [(1.0,) * len(NAMES)] * WINDOW
    assert scores(counts_of(moved), usual_)[BODY] > SIGMAS


@pytest.mark.parametrize("rule", [LOG_KL, KL_RAW])
def test_a_score_is_how_many_sigmas_a_window_lies_beyond_the_mean(rule: str) -> None:
    usual_ = reference(windows(rows(1), NEEDED), rule)
    window = windows(rows(2), 1)[0]
    wider = replace(usual_, sigmas=tuple([2.0 * sigma for sigma in usual_.sigmas]))
    pairs = zip(scores(window, usual_), scores(window, wider), strict=True)
    assert all(one == 2.0 * two for one, two in pairs)
