from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OutcomeCounted(_message.Message):
    __slots__ = ("desk", "outcomes", "time_ms", "taken", "net")
    DESK_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    desk: str
    outcomes: int
    time_ms: int
    taken: bool
    net: float
    def __init__(self, desk: _Optional[str] = ..., outcomes: _Optional[int] = ..., time_ms: _Optional[int] = ..., taken: _Optional[bool] = ..., net: _Optional[float] = ...) -> None: ...

class ChampionNoted(_message.Message):
    __slots__ = ("slot", "model", "time_ms", "expects", "expected")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    EXPECTS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    slot: str
    model: str
    time_ms: int
    expects: bool
    expected: float
    def __init__(self, slot: _Optional[str] = ..., model: _Optional[str] = ..., time_ms: _Optional[int] = ..., expects: _Optional[bool] = ..., expected: _Optional[float] = ...) -> None: ...

class NightFell(_message.Message):
    __slots__ = ("night", "time_ms")
    NIGHT_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    night: int
    time_ms: int
    def __init__(self, night: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CauseNoted(_message.Message):
    __slots__ = ("desk", "cause", "time_ms", "numbers")
    class NumbersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    cause: str
    time_ms: int
    numbers: _containers.ScalarMap[str, float]
    def __init__(self, desk: _Optional[str] = ..., cause: _Optional[str] = ..., time_ms: _Optional[int] = ..., numbers: _Optional[_Mapping[str, float]] = ...) -> None: ...

class TrainingStarted(_message.Message):
    __slots__ = ("training", "slot", "cause", "trades", "new_trades", "until_ms", "seed", "due_ms", "attempt", "parent", "time_ms", "parameters", "numbers", "actor", "command_id", "dry_run", "origin")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class NumbersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    NEW_TRADES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    training: str
    slot: str
    cause: str
    trades: int
    new_trades: int
    until_ms: int
    seed: int
    due_ms: int
    attempt: int
    parent: str
    time_ms: int
    parameters: _containers.ScalarMap[str, float]
    numbers: _containers.ScalarMap[str, float]
    actor: str
    command_id: str
    dry_run: bool
    origin: str
    def __init__(self, training: _Optional[str] = ..., slot: _Optional[str] = ..., cause: _Optional[str] = ..., trades: _Optional[int] = ..., new_trades: _Optional[int] = ..., until_ms: _Optional[int] = ..., seed: _Optional[int] = ..., due_ms: _Optional[int] = ..., attempt: _Optional[int] = ..., parent: _Optional[str] = ..., time_ms: _Optional[int] = ..., parameters: _Optional[_Mapping[str, float]] = ..., numbers: _Optional[_Mapping[str, float]] = ..., actor: _Optional[str] = ..., command_id: _Optional[str] = ..., dry_run: _Optional[bool] = ..., origin: _Optional[str] = ...) -> None: ...

class TrainingSucceeded(_message.Message):
    __slots__ = ("training", "digest", "size_bytes", "dataset_digest", "data_from_ms", "metrics", "found", "teacher")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class FoundEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    DATASET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    DATA_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    TEACHER_FIELD_NUMBER: _ClassVar[int]
    training: str
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    metrics: _containers.ScalarMap[str, float]
    found: _containers.ScalarMap[str, float]
    teacher: str
    def __init__(self, training: _Optional[str] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., dataset_digest: _Optional[str] = ..., data_from_ms: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., found: _Optional[_Mapping[str, float]] = ..., teacher: _Optional[str] = ...) -> None: ...

class TrainingBroke(_message.Message):
    __slots__ = ("training", "reason", "permanent")
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PERMANENT_FIELD_NUMBER: _ClassVar[int]
    training: str
    reason: str
    permanent: bool
    def __init__(self, training: _Optional[str] = ..., reason: _Optional[str] = ..., permanent: _Optional[bool] = ...) -> None: ...

class TrainingCompleted(_message.Message):
    __slots__ = ("training", "slot", "digest", "size_bytes", "dataset_digest", "data_from_ms", "data_until_ms", "trades", "seed", "metrics", "candidate", "reason", "parent", "time_ms", "origin", "found", "teacher")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class FoundEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    DATASET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    DATA_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    DATA_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    TEACHER_FIELD_NUMBER: _ClassVar[int]
    training: str
    slot: str
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    data_until_ms: int
    trades: int
    seed: int
    metrics: _containers.ScalarMap[str, float]
    candidate: bool
    reason: str
    parent: str
    time_ms: int
    origin: str
    found: _containers.ScalarMap[str, float]
    teacher: str
    def __init__(self, training: _Optional[str] = ..., slot: _Optional[str] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., dataset_digest: _Optional[str] = ..., data_from_ms: _Optional[int] = ..., data_until_ms: _Optional[int] = ..., trades: _Optional[int] = ..., seed: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., candidate: _Optional[bool] = ..., reason: _Optional[str] = ..., parent: _Optional[str] = ..., time_ms: _Optional[int] = ..., origin: _Optional[str] = ..., found: _Optional[_Mapping[str, float]] = ..., teacher: _Optional[str] = ...) -> None: ...

class TrainingFailed(_message.Message):
    __slots__ = ("training", "slot", "attempt", "reason", "retry_at_ms")
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_MS_FIELD_NUMBER: _ClassVar[int]
    training: str
    slot: str
    attempt: int
    reason: str
    retry_at_ms: int
    def __init__(self, training: _Optional[str] = ..., slot: _Optional[str] = ..., attempt: _Optional[int] = ..., reason: _Optional[str] = ..., retry_at_ms: _Optional[int] = ...) -> None: ...

class JobAbandoned(_message.Message):
    __slots__ = ("job", "slot", "reason", "time_ms")
    JOB_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    job: str
    slot: str
    reason: str
    time_ms: int
    def __init__(self, job: _Optional[str] = ..., slot: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class OutcomeJudged(_message.Message):
    __slots__ = ("desk", "opportunity", "outcomes", "heads", "net", "taken", "reason", "decided_ms", "time_ms", "confluence_min")
    DESK_FIELD_NUMBER: _ClassVar[int]
    OPPORTUNITY_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    CONFLUENCE_MIN_FIELD_NUMBER: _ClassVar[int]
    desk: str
    opportunity: str
    outcomes: int
    heads: _containers.RepeatedScalarFieldContainer[float]
    net: float
    taken: bool
    reason: str
    decided_ms: int
    time_ms: int
    confluence_min: float
    def __init__(self, desk: _Optional[str] = ..., opportunity: _Optional[str] = ..., outcomes: _Optional[int] = ..., heads: _Optional[_Iterable[float]] = ..., net: _Optional[float] = ..., taken: _Optional[bool] = ..., reason: _Optional[str] = ..., decided_ms: _Optional[int] = ..., time_ms: _Optional[int] = ..., confluence_min: _Optional[float] = ...) -> None: ...

class WeightsLearned(_message.Message):
    __slots__ = ("desk", "version", "weights", "old", "cause", "outcome", "outcomes", "max_change", "rate", "normalise", "time_ms", "restored")
    DESK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    MAX_CHANGE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    NORMALISE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    RESTORED_FIELD_NUMBER: _ClassVar[int]
    desk: str
    version: int
    weights: _containers.RepeatedScalarFieldContainer[float]
    old: _containers.RepeatedScalarFieldContainer[float]
    cause: str
    outcome: str
    outcomes: int
    max_change: float
    rate: float
    normalise: str
    time_ms: int
    restored: int
    def __init__(self, desk: _Optional[str] = ..., version: _Optional[int] = ..., weights: _Optional[_Iterable[float]] = ..., old: _Optional[_Iterable[float]] = ..., cause: _Optional[str] = ..., outcome: _Optional[str] = ..., outcomes: _Optional[int] = ..., max_change: _Optional[float] = ..., rate: _Optional[float] = ..., normalise: _Optional[str] = ..., time_ms: _Optional[int] = ..., restored: _Optional[int] = ...) -> None: ...

class StartTraining(_message.Message):
    __slots__ = ("command_id", "slot", "scheduled", "dry_run", "actor", "reason", "issued_at_ms", "not_after_ms", "origin", "trials")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    slot: str
    scheduled: bool
    dry_run: bool
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    origin: str
    trials: int
    def __init__(self, command_id: _Optional[str] = ..., slot: _Optional[str] = ..., scheduled: _Optional[bool] = ..., dry_run: _Optional[bool] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ..., origin: _Optional[str] = ..., trials: _Optional[int] = ...) -> None: ...

class CancelTraining(_message.Message):
    __slots__ = ("command_id", "training", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    training: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., training: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class RetryTraining(_message.Message):
    __slots__ = ("command_id", "training", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    training: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., training: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class CommandTaken(_message.Message):
    __slots__ = ("command_id", "command", "actor", "reason", "target", "key_id", "not_after_ms", "time_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    command: str
    actor: str
    reason: str
    target: str
    key_id: str
    not_after_ms: int
    time_ms: int
    def __init__(self, command_id: _Optional[str] = ..., command: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., target: _Optional[str] = ..., key_id: _Optional[str] = ..., not_after_ms: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class CommandRefused(_message.Message):
    __slots__ = ("command_id", "command", "reason", "actor", "target", "key_id", "time_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    command: str
    reason: str
    actor: str
    target: str
    key_id: str
    time_ms: int
    def __init__(self, command_id: _Optional[str] = ..., command: _Optional[str] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ..., target: _Optional[str] = ..., key_id: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class TrainingCancelled(_message.Message):
    __slots__ = ("training", "slot", "attempt", "actor", "reason", "command_id", "time_ms")
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    training: str
    slot: str
    attempt: int
    actor: str
    reason: str
    command_id: str
    time_ms: int
    def __init__(self, training: _Optional[str] = ..., slot: _Optional[str] = ..., attempt: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class TriggerFired(_message.Message):
    __slots__ = ("schedule", "fire_time_ms", "cause", "actor", "reason", "time_ms")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    FIRE_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    fire_time_ms: int
    cause: str
    actor: str
    reason: str
    time_ms: int
    def __init__(self, schedule: _Optional[str] = ..., fire_time_ms: _Optional[int] = ..., cause: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class LearningJobSkipped(_message.Message):
    __slots__ = ("schedule", "desk", "date", "reason", "outcomes", "needed", "time_ms")
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    NEEDED_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    desk: str
    date: str
    reason: str
    outcomes: int
    needed: int
    time_ms: int
    def __init__(self, schedule: _Optional[str] = ..., desk: _Optional[str] = ..., date: _Optional[str] = ..., reason: _Optional[str] = ..., outcomes: _Optional[int] = ..., needed: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class LearningJobCompleted(_message.Message):
    __slots__ = ("schedule", "desk", "date", "from_ms", "until_ms", "outcomes", "wins", "version", "reason", "weights", "figures", "time_ms")
    class FiguresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    FROM_MS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    WINS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    schedule: str
    desk: str
    date: str
    from_ms: int
    until_ms: int
    outcomes: int
    wins: int
    version: int
    reason: str
    weights: _containers.RepeatedScalarFieldContainer[float]
    figures: _containers.ScalarMap[str, float]
    time_ms: int
    def __init__(self, schedule: _Optional[str] = ..., desk: _Optional[str] = ..., date: _Optional[str] = ..., from_ms: _Optional[int] = ..., until_ms: _Optional[int] = ..., outcomes: _Optional[int] = ..., wins: _Optional[int] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ..., weights: _Optional[_Iterable[float]] = ..., figures: _Optional[_Mapping[str, float]] = ..., time_ms: _Optional[int] = ...) -> None: ...

class RunLearningJob(_message.Message):
    __slots__ = ("command_id", "schedule", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    schedule: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., schedule: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class RestoreHeadWeights(_message.Message):
    __slots__ = ("command_id", "desk", "version", "weights", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    desk: str
    version: int
    weights: _containers.RepeatedScalarFieldContainer[float]
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., desk: _Optional[str] = ..., version: _Optional[int] = ..., weights: _Optional[_Iterable[float]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class HistoricalRunStarted(_message.Message):
    __slots__ = ("run", "desk", "mode", "cause", "actor", "open", "fire_time_ms", "days", "until_ms", "base_from_ms", "base_until_ms", "known", "taught", "seeds", "parameters", "due_ms", "time_ms", "command_id", "attempt")
    class TaughtEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class SeedsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    RUN_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    FIRE_TIME_MS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    BASE_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    BASE_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    TAUGHT_FIELD_NUMBER: _ClassVar[int]
    SEEDS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    run: str
    desk: str
    mode: str
    cause: str
    actor: str
    open: bool
    fire_time_ms: int
    days: int
    until_ms: int
    base_from_ms: int
    base_until_ms: int
    known: str
    taught: _containers.ScalarMap[str, int]
    seeds: _containers.ScalarMap[str, int]
    parameters: _containers.ScalarMap[str, float]
    due_ms: int
    time_ms: int
    command_id: str
    attempt: int
    def __init__(self, run: _Optional[str] = ..., desk: _Optional[str] = ..., mode: _Optional[str] = ..., cause: _Optional[str] = ..., actor: _Optional[str] = ..., open: _Optional[bool] = ..., fire_time_ms: _Optional[int] = ..., days: _Optional[int] = ..., until_ms: _Optional[int] = ..., base_from_ms: _Optional[int] = ..., base_until_ms: _Optional[int] = ..., known: _Optional[str] = ..., taught: _Optional[_Mapping[str, int]] = ..., seeds: _Optional[_Mapping[str, int]] = ..., parameters: _Optional[_Mapping[str, float]] = ..., due_ms: _Optional[int] = ..., time_ms: _Optional[int] = ..., command_id: _Optional[str] = ..., attempt: _Optional[int] = ...) -> None: ...

class HistoryLesson(_message.Message):
    __slots__ = ("component", "new_bars", "new_trades", "digest", "size_bytes", "dataset_digest", "data_from_ms", "trades", "metrics", "reason", "judged", "candidate")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    NEW_BARS_FIELD_NUMBER: _ClassVar[int]
    NEW_TRADES_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    DATASET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    DATA_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    component: str
    new_bars: int
    new_trades: int
    digest: str
    size_bytes: int
    dataset_digest: str
    data_from_ms: int
    trades: int
    metrics: _containers.ScalarMap[str, float]
    reason: str
    judged: bool
    candidate: bool
    def __init__(self, component: _Optional[str] = ..., new_bars: _Optional[int] = ..., new_trades: _Optional[int] = ..., digest: _Optional[str] = ..., size_bytes: _Optional[int] = ..., dataset_digest: _Optional[str] = ..., data_from_ms: _Optional[int] = ..., trades: _Optional[int] = ..., metrics: _Optional[_Mapping[str, float]] = ..., reason: _Optional[str] = ..., judged: _Optional[bool] = ..., candidate: _Optional[bool] = ...) -> None: ...

class HistoryLearned(_message.Message):
    __slots__ = ("run", "bars", "bars_from_ms", "bars_until_ms", "trades", "sources_digest", "lessons", "reason")
    RUN_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    BARS_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    BARS_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_DIGEST_FIELD_NUMBER: _ClassVar[int]
    LESSONS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    run: str
    bars: int
    bars_from_ms: int
    bars_until_ms: int
    trades: int
    sources_digest: str
    lessons: _containers.RepeatedCompositeFieldContainer[HistoryLesson]
    reason: str
    def __init__(self, run: _Optional[str] = ..., bars: _Optional[int] = ..., bars_from_ms: _Optional[int] = ..., bars_until_ms: _Optional[int] = ..., trades: _Optional[int] = ..., sources_digest: _Optional[str] = ..., lessons: _Optional[_Iterable[_Union[HistoryLesson, _Mapping]]] = ..., reason: _Optional[str] = ...) -> None: ...

class HistoryBroke(_message.Message):
    __slots__ = ("run", "reason")
    RUN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    run: str
    reason: str
    def __init__(self, run: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class HistoricalRunCompleted(_message.Message):
    __slots__ = ("run", "desk", "mode", "bars", "bars_from_ms", "bars_until_ms", "trades", "sources_digest", "same_as", "lessons", "reason", "time_ms")
    RUN_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    BARS_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    BARS_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SAME_AS_FIELD_NUMBER: _ClassVar[int]
    LESSONS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    run: str
    desk: str
    mode: str
    bars: int
    bars_from_ms: int
    bars_until_ms: int
    trades: int
    sources_digest: str
    same_as: str
    lessons: _containers.RepeatedCompositeFieldContainer[HistoryLesson]
    reason: str
    time_ms: int
    def __init__(self, run: _Optional[str] = ..., desk: _Optional[str] = ..., mode: _Optional[str] = ..., bars: _Optional[int] = ..., bars_from_ms: _Optional[int] = ..., bars_until_ms: _Optional[int] = ..., trades: _Optional[int] = ..., sources_digest: _Optional[str] = ..., same_as: _Optional[str] = ..., lessons: _Optional[_Iterable[_Union[HistoryLesson, _Mapping]]] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class HistoricalRunFailed(_message.Message):
    __slots__ = ("run", "desk", "reason", "time_ms", "attempt", "retry_at_ms")
    RUN_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_MS_FIELD_NUMBER: _ClassVar[int]
    run: str
    desk: str
    reason: str
    time_ms: int
    attempt: int
    retry_at_ms: int
    def __init__(self, run: _Optional[str] = ..., desk: _Optional[str] = ..., reason: _Optional[str] = ..., time_ms: _Optional[int] = ..., attempt: _Optional[int] = ..., retry_at_ms: _Optional[int] = ...) -> None: ...

class HistoricalRunCancelled(_message.Message):
    __slots__ = ("run", "desk", "attempt", "actor", "reason", "command_id", "time_ms")
    RUN_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    run: str
    desk: str
    attempt: int
    actor: str
    reason: str
    command_id: str
    time_ms: int
    def __init__(self, run: _Optional[str] = ..., desk: _Optional[str] = ..., attempt: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...
