"""What users of earlier systems know: the variables, and the rules by `profile: classic`."""

from collections.abc import Mapping

# variable -> key
CLASSIC = {
    "KINGMAKER_HOME": "home",
    "AUTO_PROMOTION_ENABLED": "promotion.auto",
    "MIN_SHADOW_TEST_TRADES": "promotion.min_trades",
    "PROMOTION_CONFIDENCE_THRESHOLD": "promotion.confidence_threshold",
    "PROMOTION_SHARPE_IMPROVEMENT": "promotion.sharpe_improvement",
    "PROMOTION_MAX_DRAWDOWN_TOLERANCE": "promotion.max_drawdown_tolerance",
    "ENABLE_HISTORICAL_LEARNING": "historical.enabled",
    "LEARNING_INTENSITY": "historical.intensity",
}

# profile -> what it selects; a key that anyone says explicitly wins over it
PROFILES: Mapping[str, Mapping[str, str]] = {
    "standard": {},
    "classic": {
        "trial.start_after_trades": "50",
        "promotion.p_method": "naive_t",
        "promotion.sharpe_rule": "classic",
        "promotion.budget.mode": "per_test",
        "canary.rule": "classic_15pct",
        "canary.minutes": "60",
        "learning.normalise": "divide",
        "learning.min_outcomes_for_update": "1",
        "weekly.validation": "in_sample",
        "weekly.max_lookback_days": "7",
    },
}

# key, value -> what is wrong with it, said at every start
DEFECTS: Mapping[tuple[str, str], str] = {
    ("promotion.p_method", "naive_t"): (
        "not valid under peeking; of 200 challengers without an edge about 41 are promoted."
        " e_process is"
    ),
    ("promotion.sharpe_rule", "classic"): (
        "crowns a worse model where the champion's Sharpe ratio is below zero. sign_safe does not"
    ),
    ("promotion.budget.mode", "per_test"): (
        "every trial is judged alone; of 200 challengers without an edge about 5 are promoted."
        " e_lond bounds them all together"
    ),
    ("learning.normalise", "divide"): (
        "dividing by the sum breaks the bounds of a weight: .30 and eight .05 become .4286 and"
        " .0714. project keeps them"
    ),
    ("weekly.validation", "in_sample"): (
        "weights are judged by the outcomes that they were fitted to, so pure noise deploys some."
        " purged judges them by others"
    ),
    ("canary.rule", "classic_15pct"): (
        "takes the crown back from a champion that is still better in 72 % of cases within 500"
        " trades. edetector_and_15pct does in under 1 %"
    ),
}

# variable -> why it does nothing in this release, and what to do instead
_NO_SYNC = "there is no synchronisation with GitHub in this release. Leave it out"
WITHOUT_EFFECT = {
    "RlRuntimeMode": (
        "what decides here never learns in place, and no challenger explores: a trial judges the"
        " policy that would reign. Leave it out; for models that learn from every trade name them"
        " in learning.revisions"
    ),
    "CLOUD_MODEL_SYNC_ENABLED": _NO_SYNC,
    "CLOUD_MODEL_SYNC_INTERVAL_HOURS": _NO_SYNC,
    "GITHUB_MODEL_REPO": _NO_SYNC,
    "GitHub__Owner": _NO_SYNC,
    "GitHub__Repository": _NO_SYNC,
    "CloudSync__IntervalMinutes": _NO_SYNC,
    "CloudSync__Enabled": _NO_SYNC,
}
# variable -> the value that asks for what is so anyway
SO_ANYWAY = {
    "RlRuntimeMode": "InferenceOnly",
    "CLOUD_MODEL_SYNC_ENABLED": "0",
    "CloudSync__Enabled": "false",
}
