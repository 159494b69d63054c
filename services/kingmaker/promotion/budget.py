"""One error budget over all challengers of a desk (e-LOND): restarts cannot buy luck.

Windows of market time are fixed from the desk's first trial; in each, test k gets the share
gamma_k of alpha, times one more than R, the crowns so far among the window's own tests. Valid under
arbitrary dependence of the tests. Source: Xu and Ramdas, Online multiple testing with e-values
(AISTATS 2024; arXiv 2311.06412); what R counts: decision 0024.
"""

from dataclasses import dataclass

from kingmaker.kernel.arithmetic import ln
from kingmaker.kernel.frozen import quick, replace
from kingmaker.promotion.domain import Budget, Trial
from kingmaker.promotion.policy import PER_TEST, Policy
from kingmaker.promotion.said import TrialOpened

DAY_MS = 86_400_000


@quick
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
    tests: int  # N and alpha of the window: those of its first trial
    window_alpha: float


def at(budget: Budget, policy: Policy, now_ms: int) -> Budget:
    """Return the budget as it stands at a moment: a new window begins with nothing spent."""
    if budget.first_ms is None:
        return budget
    window_ms = policy.budget_window_days * DAY_MS
    windows = max(0, now_ms - budget.first_ms) // window_ms
    start_ms = budget.first_ms + windows * window_ms
    if start_ms < budget.window_start_ms + window_ms:  # whatever lengths were in force before
        return budget
    return Budget(budget.first_ms, start_ms)


def next_share(budget: Budget, policy: Policy, now_ms: int) -> Share:
    """Return what a trial that opens now may spend."""
    if budget.first_ms is None:
        budget = Budget(now_ms, now_ms)
    budget = at(budget, policy, now_ms)
    k, n = budget.k + 1, budget.tests or policy.budget_tests
    gamma = n / ((k + n - 1) * (k + n))
    factor = budget.crowned + 1 if policy.budget_mode == "e_lond" else 1
    window_alpha = budget.alpha or policy.alpha
    spent = policy.p_max if policy.budget_mode == PER_TEST else window_alpha * gamma * factor
    alpha = min(policy.p_max, spent)
    return Share(
        k=k,
        window_start_ms=budget.window_start_ms,
        crowned_before=budget.crowned,
        gamma=gamma,
        alpha=alpha,
        log_threshold=-ln(alpha),
        p_max=policy.p_max,
        tests=n,
        window_alpha=window_alpha,
    )


def open_trial(budget: Budget, opened: TrialOpened) -> Budget:
    """Return the budget after a trial opened as test k of its window."""
    first_ms = opened.time_ms if budget.first_ms is None else budget.first_ms
    crowned = budget.crowned if budget.window_start_ms == opened.window_start_ms else 0
    return Budget(
        first_ms,
        opened.window_start_ms,
        opened.k,
        crowned,
        opened.window_tests,
        opened.window_alpha,
    )


def count_crown(budget: Budget, trial: Trial, log_evidence: float) -> Budget:
    """Return the budget after a crown: R grows by tests of its window that e-LOND rejects.

    Not by one opened in a window before, by one outside the budget, nor by one that was crowned
    on less evidence than its share asks (by a classic rule).
    """
    of_window = trial.window_start_ms == budget.window_start_ms
    rejected = log_evidence >= trial.log_threshold and trial.mode != PER_TEST
    return replace(budget, crowned=budget.crowned + 1) if of_window and rejected else budget
