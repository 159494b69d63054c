from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class BarRead(_message.Message):
    __slots__ = ("symbol", "interval_ms", "open_ms", "open", "high", "low", "close", "volume")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    OPEN_MS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    interval_ms: int
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    def __init__(self, symbol: _Optional[str] = ..., interval_ms: _Optional[int] = ..., open_ms: _Optional[int] = ..., open: _Optional[float] = ..., high: _Optional[float] = ..., low: _Optional[float] = ..., close: _Optional[float] = ..., volume: _Optional[float] = ...) -> None: ...

class BarClosed(_message.Message):
    __slots__ = ("symbol", "interval_ms", "open_ms", "open", "high", "low", "close", "volume")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    OPEN_MS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    interval_ms: int
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    def __init__(self, symbol: _Optional[str] = ..., interval_ms: _Optional[int] = ..., open_ms: _Optional[int] = ..., open: _Optional[float] = ..., high: _Optional[float] = ..., low: _Optional[float] = ..., close: _Optional[float] = ..., volume: _Optional[float] = ...) -> None: ...

class GapRecorded(_message.Message):
    __slots__ = ("symbol", "after_open_ms", "before_open_ms", "bars_missing")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    AFTER_OPEN_MS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_OPEN_MS_FIELD_NUMBER: _ClassVar[int]
    BARS_MISSING_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    after_open_ms: int
    before_open_ms: int
    bars_missing: int
    def __init__(self, symbol: _Optional[str] = ..., after_open_ms: _Optional[int] = ..., before_open_ms: _Optional[int] = ..., bars_missing: _Optional[int] = ...) -> None: ...

class BarRefused(_message.Message):
    __slots__ = ("symbol", "open_ms", "reason")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    OPEN_MS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    open_ms: int
    reason: str
    def __init__(self, symbol: _Optional[str] = ..., open_ms: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class SymbolAdded(_message.Message):
    __slots__ = ("symbol", "interval_ms")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    interval_ms: int
    def __init__(self, symbol: _Optional[str] = ..., interval_ms: _Optional[int] = ...) -> None: ...

class CalendarChanged(_message.Message):
    __slots__ = ("open", "time_ms")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    open: bool
    time_ms: int
    def __init__(self, open: _Optional[bool] = ..., time_ms: _Optional[int] = ...) -> None: ...
