from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Ledger(_message.Message):
    __slots__ = ("n", "champion_square", "challenger_square", "difference_square", "weight", "difference_weight", "log_wealth_1", "log_wealth_2", "log_wealth_3", "block_sum", "block_pairs", "blocks", "last_z", "lag_products", "squares", "log_evidence", "log_evidence_at_segment", "clipped_below", "clipped_above", "largest_z", "tau", "straddles")
    N_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_SQUARE_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_SQUARE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_SQUARE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    LOG_WEALTH_1_FIELD_NUMBER: _ClassVar[int]
    LOG_WEALTH_2_FIELD_NUMBER: _ClassVar[int]
    LOG_WEALTH_3_FIELD_NUMBER: _ClassVar[int]
    BLOCK_SUM_FIELD_NUMBER: _ClassVar[int]
    BLOCK_PAIRS_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    LAST_Z_FIELD_NUMBER: _ClassVar[int]
    LAG_PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    SQUARES_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_AT_SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CLIPPED_BELOW_FIELD_NUMBER: _ClassVar[int]
    CLIPPED_ABOVE_FIELD_NUMBER: _ClassVar[int]
    LARGEST_Z_FIELD_NUMBER: _ClassVar[int]
    TAU_FIELD_NUMBER: _ClassVar[int]
    STRADDLES_FIELD_NUMBER: _ClassVar[int]
    n: int
    champion_square: float
    challenger_square: float
    difference_square: float
    weight: float
    difference_weight: float
    log_wealth_1: float
    log_wealth_2: float
    log_wealth_3: float
    block_sum: float
    block_pairs: int
    blocks: int
    last_z: float
    lag_products: float
    squares: float
    log_evidence: float
    log_evidence_at_segment: float
    clipped_below: int
    clipped_above: int
    largest_z: float
    tau: float
    straddles: bool
    def __init__(self, n: _Optional[int] = ..., champion_square: _Optional[float] = ..., challenger_square: _Optional[float] = ..., difference_square: _Optional[float] = ..., weight: _Optional[float] = ..., difference_weight: _Optional[float] = ..., log_wealth_1: _Optional[float] = ..., log_wealth_2: _Optional[float] = ..., log_wealth_3: _Optional[float] = ..., block_sum: _Optional[float] = ..., block_pairs: _Optional[int] = ..., blocks: _Optional[int] = ..., last_z: _Optional[float] = ..., lag_products: _Optional[float] = ..., squares: _Optional[float] = ..., log_evidence: _Optional[float] = ..., log_evidence_at_segment: _Optional[float] = ..., clipped_below: _Optional[int] = ..., clipped_above: _Optional[int] = ..., largest_z: _Optional[float] = ..., tau: _Optional[float] = ..., straddles: _Optional[bool] = ...) -> None: ...

class Tally(_message.Message):
    __slots__ = ("pairs", "sum", "squares", "taken", "won", "peak", "drawdown_max")
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    SQUARES_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    WON_FIELD_NUMBER: _ClassVar[int]
    PEAK_FIELD_NUMBER: _ClassVar[int]
    DRAWDOWN_MAX_FIELD_NUMBER: _ClassVar[int]
    pairs: int
    sum: float
    squares: float
    taken: int
    won: int
    peak: float
    drawdown_max: float
    def __init__(self, pairs: _Optional[int] = ..., sum: _Optional[float] = ..., squares: _Optional[float] = ..., taken: _Optional[int] = ..., won: _Optional[int] = ..., peak: _Optional[float] = ..., drawdown_max: _Optional[float] = ...) -> None: ...

class TrialMeasured(_message.Message):
    __slots__ = ("trial", "slot", "rule", "parameters", "lineup")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    rule: str
    parameters: _containers.ScalarMap[str, float]
    lineup: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., lineup: _Optional[str] = ...) -> None: ...

class TrialUnmeasurable(_message.Message):
    __slots__ = ("trial", "slot", "reason")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    reason: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class EvidenceMeasured(_message.Message):
    __slots__ = ("trial", "slot", "lineup", "pairs", "first_pair", "last_pair", "pairs_hash", "mean", "sharpe", "log_evidence", "log_evidence_max", "log_evidence_of_segment", "segment", "champion", "challenger", "time_ms", "difference_squares", "latencies")
    class LatenciesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    FIRST_PAIR_FIELD_NUMBER: _ClassVar[int]
    LAST_PAIR_FIELD_NUMBER: _ClassVar[int]
    PAIRS_HASH_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    SHARPE_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_MAX_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_OF_SEGMENT_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_SQUARES_FIELD_NUMBER: _ClassVar[int]
    LATENCIES_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    lineup: str
    pairs: int
    first_pair: int
    last_pair: int
    pairs_hash: str
    mean: Ledger
    sharpe: Ledger
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally
    time_ms: int
    difference_squares: float
    latencies: _containers.ScalarMap[int, int]
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., lineup: _Optional[str] = ..., pairs: _Optional[int] = ..., first_pair: _Optional[int] = ..., last_pair: _Optional[int] = ..., pairs_hash: _Optional[str] = ..., mean: _Optional[_Union[Ledger, _Mapping]] = ..., sharpe: _Optional[_Union[Ledger, _Mapping]] = ..., log_evidence: _Optional[float] = ..., log_evidence_max: _Optional[float] = ..., log_evidence_of_segment: _Optional[float] = ..., segment: _Optional[int] = ..., champion: _Optional[_Union[Tally, _Mapping]] = ..., challenger: _Optional[_Union[Tally, _Mapping]] = ..., time_ms: _Optional[int] = ..., difference_squares: _Optional[float] = ..., latencies: _Optional[_Mapping[int, int]] = ...) -> None: ...

