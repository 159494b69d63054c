from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Kill(_message.Message):
    __slots__ = ("command_id", "desk", "flatten", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    FLATTEN_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    desk: str
    flatten: bool
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., desk: _Optional[str] = ..., flatten: _Optional[bool] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class Resume(_message.Message):
    __slots__ = ("command_id", "desk", "actor", "reason", "issued_at_ms", "not_after_ms")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    desk: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
    def __init__(self, command_id: _Optional[str] = ..., desk: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., issued_at_ms: _Optional[int] = ..., not_after_ms: _Optional[int] = ...) -> None: ...

class ModeChanged(_message.Message):
    __slots__ = ("desk", "number", "mode", "flatten", "kill", "actor", "reason", "command_id", "key_id", "key_owner", "time_ms")
    DESK_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    FLATTEN_FIELD_NUMBER: _ClassVar[int]
    KILL_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_OWNER_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    number: int
    mode: str
    flatten: bool
    kill: int
    actor: str
    reason: str
    command_id: str
    key_id: str
    key_owner: str
    time_ms: int
    def __init__(self, desk: _Optional[str] = ..., number: _Optional[int] = ..., mode: _Optional[str] = ..., flatten: _Optional[bool] = ..., kill: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., command_id: _Optional[str] = ..., key_id: _Optional[str] = ..., key_owner: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ModeFollowed(_message.Message):
    __slots__ = ("number", "mode", "flatten", "open_positions", "last_promotion", "time_ms")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    FLATTEN_FIELD_NUMBER: _ClassVar[int]
    OPEN_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    LAST_PROMOTION_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    number: int
    mode: str
    flatten: bool
    open_positions: int
    last_promotion: str
    time_ms: int
    def __init__(self, number: _Optional[int] = ..., mode: _Optional[str] = ..., flatten: _Optional[bool] = ..., open_positions: _Optional[int] = ..., last_promotion: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

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

class KillFileFound(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class KillFileGone(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class KillFileNoted(_message.Message):
    __slots__ = ("found", "text", "time_ms")
    FOUND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    found: bool
    text: str
    time_ms: int
    def __init__(self, found: _Optional[bool] = ..., text: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class EntryAwaited(_message.Message):
    __slots__ = ("trade", "time_ms")
    TRADE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    trade: str
    time_ms: int
    def __init__(self, trade: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class TradeCounted(_message.Message):
    __slots__ = ("desk", "trade", "number", "net", "simulated", "trades", "win_rate", "drawdown", "losses", "since", "time_ms")
    DESK_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    SIMULATED_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_FIELD_NUMBER: _ClassVar[int]
    DRAWDOWN_FIELD_NUMBER: _ClassVar[int]
    LOSSES_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    trade: str
    number: int
    net: float
    simulated: bool
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    since: int
    time_ms: int
    def __init__(self, desk: _Optional[str] = ..., trade: _Optional[str] = ..., number: _Optional[int] = ..., net: _Optional[float] = ..., simulated: _Optional[bool] = ..., trades: _Optional[int] = ..., win_rate: _Optional[float] = ..., drawdown: _Optional[float] = ..., losses: _Optional[int] = ..., since: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class GuardChanged(_message.Message):
    __slots__ = ("desk", "number", "level", "before", "cause", "size", "trades", "win_rate", "drawdown", "losses", "time_ms")
    DESK_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_FIELD_NUMBER: _ClassVar[int]
    DRAWDOWN_FIELD_NUMBER: _ClassVar[int]
    LOSSES_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    number: int
    level: str
    before: str
    cause: str
    size: float
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    time_ms: int
    def __init__(self, desk: _Optional[str] = ..., number: _Optional[int] = ..., level: _Optional[str] = ..., before: _Optional[str] = ..., cause: _Optional[str] = ..., size: _Optional[float] = ..., trades: _Optional[int] = ..., win_rate: _Optional[float] = ..., drawdown: _Optional[float] = ..., losses: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class GuardFollowed(_message.Message):
    __slots__ = ("number", "level", "size", "open_positions", "time_ms")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    OPEN_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    number: int
    level: str
    size: float
    open_positions: int
    time_ms: int
    def __init__(self, number: _Optional[int] = ..., level: _Optional[str] = ..., size: _Optional[float] = ..., open_positions: _Optional[int] = ..., time_ms: _Optional[int] = ...) -> None: ...

class FeaturesMeasured(_message.Message):
    __slots__ = ("symbol", "number", "until_ms", "bars", "counts", "reference", "scores", "drifted", "time_ms")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    BARS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    DRIFTED_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    number: int
    until_ms: int
    bars: int
    counts: bytes
    reference: int
    scores: _containers.RepeatedScalarFieldContainer[float]
    drifted: _containers.RepeatedScalarFieldContainer[str]
    time_ms: int
    def __init__(self, symbol: _Optional[str] = ..., number: _Optional[int] = ..., until_ms: _Optional[int] = ..., bars: _Optional[int] = ..., counts: _Optional[bytes] = ..., reference: _Optional[int] = ..., scores: _Optional[_Iterable[float]] = ..., drifted: _Optional[_Iterable[str]] = ..., time_ms: _Optional[int] = ...) -> None: ...

class ReferenceTaken(_message.Message):
    __slots__ = ("symbol", "number", "training", "until_ms", "windows", "rule", "totals", "means", "sigmas")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    MEANS_FIELD_NUMBER: _ClassVar[int]
    SIGMAS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    number: int
    training: str
    until_ms: int
    windows: int
    rule: str
    totals: _containers.RepeatedScalarFieldContainer[int]
    means: _containers.RepeatedScalarFieldContainer[float]
    sigmas: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, symbol: _Optional[str] = ..., number: _Optional[int] = ..., training: _Optional[str] = ..., until_ms: _Optional[int] = ..., windows: _Optional[int] = ..., rule: _Optional[str] = ..., totals: _Optional[_Iterable[int]] = ..., means: _Optional[_Iterable[float]] = ..., sigmas: _Optional[_Iterable[float]] = ...) -> None: ...

class DriftDetected(_message.Message):
    __slots__ = ("desk", "number", "symbol", "feature", "score", "threshold", "mean", "sigma", "rule", "window", "until_ms", "reference", "training", "time_ms")
    DESK_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TRAINING_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    number: int
    symbol: str
    feature: str
    score: float
    threshold: float
    mean: float
    sigma: float
    rule: str
    window: int
    until_ms: int
    reference: int
    training: str
    time_ms: int
    def __init__(self, desk: _Optional[str] = ..., number: _Optional[int] = ..., symbol: _Optional[str] = ..., feature: _Optional[str] = ..., score: _Optional[float] = ..., threshold: _Optional[float] = ..., mean: _Optional[float] = ..., sigma: _Optional[float] = ..., rule: _Optional[str] = ..., window: _Optional[int] = ..., until_ms: _Optional[int] = ..., reference: _Optional[int] = ..., training: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...
