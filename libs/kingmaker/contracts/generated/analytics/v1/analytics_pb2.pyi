from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class WindowMeasured(_message.Message):
    __slots__ = ("desk", "slot", "model", "role", "window_ms", "until_ms", "opportunities", "trades", "won", "win_rate", "net", "votes", "votes_against", "disagreement", "departures", "answers", "latency_us_p50", "latency_us_p99")
    DESK_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    OPPORTUNITIES_FIELD_NUMBER: _ClassVar[int]
    TRADES_FIELD_NUMBER: _ClassVar[int]
    WON_FIELD_NUMBER: _ClassVar[int]
    WIN_RATE_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    VOTES_FIELD_NUMBER: _ClassVar[int]
    VOTES_AGAINST_FIELD_NUMBER: _ClassVar[int]
    DISAGREEMENT_FIELD_NUMBER: _ClassVar[int]
    DEPARTURES_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_US_P50_FIELD_NUMBER: _ClassVar[int]
    LATENCY_US_P99_FIELD_NUMBER: _ClassVar[int]
    desk: str
    slot: str
    model: str
    role: str
    window_ms: int
    until_ms: int
    opportunities: int
    trades: int
    won: int
    win_rate: float
    net: float
    votes: int
    votes_against: int
    disagreement: float
    departures: int
    answers: int
    latency_us_p50: int
    latency_us_p99: int
    def __init__(self, desk: _Optional[str] = ..., slot: _Optional[str] = ..., model: _Optional[str] = ..., role: _Optional[str] = ..., window_ms: _Optional[int] = ..., until_ms: _Optional[int] = ..., opportunities: _Optional[int] = ..., trades: _Optional[int] = ..., won: _Optional[int] = ..., win_rate: _Optional[float] = ..., net: _Optional[float] = ..., votes: _Optional[int] = ..., votes_against: _Optional[int] = ..., disagreement: _Optional[float] = ..., departures: _Optional[int] = ..., answers: _Optional[int] = ..., latency_us_p50: _Optional[int] = ..., latency_us_p99: _Optional[int] = ...) -> None: ...
