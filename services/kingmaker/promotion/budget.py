"""One error budget over all challengers of a desk (e-LOND): restarts cannot buy luck.

Windows of market time are fixed from the desk's first trial; in each, test k gets the share
gamma_k of alpha, times one more than the promotions in the window so far. Valid under arbitrary
dependence of the tests. Source: promotion-statistics 2.5.
"""

from dataclasses import dataclass, replace

from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion.domain import Budget
from kingmaker.promotion.policy import Policy

DAY_MS = 86_400_000
NOTICES = {
    "e_lond": "",
    "fwer": "",
    "per_test": "per_test: every trial is judged alone; of 200 challengers without an edge"
    " about 5 are promoted",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one trial may spend: `alpha` is the chance it may err, `log_threshold` = ln(1/alpha)."""

    k: int
    window_start_ms: int
    crowned_before: int
    gamma: float
    alpha: float
    log_threshold: float
    p_max: float
    notice: str


def at(budget: Budget, policy: Policy, now_ms: int) -> Budget:
    """Return the budget as it stands at a moment: a new window begins with nothing spent."""
    if budget.first_ms is None:
        return budget
    window_ms = policy.budget_window_days * DAY_MS
    windows = max(0, now_ms - budget.first_ms) // window_ms
    start_ms = budget.first_ms + windows * window_ms
    if start_ms == budget.window_start_ms:
        return budget
    return Budget(budget.first_ms, start_ms)


def next_share(budget: Budget, policy: Policy, now_ms: int) -> Share:
    """Return what a trial that opens now may spend."""
    if budget.first_ms is None:
        budget = Budget(now_ms, now_ms)
    budget = at(budget, policy, now_ms)
    k, n = budget.k + 1, policy.budget_tests
    gamma = n / ((k + n - 1) * (k + n))
    factor = budget.crowned + 1 if policy.budget_mode == "e_lond" else 1
    spent = policy.p_max if policy.budget_mode == "per_test" else policy.alpha * gamma * factor
    alpha = min(policy.p_max, spent)
    return Share(
        k=k,
        window_start_ms=budget.window_start_ms,
        crowned_before=budget.crowned,
        gamma=gamma,
        alpha=alpha,
        log_threshold=-ln(alpha),
        p_max=policy.p_max,
        notice=NOTICES[policy.budget_mode],
    )


def open_trial(budget: Budget, share_k: int, window_start_ms: int, time_ms: int) -> Budget:
    """Return the budget after a trial opened as test `share_k` of its window."""
    first_ms = time_ms if budget.first_ms is None else budget.first_ms
    crowned = budget.crowned if budget.window_start_ms == window_start_ms else 0
    return Budget(first_ms, window_start_ms, share_k, crowned)


def count_promotion(budget: Budget, policy: Policy, time_ms: int) -> Budget:
    """Return the budget after a challenger was promoted by evidence."""
    budget = at(budget, policy, time_ms)
    return replace(budget, crowned=budget.crowned + 1)
