"""The rules that a new trial and a new reign carry to their ends, with their parameters."""

RULE = "two_ledgers@1"
BOUND = 10.0
PARAMETERS = {
    "half_life": 100.0,
    "warmup": 20.0,
    "sharpe_legs": 10.0,
    "block": 5.0,
    "bound": BOUND,
    "stake_1": 1.0 / (BOUND + 1.0),
    "stake_2": 0.5 / (BOUND + 1.0),
    "stake_3": 0.25 / (BOUND + 1.0),
    "share_1": 0.6,
    "share_2": 0.3,
    "share_3": 0.1,
}

CANARY_RULE = "edetector@1"
CANARY_BOUND = 5.0
CANARY_PARAMETERS = {
    "half_life": 100.0,
    "warmup": 20.0,
    "sharpe_legs": 10.0,
    "block": 5.0,
    "bound": CANARY_BOUND,
    "stake_1": 1.0 / (CANARY_BOUND + 1.0),
    "stake_2": 0.5 / (CANARY_BOUND + 1.0),
    "stake_3": 0.25 / (CANARY_BOUND + 1.0),
    "share_1": 0.6,
    "share_2": 0.3,
    "share_3": 0.1,
    "alarm": 1000.0,
    "slack": 0.0,
}
