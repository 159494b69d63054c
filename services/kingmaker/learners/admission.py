"""What is worth a trial: better than knowing nothing, on trades the model never saw.

The hold-out ranks and saves error budget; it proves nothing. The proof is the trial's evidence.
One standard error, not two, for that reason. All three rules were fixed before the product ran.
"""

from collections.abc import Mapping

from kingmaker.learners.policy import Policy

# What a training must measure on the hold-out; a learner's own file says how.
GAIN, GAIN_SE = "holdout_gain", "holdout_gain_se"  # loss of the base rate minus the model's
ACTS = "holdout_acts"  # trades that the model decides: taken by a filter, re-picked by a bandit
NET_ALL = "holdout_net_all"  # mean net return of every trade
NET_KEPT = "holdout_net_kept"  # mean net return of the trades that the model agrees with
NET_WITH = "holdout_net_with"  # mean net return an opportunity, with what it leaves alone at 0


OF_SKILL, OF_TRADES = (GAIN, GAIN_SE), (ACTS, NET_ALL, NET_KEPT, NET_WITH)
# Whose answers alone let a trade be taken, left alone or picked: only they can be judged by it.
DECIDING = frozenset({"cvar_ppo", "neural_ucb", "online_learning", "s15_rl_policy"})


def why_not(component: str, metrics: Mapping[str, float], policy: Policy) -> str:
    """Return why a model with these figures gets no trial; "" for a candidate."""
    needed = OF_SKILL + (OF_TRADES if component in DECIDING else ())
    missing = [name for name in needed if name not in metrics]
    if missing:
        return f"not measured: {', '.join(missing)}"
    faults = [_skill(metrics, policy)]
    if component in DECIDING:
        faults += [_activity(metrics, policy), _net(metrics)]
    return "; ".join(filter(None, faults))


def _skill(metrics: Mapping[str, float], policy: Policy) -> str:
    gain, needed = metrics[GAIN], policy.admission_gain_se * metrics[GAIN_SE]
    return "" if gain > needed else f"gain over the base rate {gain:.3g}, needs over {needed:.3g}"


def _activity(metrics: Mapping[str, float], policy: Policy) -> str:
    acts, needed = metrics[ACTS], policy.admission_min_acts
    return "" if acts >= needed else f"decides {acts:.0f} trades, needs {needed}"


def _net(metrics: Mapping[str, float]) -> str:
    """Ask for more than abstention: the trades it keeps must be better than all of them."""
    reference = metrics[NET_ALL]
    faults = [
        f"net {what} {metrics[name]:.3g}, needs over {reference:.3g}"
        for name, what in ((NET_WITH, "an opportunity"), (NET_KEPT, "a kept trade"))
        if not metrics[name] > reference
    ]
    return "; ".join(faults)
