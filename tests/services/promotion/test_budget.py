"""The error budget: what each trial of a desk may spend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.kernel.arithmetic import exp
from kingmaker.promotion import budget
from kingmaker.promotion.budget import DAY_MS, Share
from kingmaker.promotion.domain import Budget
from kingmaker.promotion.policy import Policy


def spend(trials: int, policy: Policy, state: Budget | None = None) -> tuple[Budget, list[Share]]:
    """Open trials at one moment."""
    state, shares = state or Budget(), []
    for _ in range(trials):
        share = budget.next_share(state, policy, 1_000)
        state = budget.open_trial(state, share.k, share.window_start_ms, 1_000)
        shares.append(share)
    return state, shares


@pytest.mark.parametrize(("k", "threshold"), [(1, 220), (10, 760), (50, 7_080)])
def test_thresholds_are_those_of_the_specification(k: int, threshold: int) -> None:
    _, shares = spend(k, Policy())
    assert exp(shares[-1].log_threshold) == pytest.approx(threshold)
    assert shares[-1].alpha == pytest.approx(1 / threshold)
    assert shares[-1].k == k


def test_a_promotion_raises_what_later_trials_may_spend() -> None:
    state, _ = spend(1, Policy())
    state = budget.count_promotion(state, Policy(), 2_000)
    e_lond = budget.next_share(state, Policy(), 3_000)
    fwer = budget.next_share(state, Policy(budget_mode="fwer"), 3_000)
    assert e_lond.crowned_before == 1
    assert e_lond.alpha == pytest.approx(2 * fwer.alpha)


def test_per_test_carries_a_notice() -> None:
    share = budget.next_share(Budget(), Policy(budget_mode="per_test"), 0)
    assert share.alpha == 0.05
    assert "of 200 challengers without an edge about 5 are promoted" in share.notice


def test_a_window_begins_anew_from_the_first_trial_not_from_the_calendar() -> None:
    first_ms, window_ms = 1_000, 90 * DAY_MS
    state, _ = spend(3, Policy())
    state = budget.count_promotion(state, Policy(), first_ms + 5)
    inside = budget.next_share(state, Policy(), first_ms + window_ms - 1)
    assert (inside.k, inside.window_start_ms, inside.crowned_before) == (4, first_ms, 1)
    after = budget.next_share(state, Policy(), first_ms + 2 * window_ms)
    assert (after.k, after.window_start_ms) == (1, first_ms + 2 * window_ms)
    assert after.crowned_before == 0


def test_a_promotion_in_a_new_window_counts_there() -> None:
    state, _ = spend(3, Policy())
    later_ms = 1_000 + 91 * DAY_MS
    state = budget.count_promotion(state, Policy(), later_ms)
    share = budget.next_share(state, Policy(), later_ms + 1)
    assert (share.k, share.crowned_before) == (1, 1)


def test_time_that_runs_backwards_opens_no_new_window() -> None:
    state, _ = spend(2, Policy())
    assert budget.next_share(state, Policy(), 0).k == 3


@given(
    st.lists(st.booleans(), max_size=200),
    st.floats(0.001, 0.05),
    st.integers(1, 100),
    st.sampled_from(["e_lond", "fwer"]),
)
def test_what_is_spent_never_exceeds_alpha(
    promotions: list[bool], alpha: float, tests: int, mode: str
) -> None:
    """Each alpha_k, divided by the promotions it builds on, sums to at most alpha."""
    policy = Policy(alpha=alpha, budget_tests=tests, budget_mode=mode)
    state, spent = Budget(), 0.0
    for promoted in promotions:
        share = budget.next_share(state, policy, 1_000)
        state = budget.open_trial(state, share.k, share.window_start_ms, 1_000)
        factor = share.crowned_before + 1 if mode == "e_lond" else 1
        spent += share.alpha / factor
        assert share.alpha <= policy.p_max
        if promoted:
            state = budget.count_promotion(state, policy, 1_000)
    assert spent <= alpha * (1 + 1e-12)
