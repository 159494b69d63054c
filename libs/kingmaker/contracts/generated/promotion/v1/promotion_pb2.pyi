from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Rollback(_message.Message):
    __slots__ = ("command_id", "slot", "to_version", "expected_champion", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TO_VERSION_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_CHAMPION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    slot: str
    to_version: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., slot: _Optional[str] = ..., to_version: _Optional[str] = ..., expected_champion: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Freeze(_message.Message):
    __slots__ = ("command_id", "scope", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., scope: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Thaw(_message.Message):
    __slots__ = ("command_id", "scope", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    scope: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., scope: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class DirectPromotion(_message.Message):
    __slots__ = ("command_id", "slot", "model", "expected_champion", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_CHAMPION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    slot: str
    model: str
    expected_champion: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., slot: _Optional[str] = ..., model: _Optional[str] = ..., expected_champion: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Approve(_message.Message):
    __slots__ = ("command_id", "trial", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    trial: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., trial: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Veto(_message.Message):
    __slots__ = ("command_id", "trial", "until_ms", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    trial: str
    until_ms: int
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., trial: _Optional[str] = ..., until_ms: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class ReplaceTrial(_message.Message):
    __slots__ = ("command_id", "trial", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    trial: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., trial: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Vetoed(_message.Message):
    __slots__ = ("trial", "until_ms", "actor", "reason", "command_id", "time_ms", "key_id")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    trial: str
    until_ms: int
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str
    def __init__(self, trial: _Optional[str] = ..., until_ms: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ...) -> None: ...

class Approved(_message.Message):
    __slots__ = ("trial", "actor", "reason", "command_id", "time_ms", "key_id", "until_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str
    until_ms: int
    def __init__(self, trial: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ..., until_ms: _Optional[int] = ...) -> None: ...

class CandidateQueued(_message.Message):
    __slots__ = ("slot", "model", "digest", "origin", "supersedes", "holdout")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDES_FIELD_NUMBER: _ClassVar[int]
    HOLDOUT_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    digest: str
    origin: str
    supersedes: str
    holdout: float
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., origin: _Optional[str] = ..., supersedes: _Optional[str] = ..., holdout: _Optional[float] = ...) -> None: ...

class TrialOpened(_message.Message):
    __slots__ = ("trial", "slot", "champion", "champion_digest", "challenger", "challenger_digest", "origin", "k", "window_start_ms", "crowned_before", "gamma", "alpha", "log_threshold", "rule", "parameters", "max_pairs", "time_ms", "mode", "notice", "p_max", "window_tests", "window_alpha")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    WINDOW_START_MS_FIELD_NUMBER: _ClassVar[int]
    CROWNED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    LOG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    MAX_PAIRS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    P_MAX_FIELD_NUMBER: _ClassVar[int]
    WINDOW_TESTS_FIELD_NUMBER: _ClassVar[int]
    WINDOW_ALPHA_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    champion: str
    champion_digest: str
    challenger: str
    challenger_digest: str
    origin: str
    k: int
    window_start_ms: int
    crowned_before: int
    gamma: float
    alpha: float
    log_threshold: float
    rule: str
    parameters: _containers.ScalarMap[str, float]
    max_pairs: int
    time_ms: int
    mode: str
    notice: str
    p_max: float
    window_tests: int
    window_alpha: float
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., champion: _Optional[str] = ..., champion_digest: _Optional[str] = ..., challenger: _Optional[str] = ..., challenger_digest: _Optional[str] = ..., origin: _Optional[str] = ..., k: _Optional[int] = ..., window_start_ms: _Optional[int] = ..., crowned_before: _Optional[int] = ..., gamma: _Optional[float] = ..., alpha: _Optional[float] = ..., log_threshold: _Optional[float] = ..., rule: _Optional[str] = ..., parameters: _Optional[_Mapping[str, float]] = ..., max_pairs: _Optional[int] = ..., time_ms: _Optional[int] = ..., mode: _Optional[str] = ..., notice: _Optional[str] = ..., p_max: _Optional[float] = ..., window_tests: _Optional[int] = ..., window_alpha: _Optional[float] = ...) -> None: ...

class CandidateWaits(_message.Message):
    __slots__ = ("slot", "model", "reason", "count", "target", "until", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    reason: str
    count: int
    target: int
    until: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., reason: _Optional[str] = ..., count: _Optional[int] = ..., target: _Optional[int] = ..., until: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CandidateRefused(_message.Message):
    __slots__ = ("slot", "model", "reason", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    reason: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class TrialStarted(_message.Message):
    __slots__ = ("trial", "slot", "lineup", "time_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    lineup: str
    time_ms: int
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., lineup: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class FaultNoted(_message.Message):
    __slots__ = ("trial", "slot", "faults", "reason", "time_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    faults: int
    reason: str
    time_ms: int
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., faults: _Optional[int] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ExposureChanged(_message.Message):
    __slots__ = ("open_positions", "time_ms", "trades_closed")
    OPEN_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_CLOSED_FIELD_NUMBER: _ClassVar[int]
    open_positions: int
    time_ms: int
    trades_closed: int
    def __init__(self, open_positions: _Optional[int] = ..., time_ms: _Optional[int] = ..., trades_closed: _Optional[int] = ...) -> None: ...

class TrialClosed(_message.Message):
    __slots__ = ("trial", "slot", "reason", "pairs", "log_evidence", "time_ms")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    reason: str
    pairs: int
    log_evidence: float
    time_ms: int
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., reason: _Optional[str] = ..., pairs: _Optional[int] = ..., log_evidence: _Optional[float] = ..., time_ms: _Optional[int] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("gate", "value", "threshold", "n", "passed", "advisory")
    GATE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    ADVISORY_FIELD_NUMBER: _ClassVar[int]
    gate: str
    value: float
    threshold: float
    n: int
    passed: bool
    advisory: bool
    def __init__(self, gate: _Optional[str] = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., n: _Optional[int] = ..., passed: _Optional[bool] = ..., advisory: _Optional[bool] = ...) -> None: ...

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

class Evidence(_message.Message):
    __slots__ = ("lineup", "pairs", "pairs_hash", "log_evidence", "log_evidence_max", "log_evidence_of_segment", "segment", "champion", "challenger", "difference_squares", "latencies")
    class LatenciesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    PAIRS_HASH_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_MAX_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_OF_SEGMENT_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHAMPION_FIELD_NUMBER: _ClassVar[int]
    CHALLENGER_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_SQUARES_FIELD_NUMBER: _ClassVar[int]
    LATENCIES_FIELD_NUMBER: _ClassVar[int]
    lineup: str
    pairs: int
    pairs_hash: str
    log_evidence: float
    log_evidence_max: float
    log_evidence_of_segment: float
    segment: int
    champion: Tally
    challenger: Tally
    difference_squares: float
    latencies: _containers.ScalarMap[int, int]
    def __init__(self, lineup: _Optional[str] = ..., pairs: _Optional[int] = ..., pairs_hash: _Optional[str] = ..., log_evidence: _Optional[float] = ..., log_evidence_max: _Optional[float] = ..., log_evidence_of_segment: _Optional[float] = ..., segment: _Optional[int] = ..., champion: _Optional[_Union[Tally, _Mapping]] = ..., challenger: _Optional[_Union[Tally, _Mapping]] = ..., difference_squares: _Optional[float] = ..., latencies: _Optional[_Mapping[int, int]] = ...) -> None: ...

class ChallengerHeld(_message.Message):
    __slots__ = ("trial", "slot", "pairs", "held_by", "findings", "time_ms", "evidence", "standing", "notice")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    HELD_BY_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    pairs: int
    held_by: _containers.RepeatedScalarFieldContainer[str]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    time_ms: int
    evidence: Evidence
    standing: bool
    notice: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., pairs: _Optional[int] = ..., held_by: _Optional[_Iterable[str]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., time_ms: _Optional[int] = ..., evidence: _Optional[_Union[Evidence, _Mapping]] = ..., standing: _Optional[bool] = ..., notice: _Optional[str] = ...) -> None: ...

class ChallengerReady(_message.Message):
    __slots__ = ("trial", "slot", "pairs", "findings", "time_ms", "evidence", "notice")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    trial: str
    slot: str
    pairs: int
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    time_ms: int
    evidence: Evidence
    notice: str
    def __init__(self, trial: _Optional[str] = ..., slot: _Optional[str] = ..., pairs: _Optional[int] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., time_ms: _Optional[int] = ..., evidence: _Optional[_Union[Evidence, _Mapping]] = ..., notice: _Optional[str] = ...) -> None: ...

class ChampionCrowned(_message.Message):
    __slots__ = ("promotion", "slot", "model", "digest", "expected", "reign", "how", "trial", "policy_hash", "findings", "pairs", "log_evidence", "k", "alpha", "pairs_hash", "actor", "reason", "time_ms", "lineup", "segment", "log_evidence_of_segment", "expected_digest", "notice", "canary_rule", "canary_parameters", "record", "key_id", "key_owner")
    class CanaryParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    PROMOTION_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    PAIRS_HASH_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    LOG_EVIDENCE_OF_SEGMENT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_DIGEST_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CANARY_RULE_FIELD_NUMBER: _ClassVar[int]
    CANARY_PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_OWNER_FIELD_NUMBER: _ClassVar[int]
    promotion: str
    slot: str
    model: str
    digest: str
    expected: str
    reign: int
    how: str
    trial: str
    policy_hash: str
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    pairs: int
    log_evidence: float
    k: int
    alpha: float
    pairs_hash: str
    actor: str
    reason: str
    time_ms: int
    lineup: str
    segment: int
    log_evidence_of_segment: float
    expected_digest: str
    notice: str
    canary_rule: str
    canary_parameters: _containers.ScalarMap[str, float]
    record: Tally
    key_id: str
    key_owner: str
    def __init__(self, promotion: _Optional[str] = ..., slot: _Optional[str] = ..., model: _Optional[str] = ..., digest: _Optional[str] = ..., expected: _Optional[str] = ..., reign: _Optional[int] = ..., how: _Optional[str] = ..., trial: _Optional[str] = ..., policy_hash: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., pairs: _Optional[int] = ..., log_evidence: _Optional[float] = ..., k: _Optional[int] = ..., alpha: _Optional[float] = ..., pairs_hash: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ..., lineup: _Optional[str] = ..., segment: _Optional[int] = ..., log_evidence_of_segment: _Optional[float] = ..., expected_digest: _Optional[str] = ..., notice: _Optional[str] = ..., canary_rule: _Optional[str] = ..., canary_parameters: _Optional[_Mapping[str, float]] = ..., record: _Optional[_Union[Tally, _Mapping]] = ..., key_id: _Optional[str] = ..., key_owner: _Optional[str] = ...) -> None: ...

class ReignAcknowledged(_message.Message):
    __slots__ = ("slot", "reign", "time_ms", "lineup", "model", "canary")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    LINEUP_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    time_ms: int
    lineup: str
    model: str
    canary: str
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., time_ms: _Optional[int] = ..., lineup: _Optional[str] = ..., model: _Optional[str] = ..., canary: _Optional[str] = ...) -> None: ...

class ChampionRolledBack(_message.Message):
    __slots__ = ("promotion", "slot", "from_model", "to_model", "to_digest", "reign", "trigger", "actor", "reason", "command_id", "time_ms", "from_digest", "key_id", "findings", "notice", "canary", "key_owner")
    PROMOTION_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    FROM_MODEL_FIELD_NUMBER: _ClassVar[int]
    TO_MODEL_FIELD_NUMBER: _ClassVar[int]
    TO_DIGEST_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    FROM_DIGEST_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    KEY_OWNER_FIELD_NUMBER: _ClassVar[int]
    promotion: str
    slot: str
    from_model: str
    to_model: str
    to_digest: str
    reign: int
    trigger: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    from_digest: str
    key_id: str
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    notice: str
    canary: str
    key_owner: str
    def __init__(self, promotion: _Optional[str] = ..., slot: _Optional[str] = ..., from_model: _Optional[str] = ..., to_model: _Optional[str] = ..., to_digest: _Optional[str] = ..., reign: _Optional[int] = ..., trigger: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ..., from_digest: _Optional[str] = ..., key_id: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., notice: _Optional[str] = ..., canary: _Optional[str] = ..., key_owner: _Optional[str] = ...) -> None: ...

class RollbackImpossible(_message.Message):
    __slots__ = ("slot", "reign", "trigger", "reason", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    trigger: str
    reason: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., trigger: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CommandTaken(_message.Message):
    __slots__ = ("command_id", "command", "actor", "not_after_ms", "time_ms", "key_id", "reason", "target", "first_key_id")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    FIRST_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    command: str
    actor: str
    not_after_ms: int
    time_ms: int
    key_id: str
    reason: str
    target: str
    first_key_id: str
    def __init__(self, command_id: _Optional[str] = ..., command: _Optional[str] = ..., actor: _Optional[str] = ..., not_after_ms: _Optional[int] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ..., reason: _Optional[str] = ..., target: _Optional[str] = ..., first_key_id: _Optional[str] = ...) -> None: ...

class Frozen(_message.Message):
    __slots__ = ("scope", "actor", "reason", "last_promotion", "command_id", "time_ms", "key_id", "key_owner")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LAST_PROMOTION_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_OWNER_FIELD_NUMBER: _ClassVar[int]
    scope: str
    actor: str
    reason: str
    last_promotion: str
    command_id: str
    time_ms: int
    key_id: str
    key_owner: str
    def __init__(self, scope: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., last_promotion: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ..., key_owner: _Optional[str] = ...) -> None: ...

class Thawed(_message.Message):
    __slots__ = ("scope", "actor", "reason", "command_id", "time_ms", "key_id")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    scope: str
    actor: str
    reason: str
    command_id: str
    time_ms: int
    key_id: str
    def __init__(self, scope: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ...) -> None: ...

class CommandRefused(_message.Message):
    __slots__ = ("command_id", "command", "reason", "time_ms", "key_id", "actor", "target")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    command: str
    reason: str
    time_ms: int
    key_id: str
    actor: str
    target: str
    def __init__(self, command_id: _Optional[str] = ..., command: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ..., key_id: _Optional[str] = ..., actor: _Optional[str] = ..., target: _Optional[str] = ...) -> None: ...

class ActivationOverdue(_message.Message):
    __slots__ = ("slot", "reign", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CanaryWarned(_message.Message):
    __slots__ = ("slot", "reign", "canary", "breached", "findings", "pairs", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    BREACHED_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    canary: str
    breached: _containers.RepeatedScalarFieldContainer[str]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    pairs: int
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., canary: _Optional[str] = ..., breached: _Optional[_Iterable[str]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., pairs: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CanaryEnded(_message.Message):
    __slots__ = ("slot", "reign", "canary", "reason", "time_ms")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REIGN_FIELD_NUMBER: _ClassVar[int]
    CANARY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    reign: int
    canary: str
    reason: str
    time_ms: int
    def __init__(self, slot: _Optional[str] = ..., reign: _Optional[int] = ..., canary: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...