class PairRefused(_message.Message):
    __slots__ = ("trial", "slot", "number", "reason", "time_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    number: int
    reason: str
    time_ms: int
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., number: _Optional[int] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class SegmentStarted(_message.Message):
    __slots__ = ("trial", "slot", "segment", "lineup", "log_evidence")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    segment: int
    lineup: str
    log_evidence: float
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., segment: _Optional[int] = ..., lineup: _Optional[str] = ..., log_evidence: _Optional[float] = ...) -> None: ...

class TrialForgotten(_message.Message):
    __slots__ = ("trial", "slot")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ...) -> None: ...

class Detector(_message.Message):
    __slots__ = ("n", "champion_square", "reference_square", "difference_square", "weight", "difference_weight", "block_sum", "block_pairs", "blocks", "last_z", "lag_products", "squares", "level_1", "level_2", "level_3", "statistic", "statistic_max", "tau", "clipped_below", "clipped_above", "largest_z")
    N_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_SQUARE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_SQUARE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_SQUARE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    BLOCK_SUM_FIELD_NUMBER: _ClassVar[int]
    BLOCK_PAIRS_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    LAST_Z_FIELD_NUMBER: _ClassVar[int]
    LAG_PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    SQUARES_FIELD_NUMBER: _ClassVar[int]
    LEVEL_1_FIELD_NUMBER: _ClassVar[int]
    LEVEL_2_FIELD_NUMBER: _ClassVar[int]
    LEVEL_3_FIELD_NUMBER: _ClassVar[int]
    STATISTIC_FIELD_NUMBER: _ClassVar[int]
    STATISTIC_MAX_FIELD_NUMBER: _ClassVar[int]
    TAU_FIELD_NUMBER: _ClassVar[int]
    CLIPPED_BELOW_FIELD_NUMBER: _ClassVar[int]
    CLIPPED_ABOVE_FIELD_NUMBER: _ClassVar[int]
    LARGEST_Z_FIELD_NUMBER: _ClassVar[int]
    n: int
    champion_square: float
    reference_square: float
    difference_square: float
    weight: float
    difference_weight: float
    block_sum: float
    block_pairs: int
    blocks: int
    last_z: float
    lag_products: float
    squares: float
    level_1: float
    level_2: float
    level_3: float
    statistic: float
    statistic_max: float
    tau: float
    clipped_below: int
    clipped_above: int
    largest_z: float
    def __init__(self, n: _Optional[int] = ..., champion_square: _Optional[float] = ..., reference_square: _Optional[float] = ..., difference_square: _Optional[float] = ..., weight: _Optional[float] = ..., difference_weight: _Optional[float] = ..., block_sum: _Optional[float] = ..., block_pairs: _Optional[int] = ..., blocks: _Optional[int] = ..., last_z: _Optional[float] = ..., lag_products: _Optional[float] = ..., squares: _Optional[float] = ..., level_1: _Optional[float] = ..., level_2: _Optional[float] = ..., level_3: _Optional[float] = ..., statistic: _Optional[float] = ..., statistic_max: _Optional[float] = ..., tau: _Optional[float] = ..., clipped_below: _Optional[int] = ..., clipped_above: _Optional[int] = ..., largest_z: _Optional[float] = ...) -> None: ...

class CanaryOpened(_message.Message):
    __slots__ = ("canary", "slot", "reign", "rule", "parameters", "lineup", "trial", "detector")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    CANARY_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    canary: str
    slot: str
    reign: int
    rule: str
    parameters: _containers.ScalarMap[str, float]
    lineup: str
    trial: str
    detector: Detector
    def __init__(self, canary: _Optional[str] = ..., slot: _Optional[str] = ..., reign: _Optional[int] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., lineup: _Optional[str] = ..., trial: _Optional[str] = ..., detector: _Optional[_Union[Detector, _Mapping]] = ...) -> None: ...

class CanaryUnmeasurable(_message.Message):
    __slots__ = ("canary", "slot", "reign", "reason")
    CANARY_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    canary: str
    slot: str
    reign: int
    reason: str
    def __init__(self, canary: _Optional[str] = ..., slot: _Optional[str] = ..., reign: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class CanaryMeasured(_message.Message):
    __slots__ = ("canary", "slot", "reign", "lineup", "pairs", "first_pair", "last_pair", "pairs_hash", "detector", "statistic", "threshold", "champion", "reference", "time_ms")
    CANARY_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    FIRST_PAIR_FIELD_NUMBER: _ClassVar[int]
    LAST_PAIR_FIELD_NUMBER: _ClassVar[int]
    PAIRS_HASH_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    STATISTIC_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    canary: str
    slot: str
    reign: int
    lineup: str
    pairs: int
    first_pair: int
    last_pair: int
    pairs_hash: str
    detector: Detector
    statistic: float
    threshold: float
    champion: Tally
    reference: Tally
    time_ms: int
    def __init__(self, canary: _Optional[str] = ..., slot: _Optional[str] = ..., reign: _Optional[int] = ..., lineup: _Optional[str] = ..., pairs: _Optional[int] = ..., first_pair: _Optional[int] = ..., last_pair: _Optional[int] = ..., pairs_hash: _Optional[str] = ..., detector: _Optional[_Union[Detector, _Mapping]] = ..., statistic: _Optional[float] = ..., threshold: _Optional[float] = ..., champion: _Optional[_Union[Tally, _Mapping]] = ..., reference: _Optional[_Union[Tally, _Mapping]] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CanaryClosed(_message.Message):
    __slots__ = ("canary", "slot", "reign")
    CANARY_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    canary: str
    slot: str
    reign: int
    def __init__(self, canary: _Optional[str] = ..., slot: _Optional[str] = ..., reign: _Optional[int] = ...) -> None: ...
