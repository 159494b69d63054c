from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelLoadRequested(_message.Message):
    __slots__ = ("slot", "model", "digest", "due_ms", "attempt", "reign", "how", "trial", "champion", "rule", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    digest: str
    due_ms: int
    attempt: int
    reign: int
    how: str
    trial: str
    champion: str
    rule: str
    parameters: _containers.ScalarMap[str, float]
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., due_ms: _Optional[int] = ..., attempt: _Optional[int] = ..., reign: _Optional[int] = ..., how: _Optional[str] = ..., trial: _Optional[str] = ..., champion: _Optional[str] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ...) -> None: ...

class ModelReady(_message.Message):
    __slots__ = ("slot", "model", "digest", "reign")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    digest: str
    reign: int
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., reign: _Optional[int] = ...) -> None: ...

class ModelLoaded(_message.Message):
    __slots__ = ("digest", "attempt", "rule", "parameters", "numbers")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    digest: str
    attempt: int
    rule: str
    parameters: _containers.ScalarMap[str, float]
    numbers: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, digest: _Optional[str] = ..., attempt: _Optional[int] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., numbers: _Optional[_Iterable[float]] = ...) -> None: ...

class UpdateRuleLoaded(_message.Message):
    __slots__ = ("digest", "component", "rule", "parameters", "numbers")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    digest: str
    component: str
    rule: str
    parameters: _containers.ScalarMap[str, float]
    numbers: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, digest: _Optional[str] = ..., component: _Optional[str] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., numbers: _Optional[_Iterable[float]] = ...) -> None: ...

