"""Rules that people may choose although something is wrong with them: every record says what.

Figures: docs/evidence-bench.md, measured by `make bench-gates`.
"""

from kingmaker.promotion.policy import CLASSIC, NAIVE_T, PER_TEST, Policy

PER_TEST_NOTICE = (
    "per_test: every trial is judged alone; of 200 challengers without an edge about 5 are promoted"
)
NAIVE_T_NOTICE = (
    "naive_t: not valid under peeking; looked at after every pair, of 200 challengers without an"
    " edge about 41 are promoted"
)
SHARPE_NOTICE = (
    "sharpe_rule classic: crowns a worse model where the champion's Sharpe ratio is below zero"
)


def notice(policy: Policy, mode: str) -> str:
    """Return what a verdict by these settings, in this mode of the budget, does not promise."""
    naive = policy.p_method == NAIVE_T
    said = (
        (PER_TEST_NOTICE, mode == PER_TEST and not naive),
        (NAIVE_T_NOTICE, naive),
        (SHARPE_NOTICE, policy.sharpe_rule == CLASSIC),
    )
    return "; ".join(text for text, holds in said if holds)
