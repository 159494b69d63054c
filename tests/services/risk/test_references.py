"""What is usual, how often it is called drift, and how soon drift is found. All of it simulated."""

from collections.abc import Callable
from statistics import stdev

import pytest

from bench import drift_worlds as worlds
from bench.drift_worlds import Rows, counted, reference
from bench.drift_worlds import independent as rows
from kingmaker.kernel.frozen import replace
from kingmaker.market.features import NAMES
from kingmaker.risk.histograms import FEATURES, Counts, counts_of, without
from kingmaker.risk.references import (
    KL_RAW,
    LOG_KL,
    NEEDED,
    SPREAD_LEAST,
    WIDER,
    WINDOW,
    measures,
    scores,
    usual,
)

SIGMAS = 3.0
BODY, DEVIATION = FEATURES.index("body"), 0.6  # average true ranges
WORLDS, AFTER = 40, 20  # windows after those of the reference


def windows(of: Rows, count: int) -> list[Counts]:
    return counted(worlds.windows(of, count))


def false_alarms(
    rule: str, of: Callable[[int], Rows] = rows, count: int = WORLDS
) -> tuple[int, int]:
    """Return alarms and checks in worlds where nothing changes."""
    found = checks = 0
    for seed in range(count):
        world = of(seed)
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


def test_of_rows_that_depend_on_each_other_one_check_in_a_thousand_alarms_at_most() -> None:
    """Sigma is widened for that: three quarters of `WIDER` would alarm too often here."""
    found, checks = false_alarms(LOG_KL, worlds.walking, WORLDS // 2)
    assert checks > 8_000
    assert 0 < found <= checks / 1000, f"{found} of {checks}"


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
    assert late <= features / 10, f"{late} of {features} features"


def test_what_lies_above_the_mean_widens_sigma_more_than_what_lies_below() -> None:
    """Rows that depend on each other skew the measure to the right, and the right side alarms."""
    calm = windows(rows(3), 1) * (NEEDED - 2)
    moved = windows(rows(4, 0.4), 2)
    total, each = usual([*calm, *moved], LOG_KL)
    measured = [measures(one, without(total, one), LOG_KL)[BODY] for one in (*calm, *moved)]
    plain = stdev(measured)
    assert plain > SPREAD_LEAST, "else the least would speak"
    assert each[BODY].sigma > 2.0 * plain * (1.0 + WIDER / (NEEDED - 1))


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