class ModelRevised(_message.Message):
    __slots__ = ("slot", "learner", "branch", "digest", "revision", "revised", "opportunity", "strategy", "label", "row", "time_ms", "hour_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    LEARNER_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REVISED_FIELD_NUMBER: _ClassVar[int]
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    HOUR_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    learner: str
    branch: str
    digest: str
    revision: int
    revised: str
    opportunity: str
    strategy: str
    label: float
    row: _containers.RepeatedScalarFieldContainer[float]
    time_ms: int
    hour_ms: int
    def __init__(self, slot: _Optional[str] = ..., learner: _Optional[str] = ..., branch: _Optional[str] = ..., digest: _Optional[str] = ..., revision: _Optional[int] = ..., revised: _Optional[str] = ..., opportunity: _Optional[str] = ..., strategy: _Optional[str] = ..., label: _Optional[float] = ..., row: _Optional[_Iterable[float]] = ..., time_ms: _Optional[int] = ..., hour_ms: _Optional[int] = ...) -> None: ...

class RevisionRefused(_message.Message):
    __slots__ = ("slot", "learner", "branch", "digest", "revision", "opportunity", "reason", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    LEARNER_FIELD_NUMBER: _ClassVar[int]
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    learner: str
    branch: str
    digest: str
    revision: int
    opportunity: str
    reason: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., learner: _Optional[str] = ..., branch: _Optional[str] = ..., digest: _Optional[str] = ..., revision: _Optional[int] = ..., opportunity: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ModelLoadFailed(_message.Message):
    __slots__ = ("digest", "reason", "attempt")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    digest: str
    reason: str
    attempt: int
    def __init__(self, digest: _Optional[str] = ..., reason: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class ChallengerWarmed(_message.Message):
    __slots__ = ("trial", "slot", "model", "digest", "champion", "time_ms", "rule", "parameters", "lineup", "first_bucket", "frozen")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    FIRST_BUCKET_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    model: str
    digest: str
    champion: str
    time_ms: int
    rule: str
    parameters: _containers.ScalarMap[str, float]
    lineup: str
    first_bucket: int
    frozen: bool
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., champion: _Optional[str] = ..., time_ms: _Optional[int] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., lineup: _Optional[str] = ..., first_bucket: _Optional[int] = ..., frozen: _Optional[bool] = ...) -> None: ...

class ChallengerFaulted(_message.Message):
    __slots__ = ("trial", "slot", "digest", "reason", "faults", "time_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    digest: str
    reason: str
    faults: int
    time_ms: int
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., digest: _Optional[str] = ..., reason: _Optional[str] = ..., faults: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ChallengerDropped(_message.Message):
    __slots__ = ("trial", "slot")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ...) -> None: ...

class ChampionActivated(_message.Message):
    __slots__ = ("slot", "reign", "model", "digest", "time_ms", "lineup", "first_bucket", "trial", "canary", "canary_rule", "canary_parameters")
    class CanaryParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    FIRST_BUCKET_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    CANARY_RULE_FIELD_NUMBER: _ClassVar[int]
    CANARY_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    model: str
    digest: str
    time_ms: int
    lineup: str
    first_bucket: int
    trial: str
    canary: str
    canary_rule: str
    canary_parameters: _containers.ScalarMap[str, float]
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., time_ms: _Optional[int] = ..., lineup: _Optional[str] = ..., first_bucket: _Optional[int] = ..., trial: _Optional[str] = ..., canary: _Optional[str] = ..., canary_rule: _Optional[str] = ..., canary_parameters: _Optional[_Mapping[str, float]] = ...) -> None: ...

class ChampionFaulted(_message.Message):
    __slots__ = ("slot", "reign", "digest", "reason", "faults", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    digest: str
    reason: str
    faults: int
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., digest: _Optional[str] = ..., reason: _Optional[str] = ..., faults: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ActivationFailed(_message.Message):
    __slots__ = ("slot", "reign", "reason")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    reason: str
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ChampionLost(_message.Message):
    __slots__ = ("slot", "reign", "digest", "reason")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    digest: str
    reason: str
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., digest: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Vote(_message.Message):
    __slots__ = ("component", "agrees", "confidence")
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    AGREES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    component: str
    agrees: bool
    confidence: float
    def __init__(self, component: _Optional[str] = ..., agrees: _Optional[bool] = ..., confidence: _Optional[float] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("branch", "taken", "strategy", "direction", "size", "stop_distance", "target_distance", "breakeven_r", "trail_r", "time_bars", "p_win", "consensus", "votes", "refusal", "strategy_reason", "faulted", "fault", "price_tolerance", "max_age_ms")
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    STOP_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    BREAKEVEN_R_FIELD_NUMBER: _ClassVar[int]
    TRAIL_R_FIELD_NUMBER: _ClassVar[int]
    TIME_BARS_FIELD_NUMBER: _ClassVar[int]
    P_WIN_FIELD_NUMBER: _ClassVar[int]
    CONSENSUS_FIELD_NUMBER: _ClassVar[int]
    VOTES_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_REASON_FIELD_NUMBER: _ClassVar[int]
    FAULTED_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    PRICE_TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    MAX_AGE_MS_FIELD_NUMBER: _ClassVar[int]
    branch: str
    taken: bool
    strategy: str
    direction: int
    size: int
    stop_distance: float
    target_distance: float
    breakeven_r: float
    trail_r: float
    time_bars: int
    p_win: float
    consensus: float
    votes: _containers.RepeatedCompositeFieldContainer[Vote]
    refusal: str
    strategy_reason: str
    faulted: str
    fault: str
    price_tolerance: float
    max_age_ms: int
    def __init__(self, branch: _Optional[str] = ..., taken: _Optional[bool] = ..., strategy: _Optional[str] = ..., direction: _Optional[int] = ..., size: _Optional[int] = ..., stop_distance: _Optional[float] = ..., target_distance: _Optional[float] = ..., breakeven_r: _Optional[float] = ..., trail_r: _Optional[float] = ..., time_bars: _Optional[int] = ..., p_win: _Optional[float] = ..., consensus: _Optional[float] = ..., votes: _Optional[_Iterable[_Union[Vote, _Mapping]]] = ..., refusal: _Optional[str] = ..., strategy_reason: _Optional[str] = ..., faulted: _Optional[str] = ..., fault: _Optional[str] = ..., price_tolerance: _Optional[float] = ..., max_age_ms: _Optional[int] = ...) -> None: ...

class OpportunityDecided(_message.Message):
    __slots__ = ("opportunity", "symbol", "time_ms", "interval_ms", "bucket", "lineup", "feature_hash", "features", "setup", "fired", "decisions", "same", "price", "directions", "bucket_ms", "fee", "impact", "arm", "desk", "latencies_us", "scores", "judged", "weights_version", "revisions", "patterns", "confluence_min")
    class LatenciesUsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class RevisionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class PatternsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    FEATURE_HASH_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    FIRED_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    SAME_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    DIRECTIONS_FIELD_NUMBER: _ClassVar[int]
    BUCKET_MS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    IMPACT_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    LATENCIES_US_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_VERSION_FIELD_NUMBER: _ClassVar[int]
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    PATTERNS_FIELD_NUMBER: _ClassVar[int]
    CONFLUENCE_MIN_FIELD_NUMBER: _ClassVar[int]
    opportunity: str
    symbol: str
    time_ms: int
    interval_ms: int
    bucket: int
    lineup: str
    feature_hash: str
    features: _containers.RepeatedScalarFieldContainer[float]
    setup: _containers.RepeatedScalarFieldContainer[float]
    fired: _containers.RepeatedScalarFieldContainer[str]
    decisions: _containers.RepeatedCompositeFieldContainer[Decision]
    same: _containers.RepeatedScalarFieldContainer[str]
    price: float
    directions: _containers.RepeatedScalarFieldContainer[int]
    bucket_ms: int
    fee: float
    impact: float
    arm: int
    desk: str
    latencies_us: _containers.ScalarMap[str, int]
    scores: _containers.RepeatedScalarFieldContainer[float]
    judged: _containers.RepeatedScalarFieldContainer[float]
    weights_version: int
    revisions: _containers.ScalarMap[str, int]
    patterns: _containers.ScalarMap[str, int]
    confluence_min: float
    def __init__(self, opportunity: _Optional[str] = ..., symbol: _Optional[str] = ..., time_ms: _Optional[int] = ..., interval_ms: _Optional[int] = ..., bucket: _Optional[int] = ..., lineup: _Optional[str] = ..., feature_hash: _Optional[str] = ..., features: _Optional[_Iterable[float]] = ..., setup: _Optional[_Iterable[float]] = ..., fired: _Optional[_Iterable[str]] = ..., decisions: _Optional[_Iterable[_Union[Decision, _Mapping]]] = ..., same: _Optional[_Iterable[str]] = ..., price: _Optional[float] = ..., directions: _Optional[_Iterable[int]] = ..., bucket_ms: _Optional[int] = ..., fee: _Optional[float] = ..., impact: _Optional[float] = ..., arm: _Optional[int] = ..., desk: _Optional[str] = ..., latencies_us: _Optional[_Mapping[str, int]] = ..., scores: _Optional[_Iterable[float]] = ..., judged: _Optional[_Iterable[float]] = ..., weights_version: _Optional[int] = ..., revisions: _Optional[_Mapping[str, int]] = ..., patterns: _Optional[_Mapping[str, int]] = ..., confluence_min: _Optional[float] = ...) -> None: ...

class OpportunityMissed(_message.Message):
    __slots__ = ("opportunity", "symbol", "bucket", "time_ms")
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    opportunity: str
    symbol: str
    bucket: int
    time_ms: int
    def __init__(self, opportunity: _Optional[str] = ..., symbol: _Optional[str] = ..., bucket: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class PositionOpened(_message.Message):
    __slots__ = ("position", "symbol", "time_ms", "direction", "size", "entry", "stop", "target", "strategy", "lineup", "cut")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    CUT_FIELD_NUMBER: _ClassVar[int]
    position: str
    symbol: str
    time_ms: int
    direction: int
    size: int
    entry: float
    stop: float
    target: float
    strategy: str
    lineup: str
    cut: float
    def __init__(self, position: _Optional[str] = ..., symbol: _Optional[str] = ..., time_ms: _Optional[int] = ..., direction: _Optional[int] = ..., size: _Optional[int] = ..., entry: _Optional[float] = ..., stop: _Optional[float] = ..., target: _Optional[float] = ..., strategy: _Optional[str] = ..., lineup: _Optional[str] = ..., cut: _Optional[float] = ...) -> None: ...

class PositionClosed(_message.Message):
    __slots__ = ("position", "symbol", "time_ms", "exit", "reason", "net", "equity")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    EXIT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    EQUITY_FIELD_NUMBER: _ClassVar[int]
    position: str
    symbol: str
    time_ms: int
    exit: float
    reason: str
    net: float
    equity: float
    def __init__(self, position: _Optional[str] = ..., symbol: _Optional[str] = ..., time_ms: _Optional[int] = ..., exit: _Optional[float] = ..., reason: _Optional[str] = ..., net: _Optional[float] = ..., equity: _Optional[float] = ...) -> None: ...

class Outcome(_message.Message):
    __slots__ = ("branch", "taken", "net", "reason", "entry", "exit", "exit_ms", "best_r", "worst_r", "full_net")
    BRANCH_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    EXIT_FIELD_NUMBER: _ClassVar[int]
    EXIT_MS_FIELD_NUMBER: _ClassVar[int]
    BEST_R_FIELD_NUMBER: _ClassVar[int]
    WORST_R_FIELD_NUMBER: _ClassVar[int]
    FULL_NET_FIELD_NUMBER: _ClassVar[int]
    branch: str
    taken: bool
    net: float
    reason: str
    entry: float
    exit: float
    exit_ms: int
    best_r: float
    worst_r: float
    full_net: float
    def __init__(self, branch: _Optional[str] = ..., taken: _Optional[bool] = ..., net: _Optional[float] = ..., reason: _Optional[str] = ..., entry: _Optional[float] = ..., exit: _Optional[float] = ..., exit_ms: _Optional[int] = ..., best_r: _Optional[float] = ..., worst_r: _Optional[float] = ..., full_net: _Optional[float] = ...) -> None: ...

class OpportunityResolved(_message.Message):
    __slots__ = ("opportunity", "symbol", "time_ms", "decided_ms", "bucket", "lineup", "strategy", "direction", "setup", "signal_net", "risk", "outcomes", "same", "contexts", "arm", "desk", "interval_ms", "target_distance", "fee", "impact", "price_tolerance", "max_age_ms", "scores", "judged", "heads", "confluence_min")
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_NET_FIELD_NUMBER: _ClassVar[int]
    RISK_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    SAME_FIELD_NUMBER: _ClassVar[int]
    CONTEXTS_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    TARGET_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    IMPACT_FIELD_NUMBER: _ClassVar[int]
    PRICE_TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    MAX_AGE_MS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    CONFLUENCE_MIN_FIELD_NUMBER: _ClassVar[int]
    opportunity: str
    symbol: str
    time_ms: int
    decided_ms: int
    bucket: int
    lineup: str
    strategy: str
    direction: int
    setup: _containers.RepeatedScalarFieldContainer[float]
    signal_net: float
    risk: float
    outcomes: _containers.RepeatedCompositeFieldContainer[Outcome]
    same: _containers.RepeatedScalarFieldContainer[str]
    contexts: _containers.RepeatedScalarFieldContainer[float]
    arm: int
    desk: str
    interval_ms: int
    target_distance: float
    fee: float
    impact: float
    price_tolerance: float
    max_age_ms: int
    scores: _containers.RepeatedScalarFieldContainer[float]
    judged: _containers.RepeatedScalarFieldContainer[float]
    heads: _containers.RepeatedScalarFieldContainer[float]
    confluence_min: float
    def __init__(self, opportunity: _Optional[str] = ..., symbol: _Optional[str] = ..., time_ms: _Optional[int] = ..., decided_ms: _Optional[int] = ..., bucket: _Optional[int] = ..., lineup: _Optional[str] = ..., strategy: _Optional[str] = ..., direction: _Optional[int] = ..., setup: _Optional[_Iterable[float]] = ..., signal_net: _Optional[float] = ..., risk: _Optional[float] = ..., outcomes: _Optional[_Iterable[_Union[Outcome, _Mapping]]] = ..., same: _Optional[_Iterable[str]] = ..., contexts: _Optional[_Iterable[float]] = ..., arm: _Optional[int] = ..., desk: _Optional[str] = ..., interval_ms: _Optional[int] = ..., target_distance: _Optional[float] = ..., fee: _Optional[float] = ..., impact: _Optional[float] = ..., price_tolerance: _Optional[float] = ..., max_age_ms: _Optional[int] = ..., scores: _Optional[_Iterable[float]] = ..., judged: _Optional[_Iterable[float]] = ..., heads: _Optional[_Iterable[float]] = ..., confluence_min: _Optional[float] = ...) -> None: ...

class Side(_message.Message):
    __slots__ = ("net", "taken", "won")
    NET_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    WON_FIELD_NUMBER: _ClassVar[int]
    net: float
    taken: int
    won: int
    def __init__(self, net: _Optional[float] = ..., taken: _Optional[int] = ..., won: _Optional[int] = ...) -> None: ...

class PairResolved(_message.Message):
    __slots__ = ("trial", "slot", "bucket", "number", "lineup", "champion", "challenger", "counted", "time_ms", "latencies", "frozen")
    class LatenciesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    LATENCIES_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    bucket: int
    number: int
    lineup: str
    champion: Side
    challenger: Side
    counted: bool
    time_ms: int
    latencies: _containers.ScalarMap[int, int]
    frozen: bool
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., bucket: _Optional[int] = ..., number: _Optional[int] = ..., lineup: _Optional[str] = ..., champion: _Optional[_Union[Side, _Mapping]] = ..., challenger: _Optional[_Union[Side, _Mapping]] = ..., counted: _Optional[bool] = ..., time_ms: _Optional[int] = ..., latencies: _Optional[_Mapping[int, int]] = ..., frozen: _Optional[bool] = ...) -> None: ...

class ParameterChanged(_message.Message):
    __slots__ = ("change", "desk", "slot", "number", "old", "new", "cause", "actor", "time_ms", "canary", "canary_rule", "canary_parameters", "lineup", "first_bucket")
    class OldEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class NewEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class CanaryParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    NEW_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    CANARY_RULE_FIELD_NUMBER: _ClassVar[int]
    CANARY_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    FIRST_BUCKET_FIELD_NUMBER: _ClassVar[int]
    change: str
    desk: str
    slot: str
    number: int
    old: _containers.ScalarMap[str, str]
    new: _containers.ScalarMap[str, str]
    cause: str
    actor: str
    time_ms: int
    canary: str
    canary_rule: str
    canary_parameters: _containers.ScalarMap[str, float]
    lineup: str
    first_bucket: int
    def __init__(self, change: _Optional[str] = ..., desk: _Optional[str] = ..., slot: _Optional[str] = ..., number: _Optional[int] = ..., old: _Optional[_Mapping[str, str]] = ..., new: _Optional[_Mapping[str, str]] = ..., cause: _Optional[str] = ..., actor: _Optional[str] = ..., time_ms: _Optional[int] = ..., canary: _Optional[str] = ..., canary_rule: _Optional[str] = ..., canary_parameters: _Optional[_Mapping[str, float]] = ..., lineup: _Optional[str] = ..., first_bucket: _Optional[int] = ...) -> None: ...

class ParametersRestored(_message.Message):
    __slots__ = ("change", "slot", "values", "trigger", "canary", "time_ms")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    change: str
    slot: str
    values: _containers.ScalarMap[str, str]
    trigger: str
    canary: str
    time_ms: int
    def __init__(self, change: _Optional[str] = ..., slot: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., trigger: _Optional[str] = ..., canary: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class EntryBarred(_message.Message):
    __slots__ = ("position", "symbol", "reason", "time_ms")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    position: str
    symbol: str
    reason: str
    time_ms: int
    def __init__(self, position: _Optional[str] = ..., symbol: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class WeightsFollowed(_message.Message):
    __slots__ = ("desk", "version", "weights", "cause", "time_ms")
    DESK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    version: int
    weights: _containers.RepeatedScalarFieldContainer[float]
    cause: str
    time_ms: int
    def __init__(self, desk: _Optional[str] = ..., version: _Optional[int] = ..., weights: _Optional[_Iterable[float]] = ..., cause: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...
