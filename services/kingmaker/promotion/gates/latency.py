"""On a live host a challenger must answer in time: 99 of 100 answers of its trial, in milliseconds.

Asked where answers are measured and `promotion.max_latency_ms` is not 0. A challenger of which
nothing was measured does not pass: nobody knows how long it takes.
"""

from kingmaker.evidence import latencies
from kingmaker.promotion.gates import Case, Gate, Reading, Role
from kingmaker.promotion.policy import Policy

PERCENT = 99
US = 1_000  # microseconds of a millisecond


def judge(case: Case) -> Reading:
    """Compare what the slowest answer but one of a hundred took at most."""
    counts, longest_ms = case.evidence.latencies, case.state.policy.latency_ms_max
    answers, latency_ms = sum(counts.values()), latencies.quantile_us(counts, PERCENT) / US
    return Reading(latency_ms, longest_ms, answers, answers > 0 and latency_ms <= longest_ms)


def role(policy: Policy) -> Role:
    """Be silent under a scheduler: there an answer takes 0 by definition, and none is measured."""
    return Role.HOLDS if policy.latency_ms_max else Role.SILENT


GATE = Gate("latency", judge, role=role)
