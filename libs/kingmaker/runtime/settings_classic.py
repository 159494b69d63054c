"""The variables that users of earlier systems know, and the keys that they mean."""

# variable -> key
CLASSIC = {
    "KINGMAKER_HOME": "home",
    "AUTO_PROMOTION_ENABLED": "promotion.auto",
    "MIN_SHADOW_TEST_TRADES": "promotion.min_trades",
    "PROMOTION_CONFIDENCE_THRESHOLD": "promotion.confidence_threshold",
    "PROMOTION_SHARPE_IMPROVEMENT": "promotion.sharpe_improvement",
    "PROMOTION_MAX_DRAWDOWN_TOLERANCE": "promotion.max_drawdown_tolerance",
}

# variable -> what this release does not do, so that the variable does nothing
WITHOUT_EFFECT = {
    "ENABLE_HISTORICAL_LEARNING": "historical learning",
    "LEARNING_INTENSITY": "historical learning",
    "RlRuntimeMode": "learning in place",
    "CLOUD_MODEL_SYNC_ENABLED": "synchronisation with GitHub",
    "CLOUD_MODEL_SYNC_INTERVAL_HOURS": "synchronisation with GitHub",
    "GITHUB_MODEL_REPO": "synchronisation with GitHub",
    "GitHub__Owner": "synchronisation with GitHub",
    "GitHub__Repository": "synchronisation with GitHub",
    "CloudSync__IntervalMinutes": "synchronisation with GitHub",
    "CloudSync__Enabled": "synchronisation with GitHub",
}
